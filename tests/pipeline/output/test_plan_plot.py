"""A plan as a picture: its rows by their colours, where they should be."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipeline.files.png import Pixels, decode_png
from pipeline.output.plan_plot import draw_plan
from pipeline.plan.make import make_plan
from tests.media import write_silence
from tests.pipeline.scene_files import load

SCENE = """\
video: {size: [96, 64], duration: 4s, fps: 12, title: A $x^2$ of 灯塔}
music: {bpm: 120, sections: {verse: bar 1, "$a_$": bar 2}}
camera: {mode: 2d, zoom: {0s: 1, 4s: 1.48}}
sampler: {strength: {then: "0.5 * (t >= 2)"}}
shots:
  - {name: a, until: 1s, prompts: a castle}
  - {name: b, prompts: a ship}
"""
FADES = """\
video: {size: [96, 64], duration: 20s, fps: 12}
prompts: {0s: [a castle, {text: fog, weight: -0.5}], 5s: a ship, blend: 10s}
camera: {mode: 2d, zoom: {0s: 1, 20s: 1.48}}
"""
YELLOW, BLUE, ORANGE = (224, 201, 92), (90, 169, 230), (242, 166, 90)
GREEN = (127, 201, 127)


def drawn(folder: Path, text: str) -> Pixels:
    return decode_png(draw_plan(make_plan(load(folder, text))))


def columns(picture: Pixels, colour: tuple[int, int, int]) -> np.ndarray:
    """The columns in which there is nearly this colour, as shares of the plot's width."""
    near = (np.abs(picture.astype(int) - colour).max(axis=2) < 30).any(axis=0)
    return (np.flatnonzero(near) - 210) / (1600 - 230)


@pytest.mark.slow
def test_shots_and_repainted_frames_are_where_they_are_in_the_video(tmp_path: Path) -> None:
    picture = drawn(tmp_path, SCENE)
    assert picture.shape[1] == 1600
    # The rows of the prompts and of what is repainted: lanes below have these colours too.
    prompts, repainted = picture[141:217], picture[233:284]
    a, b = columns(prompts, BLUE), columns(prompts, ORANGE)
    assert a.min() == pytest.approx(0, abs=0.01) and a.max() == pytest.approx(0.25, abs=0.01)
    assert b.min() == pytest.approx(0.25, abs=0.01) and b.max() == pytest.approx(1, abs=0.01)
    anew = columns(repainted, YELLOW)
    late = anew[anew > 0.3]
    assert late.min() == pytest.approx(0.5, abs=0.01) and late.max() > 0.98


@pytest.mark.slow
def test_a_song_adds_its_wave(tmp_path: Path) -> None:
    write_silence(tmp_path / "song.wav", 4.1)
    without = drawn(tmp_path, SCENE)
    song = drawn(tmp_path, SCENE.replace("bpm: 120", "bpm: 120, file: song.wav"))
    assert song.shape[0] > without.shape[0] + 80


@pytest.mark.slow
def test_stills_and_one_frame_are_drawn(tmp_path: Path) -> None:
    for length in ("n_batches: 2", "duration: 1"):
        text = f"video: {{size: [64, 64], {length}}}\nprompts: a castle\n"
        assert drawn(tmp_path, text).shape[1] == 1600


@pytest.mark.slow
def test_prompts_that_fade_overlap_as_they_do(tmp_path: Path) -> None:
    picture = drawn(tmp_path, FADES)
    row = picture[102:181]
    blue, green = columns(row, BLUE), columns(row, GREEN)
    assert blue.max() == pytest.approx(0.75, abs=0.015)
    assert green.min() == pytest.approx(0.25, abs=0.02) and green.max() > 0.99
    # Half through the fade the weights are 1 castle, -0.5 fog and 0.5 ship.
    middle = row[:, 210 + 1370 // 2]
    assert (np.abs(middle.astype(int) - GREEN).max(axis=1) < 30).mean() == pytest.approx(
        0.25, abs=0.03
    )


@pytest.mark.slow
def test_beats_are_drawn_unless_they_run_into_each_other(tmp_path: Path) -> None:
    plan = make_plan(load(tmp_path, SCENE))
    bare = decode_png(draw_plan(plan))
    few = decode_png(draw_plan(plan, beats=[6.0, 18.0]))
    many = decode_png(draw_plan(plan, beats=list(np.arange(0, 48, 0.1))))
    changed = np.flatnonzero((bare != few).any(axis=(0, 2)))
    places = (changed - 210) / (1600 - 230) * 48
    assert places.min() == pytest.approx(6, abs=0.1) and places.max() == pytest.approx(18, abs=0.1)
    assert np.array_equal(bare, many)
