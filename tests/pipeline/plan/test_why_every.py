"""How often frames are painted, and what each of them is, as `why` tells it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline.plan.test_why import told
from tests.pipeline.scene_files import write_picture

EVERY = """\
video: {size: [96, 64], fps: 12, duration: 4s}
music: {bpm: 120}
prompts: a ship
sampler: {every: RHYTHM}
"""


@pytest.mark.parametrize(
    ("rhythm", "frame", "lines"),
    [
        (
            "3",
            4,
            ["3 at frame 4 (0:00.33, bar 1.17)", "  3 @4:18", "! the frame lies between 3 and 6"],
        ),
        ("3", 6, ["3 at frame 6 (0:00.50, bar 1.25)", "  3 @4:18", "! the frame is painted"]),
        (
            '"2 + beat"',
            12,
            [
                "4 at frame 12 (0:01, bar 1.5)",
                '  4 by the formula "2 + beat" @4:18',
                "    beat = 2",
                "! the frame lies between 10 and 14",
            ],
        ),
        (
            "{0: 2, 20: 4}",
            3,
            [
                "2 at frame 3 (0:00.25, bar 1.12)",
                "  2.3 by a curve of 2 keys @4:18",
                "    frame 0 (0:00, bar 1): 2 @4:19",
                "    frame 20 (0:01.67, bar 1.83): 4, arrived at by linear @4:25",
                "    0.15 of the way: 2 + 0.15 * (4 - 2)",
                "! the frame lies between 2 and 4",
            ],
        ),
        (
            "beat",
            8,
            [
                "beat at frame 8 (0:00.67, bar 1.33)",
                '  "beat" @4:18',
                "! the frame lies between 6 and 12",
            ],
        ),
    ],
)
def test_how_often_is_told_with_what_the_frame_is(
    tmp_path: Path, rhythm: str, frame: int, lines: list[str]
) -> None:
    value, *others = told(tmp_path, EVERY.replace("RHYTHM", rhythm), frame, "sampler.every")
    assert value == f"sampler.every is {lines[0]}"
    assert [one.removesuffix(", which are painted") for one in others] == lines[1:]


def test_what_is_seen_between_is_told_on_each_frame(tmp_path: Path) -> None:
    cut = EVERY.replace("a ship", "{0: a ship, 4: a castle}").replace("RHYTHM", "3")
    name = "sampler.inbetween"
    assert told(tmp_path, cut, 1, name) == [
        "sampler.inbetween is blend at frame 1 (0:00.08, bar 1)",
        "  not written; the default is blend",
    ]
    assert told(tmp_path, cut, 3, name)[-1] == (
        "! the frame is painted, and this is of those between painted ones"
    )
    gone = cut.replace("4: a castle", "5: a castle")
    assert told(tmp_path, gone, 4, name)[::2] == [
        "sampler.inbetween is warp at frame 4 (0:00.33, bar 1.17)",
        "! blend is asked for, but the next painted frame does not go on from the last one: up to "
        "there the last one is seen alone",
    ]


def test_in_a_shot_frames_have_the_numbers_of_the_video(tmp_path: Path) -> None:
    text = EVERY.replace("RHYTHM", "3") + "shots: [{name: a, until: 2s}, {name: b}]\n"
    assert told(tmp_path, text, 25, "sampler.every") == [
        "sampler.every is 3 at frame 25 (0:02.08, bar 2), in shot b",
        "  3 @4:18",
        "! the frame lies between 24 and 27, which are painted",
    ]


def test_a_picture_at_the_end_is_told(tmp_path: Path) -> None:
    write_picture(tmp_path / "last.png")
    text = EVERY.replace("RHYTHM", "3") + "shots: [{name: a, end: last.png}]\n"
    assert told(tmp_path, text, 47, "sampler.every")[2:] == [
        "! the frame is a picture of yours",
        "! the shot ends on a picture, which this frame is",
    ]


def test_what_nobody_wrote_is_the_default(tmp_path: Path) -> None:
    assert told(tmp_path, EVERY.replace("sampler: {every: RHYTHM}\n", ""), 5, "sampler.every") == [
        "sampler.every is 1 at frame 5 (0:00.42, bar 1.25)",
        "  not written; the default is 1",
        "! the frame is painted",
    ]
