"""Sheets of all that the starter knows, and of two editions side by side."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import cv2
import numpy as np
import pytest

from pipeline.catalogue.facts import STARTER_FOLDERS
from pipeline.catalogue.network_digests import UPSCALER
from pipeline.catalogue.publication import Role
from pipeline.plan.make import make_plan
from pipeline.scene.load import load_scene
from pipeline.spec.sources import FolderSource
from tests.pipeline.scene_files import write
from tools.judge.known import COLUMNS, sheets
from tools.judge.old_new import ASKED, old_new_scene, side_by_side
from tools.judge.rendering import enlarged, save_sheet, write_sheet
from tools.world.attributes import NONE
from tools.world.captions import words
from tools.world.editions import EDITIONS


@pytest.mark.parametrize("edition", EDITIONS)
def test_everything_that_an_edition_has_is_shown(edition: str) -> None:
    values = EDITIONS[edition].values
    shown = [one for some in sheets(EDITIONS[edition]).values() for one in some]
    for name, every in values.items():
        seen = {one.wish.attributes.get(name) for one in shown}
        assert set(every) - {NONE} <= seen <= {*every, None}, name
    assert NONE in {one.wish.attributes["subject"] for one in shown}


@pytest.mark.parametrize("edition", EDITIONS)
def test_each_picture_is_asked_for_and_captioned_once_in_words_that_the_world_has(
    edition: str,
) -> None:
    shown = [one for some in sheets(EDITIONS[edition]).values() for one in some]
    assert max(Counter(one.wish.text for one in shown).values()) == 1
    assert max(Counter(one.caption for one in shown).values()) == 1
    for one in shown:
        assert set(re.findall(r"[a-z0-9]+", one.wish.text)) <= words(EDITIONS[edition])
        assert one.caption.isascii()


def test_subjects_are_asked_for_by_day_alone_and_landscapes_have_none() -> None:
    found = sheets(EDITIONS["second"])
    assert NONE not in {one.wish.attributes["subject"] for one in found["subjects"]}
    assert {tuple(one.wish.attributes) for one in found["subjects"]} == {("subject", "time")}
    assert {one.wish.attributes["subject"] for one in found["landscapes"]} == {NONE}


def test_styles_are_shown_in_rows_of_the_same_scenes() -> None:
    assert "styles" not in sheets(EDITIONS["second"])
    shown = sheets(EDITIONS["third"])["styles"]
    rows = [shown[k : k + COLUMNS] for k in range(0, len(shown), COLUMNS)]
    styles = [{one.wish.attributes["style"] for one in row} for row in rows]
    assert styles == [{"watercolour"}, {"neon"}]
    scenes = [[{**one.wish.attributes, "style": ""} for one in row] for row in rows]
    assert scenes[0] == scenes[1]
    assert len({str(scene) for scene in scenes[0]}) == COLUMNS


def test_both_editions_are_asked_in_words_of_the_world() -> None:
    assert len({one.caption for one in ASKED}) == len(ASKED)
    for one in ASKED:
        said = f"{one.wish.text} {one.wish.second or ''}".lower()
        assert set(re.findall(r"[a-z0-9]+", said)) <= words()


def test_a_network_in_a_folder_is_asked_in_its_own_size(tmp_path: Path) -> None:
    folder = STARTER_FOLDERS[Role.DENOISER]
    scene = old_new_scene([one.wish for one in ASKED[:2]], (96, 96), folder)
    plan = make_plan(load_scene(write(tmp_path, repr(scene))))
    assert [spec.size for spec in plan] == [(96, 96)] * 2
    assert plan.networks["main"].denoiser == FolderSource(str(folder))


def test_old_and_new_stand_side_by_side_in_one_size(tmp_path: Path) -> None:
    old, new = np.zeros((16, 24, 3), np.uint8), np.full((32, 48, 3), 200, np.uint8)
    cells = side_by_side(["a castle", "stars"], [old, old], [new, new])
    assert [caption for _, caption in cells] == [
        "before: a castle",
        "now: a castle",
        "before: stars",
        "now: stars",
    ]
    save_sheet(cells, tmp_path / "sheet.jpg", columns=2)
    sheet = cv2.imread(str(tmp_path / "sheet.jpg"))
    assert sheet is not None and sheet.shape[1] == 1600
    left, right = (sheet[:500] > 150).any(axis=2).any(axis=0).reshape(2, 800)
    assert left.mean() < 0.1 and right.mean() > 0.9


def test_an_upscaler_in_the_folder_takes_the_place_of_the_one_that_ships(tmp_path: Path) -> None:
    small = np.full((8, 12, 3), 90, np.uint8)
    (shipped,) = enlarged([small])
    assert shipped.shape == (64, 96, 3)
    (own,) = enlarged([small], tmp_path)
    np.testing.assert_array_equal(own, shipped)
    (tmp_path / "upscaler").mkdir()
    with pytest.raises(Exception, match=str(tmp_path / "upscaler")):
        enlarged([small], tmp_path)
    with pytest.raises(Exception, match=str(tmp_path / "upscaler")):
        write_sheet([(small, "grey")], tmp_path / "sheet.jpg", columns=1, trained=tmp_path)
    (tmp_path / "upscaler").rmdir()
    (tmp_path / "upscaler").symlink_to(UPSCALER)
    np.testing.assert_array_equal(enlarged([small], tmp_path)[0], shipped)
