"""The scenes that ship: without a mistake or warning, and each with its sheet in the gallery."""

from __future__ import annotations

import re
from pathlib import Path

import cv2
import pytest

from pipeline.files.pictures import read_picture
from pipeline.plan.make import make_plan
from pipeline.scene.importers.kinds import import_settings
from pipeline.scene.load import load_scene, read_scene
from tools.cut_paper import cut_paper

ROOT = Path(__file__).parent.parent
SCENES = sorted((ROOT / "scenes").glob("*.yaml"))
GALLERY = ROOT / "docs" / "gallery.md"
HEAVIEST = 1_000_000
"""Bytes that the gallery's sheets have together, so that a checkout stays small."""


def chapter(scene: Path) -> str:
    """What the gallery says under the name of a scene."""
    _, _, rest = GALLERY.read_text(encoding="utf-8").partition(f"\n## {scene.stem}\n")
    return rest.partition("\n## ")[0]


@pytest.mark.parametrize("scene", SCENES, ids=lambda path: path.stem)
def test_a_scene_has_nothing_to_warn_of_and_hangs_in_the_gallery(scene: Path) -> None:
    assert read_scene(scene).warnings == ()
    said = chapter(scene)
    assert f"(../scenes/{scene.name})" in said
    assert f"discoreel render scenes/{scene.name}\n" in said
    (sheet,) = re.findall(r"!\[.+\]\((gallery/.+\.jpg)\)", said)
    picture = cv2.imread(str(GALLERY.parent / sheet))
    assert picture is not None and picture.shape[1] == 1000


@pytest.mark.parametrize("scene", SCENES, ids=lambda path: path.stem)
def test_the_lines_that_the_gallery_shows_stand_in_the_scene(scene: Path) -> None:
    (shown,) = re.findall(r"^```yaml\n(.*?)^```", chapter(scene), re.MULTILINE | re.DOTALL)
    written = [bare(line) for line in scene.read_text(encoding="utf-8").splitlines()]
    assert [line for line in shown.splitlines() if bare(line) not in written] == []


def bare(line: str) -> str:
    """A line of YAML without its comment and with single blanks."""
    return " ".join(re.sub(r"(^|\s)#.*", "", line).split())


def test_the_gallery_is_light_and_every_sheet_is_shown() -> None:
    sheets = sorted((GALLERY.parent / "gallery").iterdir())
    assert [sheet.stem for sheet in sheets] == [scene.stem for scene in SCENES]
    assert sum(sheet.stat().st_size for sheet in sheets) < HEAVIEST


def test_the_port_moves_as_an_import_of_its_settings_does(tmp_path: Path) -> None:
    file = tmp_path / "imported.yaml"
    settings = ROOT / "scenes" / "ported" / "deforum.txt"
    text = import_settings(settings, tmp_path).text
    assert "preset: sd15" in text  # at a cut the starter paints anew, Stable Diffusion goes on
    file.write_text(text.replace("preset: sd15", "preset: starter"), encoding="utf-8")
    imported, ported = (
        make_plan(load_scene(path)).frames for path in (file, ROOT / "scenes" / "ported.yaml")
    )
    assert [frame.motions for frame in imported] == [frame.motions for frame in ported]
    assert [frame.denoise is None for frame in imported] == [
        frame.denoise is None for frame in ported
    ]


def test_the_drawing_is_the_one_that_its_program_makes() -> None:
    drawn = read_picture(ROOT / "scenes" / "pictures" / "sails.png")
    assert drawn.shape == (128, 192, 3)
    assert cv2.absdiff(drawn, cut_paper()).max() <= 2
