"""`--frames A:B`: what is meant, and what has to be painted for it."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from keyframes.timebase import Timebase
from pipeline.cli.chosen_frames import (
    frame_named,
    frames_named,
    in_video,
    slice_of,
)
from pipeline.errors import Error
from tests.pipeline.plan.planned import VIDEO, plan


@pytest.mark.parametrize(
    ("words", "frames"),
    [
        ("10:20", range(10, 20)),
        (":10", range(10)),
        ("90:", range(90, 96)),
        ("1s:2s", range(24, 48)),
        ("50%:end", range(48, 96)),
        ("end - 1s : end", range(72, 96)),
        ("0s:0:02", range(48)),
        ("0:01:0:03", range(24, 72)),
        ("95:400", range(95, 96)),
        (" 3 : 4 ", range(3, 4)),
    ],
)
def test_a_slice_of_frames_or_times(words: str, frames: range) -> None:
    assert slice_of(words, Timebase(Fraction(24)), 96) == frames


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("12", "frames 12: there is no colon; write A:B, as 24:48"),
        ("a:b", "frames a:b: a time is a frame number such as 96"),
        ("20:10", "is none of the video's frames 0 to 95: it begins at 20 and ends before 10"),
        ("96:", "it begins at 96 and ends before 96"),
        ("1:02:03", "may be 1 to 02:03 or 1:02 to 03; write seconds as 70s"),
        ("bar 2:bar 3", "needs a tempo"),
    ],
)
def test_what_means_nothing_or_two_things_is_told(words: str, message: str) -> None:
    with pytest.raises(Error) as caught:
        slice_of(words, Timebase(Fraction(24)), 96)
    assert message in str(caught.value)


def test_a_part_of_the_video_shows_frames_of_both_shots_within_a_fade(tmp_path: Path) -> None:
    shots = (
        "shots:\n- {name: sea, until: 20, prompts: a ship}\n"
        "- {name: land, prompts: a tree, enter: {fade: 4}}\n"
    )
    made = plan(tmp_path, VIDEO + shots)
    assert in_video(made, range(19, 22)) == {
        *((19, "sea"), (20, "sea"), (21, "sea")),
        *((0, "land"), (1, "land")),
    }


FADE = (
    "shots:\n- {name: sea, until: 20, prompts: a ship}\n"
    "- {name: land, prompts: a tree, enter: {fade: 4}}\n"
)


def named(folder: Path, words: str) -> tuple[int, str]:
    return frame_named(words, plan(folder, VIDEO + FADE), Timebase(Fraction(24)), 96)


@pytest.mark.parametrize(
    ("words", "frame"),
    [
        ("12", (12, "sea")),
        ("0.5s", (12, "sea")),
        ("30", (10, "land")),
        ("21 of sea", (21, "sea")),
        ("1 of land", (1, "land")),
    ],
)
def test_one_frame_is_named_as_in_the_video_or_as_messages_name_it(
    tmp_path: Path, words: str, frame: tuple[int, str]
) -> None:
    assert named(tmp_path, words) == frame


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("96", "frame 96 is none of the video's, 0 to 95; write a frame or a time of the video"),
        ("12x", 'frame 12x: a time is a frame number such as 96, or "4s"'),
        ("21", 'frame 21 of the video shows two shots; name "1 of land" or "21 of sea"'),
        ("99 of sea", "there is no frame 99 of sea; write a frame or a time of the video"),
        ("1 of sky", "there is no frame 1 of sky"),
        ("x of sea", "there is no frame x of sea"),
        ("", "frame "),
    ],
)
def test_a_frame_that_is_none_or_two_is_told(tmp_path: Path, words: str, message: str) -> None:
    with pytest.raises(Error) as caught:
        named(tmp_path, words)
    assert message in str(caught.value)


def test_frames_are_a_slice_or_one(tmp_path: Path) -> None:
    made, times = plan(tmp_path, VIDEO + FADE), Timebase(Fraction(24))
    assert frames_named("18:21", made, times, 96) == {
        *((18, "sea"), (19, "sea"), (20, "sea")),
        (0, "land"),
    }
    assert frames_named("21 of sea", made, times, 96) == {(21, "sea")}
    assert frames_named("1s", made, times, 96) == {(4, "land")}
