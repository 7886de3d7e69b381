"""The word none, where a setting need not have a value."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.plan.make import make_plan
from pipeline.scene.schema import Scene
from tests.pipeline.scene_files import BASE, complaints, load, write_picture

SETTINGS = ("init_image", "perlin_init", "symmetry", "dynamic_threshold")


def plain(scene: Scene) -> object:
    return make_plan(scene)[0].painting.sampler


@pytest.mark.parametrize("setting", SETTINGS)
def test_none_is_as_if_nothing_were_written(tmp_path: Path, setting: str) -> None:
    written = load(tmp_path, BASE + f"sampler: {{{setting}: none}}\n")
    assert plain(written) == plain(load(tmp_path, BASE))


def test_none_settles_nothing_twice(tmp_path: Path) -> None:
    write_picture(tmp_path / "a.png")
    written = "sampler: {init_image: a.png, perlin_init: none, clip_denoised: true, "
    sampler = load(tmp_path, BASE + written + "dynamic_threshold: none}\n").sampler
    assert (sampler.perlin_init, sampler.dynamic_threshold) == (None, None)


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("dynamic_threshold: nine", 'unknown name "nine" (did you mean "noise"?); a formula'),
        ("perlin_init: non", 'expected color, gray or mixed, found "non"'),
        ("symmetry: nun", 'expected {horizontal: [0.09], vertical: []}, found "nun"'),
    ],
)
def test_other_words_are_mistakes(tmp_path: Path, written: str, problem: str) -> None:
    (said,) = complaints(tmp_path, BASE + f"sampler: {{{written}}}\n")
    assert problem in said
