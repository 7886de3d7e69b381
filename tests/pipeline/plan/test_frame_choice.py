"""Frames as they are asked for on a command line."""

from __future__ import annotations

from fractions import Fraction

import pytest

from keyframes.timebase import Tempo, Timebase
from pipeline.errors import Error
from pipeline.plan.frame_choice import chosen_frames, one_frame, stretch_from

COUNT = 96
SONG = Timebase(Fraction(12), Tempo(120.0), {"chorus": Fraction(4)}).within(0, COUNT)
"""Beats of six frames, bars of 24."""


@pytest.mark.parametrize(
    ("text", "frames"),
    [
        ("7", [7]),
        ("2s", [24]),
        ("chorus", [48]),
        ("chorus + 1 beat", [54]),
        ("0:48:12", [0, 12, 24, 36]),
        (":3", [0, 1, 2]),
        ("93:", [93, 94, 95]),
        ("90:500", [90, 91, 92, 93, 94, 95]),
        ("::1 bar", [0, 24, 48, 72]),
        ("chorus : bar 4 : 1 beat", [48, 54, 60, 66]),
        ("50%:end:2s", [48, 72]),
        ("5, 2s, 4:7", [5, 24, 4, 6]),
    ],
)
def test_frames_are_chosen_by_numbers_and_by_times(text: str, frames: list[int]) -> None:
    assert list(chosen_frames(text, SONG, COUNT)) == frames


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("96", '"96" is at frame 96, and the video has 96 frames, the last of which is 95'),
        ("5:5", 'no frame lies in "5:5"; it ends before frame 5'),
        ("0:9:0", 'a step is a frame or more, found "0"'),
        ("0:1:2:3", 'there are 3 colons in "0:1:2:3"; write a frame or time'),
        ("chors:9", '(did you mean "chorus"?)'),
        ("-3", "a time cannot lie before the first frame"),
        ("0:9:soon", "a step is a number of frames or a duration"),
    ],
)
def test_what_chooses_no_frame_is_told(text: str, said: str) -> None:
    with pytest.raises(Error) as caught:
        chosen_frames(text, SONG, COUNT)
    assert said in str(caught.value)


def test_a_stretch_begins_at_a_time_and_lasts_for_a_duration() -> None:
    assert stretch_from("chorus", "1 beat", SONG, COUNT) == (48, 49, 50, 51, 52, 53)
    assert stretch_from(None, "2 frames", SONG, COUNT) == (0, 1)
    assert stretch_from("95", None, SONG, COUNT) == (95,)
    assert stretch_from(None, None, SONG, COUNT) == tuple(range(COUNT))
    with pytest.raises(Error, match=r"^--for: a duration is"):
        stretch_from("chorus", "a while", SONG, COUNT)


def test_one_frame_is_at_a_time() -> None:
    assert one_frame("chorus", SONG, COUNT) == 48
    with pytest.raises(Error, match="last of which is 95"):
        one_frame("1:30", SONG, COUNT)
