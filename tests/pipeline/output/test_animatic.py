"""The frames of an animatic: what the camera sees, and the panel below."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from keyframes.timebase import Timebase
from pipeline.files.png import Pixels
from pipeline.output.animatic import Animatic, draft_size
from pipeline.output.animatic_making import make_animatic
from pipeline.output.animatic_panel import bar_and_beat, clock, place_of
from pipeline.plan.make import make_plan
from pipeline.scene.load import load_scene

VIDEO = "video: {size: [96, 64], fps: 12, duration: 24}\n"


def animatic(folder: Path, text: str, part: range = range(24)) -> Animatic:
    path = folder / "scene.yaml"
    path.write_text(VIDEO + text, encoding="utf-8")
    scene = load_scene(path)
    return make_animatic(make_plan(scene), part, scene.timebase, folder / "nowhere")


def pictures(folder: Path, text: str, part: range = range(24)) -> list[Pixels]:
    return [picture[:298] for picture in animatic(folder, text, part).pictures()]


def hue(picture: Pixels) -> int:
    """The strongest of red, green and blue."""
    return int(picture.reshape(-1, 3).mean(axis=0).argmax())


@pytest.mark.parametrize(
    ("frame", "draft"),
    [
        ((96, 64), (448, 298)),
        ((768, 448), (448, 262)),
        ((448, 768), (262, 448)),
        ((8, 8), (448, 448)),
    ],
)
def test_drafts_have_the_proportions_of_the_frames(
    frame: tuple[int, int], draft: tuple[int, int]
) -> None:
    assert draft_size(frame) == draft


def test_pictures_have_one_size_and_a_vertical_one_stands_over_its_panel(tmp_path: Path) -> None:
    made = animatic(tmp_path, "prompts: a castle\n", range(2))
    tall = replace(made, draft=(262, 448))
    assert made.size == (448, 406) and tall.size == (384, 556)
    assert [one.shape for one in made.pictures()] == [(406, 448, 3)] * 2


def test_a_prompt_that_comes_tints_the_picture_as_far_as_it_has_come(tmp_path: Path) -> None:
    text = "prompts: {0: a castle, 8: a ship, blend: 6}\ncamera: {mode: 2d}\n"
    seen = pictures(tmp_path, text)
    blue, orange = seen[0], seen[20]
    assert hue(blue) == 2 and hue(orange) == 0
    middle = np.rint((blue.astype(float) + orange) / 2)
    assert np.abs(seen[11] - middle).max() <= 1


def test_a_pan_in_2d_is_as_far_as_the_render_goes(tmp_path: Path) -> None:
    seen = pictures(tmp_path, "prompts: a castle\ncamera: {mode: 2d, translate_x: 3}\n")
    # Three pixels of a frame are fourteen of a draft, and the cross lies where the centre went.
    moved, still = seen[2][120:180, 60:400].astype(int), seen[1][120:180, 46:386]
    assert np.abs(moved - still).mean() < 2 < np.abs(moved - seen[1][120:180, 60:400]).mean()


def test_an_offset_is_shown_and_comes_back(tmp_path: Path) -> None:
    text = 'prompts: a castle\ncamera: {mode: 2d, offset: {zoom: "1 + 0.3 * (frame == 3)"}}\n'
    seen = pictures(tmp_path, text, range(6))
    assert (seen[4] == seen[2]).all() and np.abs(seen[3].astype(int) - seen[2]).mean() > 2


def test_shots_fade_over_each_other_as_in_the_video(tmp_path: Path) -> None:
    text = (
        "camera: {mode: 2d}\nshots:\n- {name: sea, until: 10, prompts: a ship}\n"
        "- {name: land, prompts: a tree, enter: {fade: 3}}\n"
    )
    seen = pictures(tmp_path, text)
    mixed = np.rint(0.5 * seen[9].astype(float) + 0.5 * seen[20])
    assert np.abs(seen[11] - mixed).max() <= 1


def test_the_playhead_goes_from_one_side_to_the_other(tmp_path: Path) -> None:
    made = animatic(tmp_path, "prompts: 海の灯台 🏰\n", range(6, 18))
    heads = []
    for picture in made.pictures():
        row = picture[-9].astype(int).min(axis=-1)
        heads.append(int(np.flatnonzero(row == 255).mean()))
    assert heads == sorted(heads) and len(heads) == 12
    expected = [place_of(frame + 0.5, range(6, 18), 448) - 1 for frame in (6, 17)]
    assert [heads[0], heads[-1]] == pytest.approx(expected, abs=1)


def test_frames_are_told_by_clock_bar_and_beat(tmp_path: Path) -> None:
    path = tmp_path / "scene.yaml"
    path.write_text(VIDEO + "prompts: a castle\nmusic: {bpm: 120}\n", encoding="utf-8")
    timebase = load_scene(path).timebase
    assert [bar_and_beat(frame, timebase) for frame in (0, 5, 6, 24)] == [
        *("bar 1.1", "bar 1.1", "bar 1.2", "bar 2.1")
    ]
    assert [clock(frame, timebase) for frame in (0, 6, 12)] == ["0:00.00", "0:00.50", "0:01.00"]
    assert bar_and_beat(3, Timebase(Fraction(12))) == ""
