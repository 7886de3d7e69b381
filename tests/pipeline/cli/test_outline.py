"""A plan as its author reads it."""

from __future__ import annotations

from itertools import takewhile
from pathlib import Path

import pytest

from pipeline.cli.outline import outline, size_of
from pipeline.plan.describe import describe
from pipeline.plan.extent import extent
from pipeline.plan.make import make_plan
from pipeline.scene.load import load_scene
from tests.pipeline.scene_files import write_picture

SONG = """\
video: {size: [96, 64], fps: 24, duration: 4 bars}
music: {bpm: 120, first_beat: 0.25}
prompts: {0s: a tree, bar 3: a castle, bar 4.5: a ship}
sampler: {steps: 10, skip_steps: 0}
"""


def prompts(tmp_path: Path, text: str) -> list[str]:
    """The lines under "prompts"."""
    path = tmp_path / "song.yaml"
    path.write_text(text, encoding="utf-8")
    scene = load_scene(path)
    told = list(outline(extent(scene), describe(make_plan(scene)), scene.timebase))
    return list(takewhile(lambda line: line.startswith("  "), told[told.index("prompts") + 1 :]))


def test_prompts_stand_at_their_times_and_bars(tmp_path: Path) -> None:
    """The first frame comes before the first bar."""
    assert prompts(tmp_path, SONG) == [
        "  0:00              frames 0 to 101    a tree",
        "  0:04.25  bar 3    frames 102 to 173  a castle",
        "  0:07.25  bar 4.5  frames 174 to 191  a ship",
    ]


def test_without_a_tempo_there_are_no_bars(tmp_path: Path) -> None:
    silent = SONG.replace("music: {bpm: 120, first_beat: 0.25}\n", "")
    silent = silent.replace("4 bars", "8s").replace("bar 3", "4.25s").replace("bar 4.5", "7s")
    assert prompts(tmp_path, silent) == [
        "  0:00     frames 0 to 101    a tree",
        "  0:04.25  frames 102 to 167  a castle",
        "  0:07     frames 168 to 191  a ship",
    ]


@pytest.mark.parametrize(
    ("length", "words"),
    [
        ("4 bars", "192 frames of 96 x 64, 0:08 at 24 frames a second"),
        ("190 frames", "190 frames of 96 x 64, 0:07.92 at 24 frames a second"),
    ],
)
def test_the_length_tells_frames_and_time(tmp_path: Path, length: str, words: str) -> None:
    path = tmp_path / "song.yaml"
    path.write_text(SONG.replace("4 bars", length), encoding="utf-8")
    assert size_of(extent(load_scene(path))) == words


UNPAINTED = """\
video: {size: [96, 64], fps: 24, duration: %s}
camera: {mode: 2d, zoom: 1.01}
prompts: fog
shots: [{name: a, start: one.png%s}]
"""


@pytest.mark.parametrize(
    ("length", "shot", "frames"),
    [
        ("20 frames", ", sampler: {strength: 0}", "20 frames only moved"),
        ("1 frame", "", "1 frame only moved"),
        ("2 frames", ", end: two.png", "2 frames only moved"),
    ],
)
def test_where_nothing_is_painted_no_steps_are_told(
    tmp_path: Path, length: str, shot: str, frames: str
) -> None:
    for name in ("one", "two"):
        write_picture(tmp_path / f"{name}.png")
    path = tmp_path / "fog.yaml"
    path.write_text(UNPAINTED % (length, shot), encoding="utf-8")
    scene = load_scene(path)
    summary = describe(make_plan(scene))
    assert (summary.steps, summary.painted, summary.passes) == (0, 0, (0, 0))
    told = list(outline(extent(scene), summary, scene.timebase))
    assert told[:4] == [
        "fog",
        f"  {size_of(extent(scene))}",
        f"  0 frames painted, {frames}",
        "prompts",
    ]
