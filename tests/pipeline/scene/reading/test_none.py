"""The word none, where a setting need not have a value."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.plan.make import make_plan
from tests.pipeline.scene_files import BASE, complaints, load, write_picture

MANUAL = Path(__file__).parents[4] / "docs" / "scene.md"


def settings() -> Iterator[tuple[str, str]]:
    """Section and name of every setting of which the manual says that its default is none."""
    for chapter in MANUAL.read_text(encoding="utf-8").split("\n## ")[1:]:
        for line in chapter.splitlines():
            cells = [cell.strip() for cell in line.split("|")[1:-1]]
            if len(cells) == 5 and cells[2] == "none":
                yield chapter.split("\n")[0], cells[0].strip("`")


SETTINGS = list(settings())


def test_the_manual_says_none() -> None:
    assert {("music", "bpm"), ("sampler", "init_image")} <= set(SETTINGS)
    assert len(SETTINGS) >= 15


@pytest.mark.parametrize("word", ["none", "None", "null", "~", ""])
@pytest.mark.parametrize(("section", "setting"), [*SETTINGS, ("models", "secondary")])
def test_none_is_as_if_nothing_were_written(
    tmp_path: Path, section: str, setting: str, word: str
) -> None:
    head = f"{section}: [{{name: only, " if section == "shots" else f"{section}: {{"
    foot = "}]" if section == "shots" else "}"
    text = f"{BASE}{head}{setting}: {word}{foot}\n"
    if setting in ("loras", "controls"):
        # They stand beside `models`, in whose chapter the manual has them.
        text = f"{BASE}{setting}: {word}\n"
    if section == "video":
        text = BASE.replace("48}", f"48, {setting}: {word}}}")
    written = load(tmp_path, text)
    without = load(tmp_path, f"{BASE}shots: [{{name: only}}]\n" if section == "shots" else BASE)
    assert make_plan(written) == make_plan(without)


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
