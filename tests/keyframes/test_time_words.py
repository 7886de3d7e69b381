from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyframes.time_words import (
    bar_and_beat,
    clock_time,
    counted,
    frame_bar,
    frame_place,
    frame_time,
)
from keyframes.timebase import Tempo, Timebase

MARCH = Timebase(Fraction(24), Tempo(bpm=120, first_beat=0.5))
WALTZ = Timebase(Fraction(12), Tempo(bpm=127, beats_per_bar=3))
SILENT = Timebase(Fraction(24))


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0:00"),
        (7.4, "0:07"),
        (42, "0:42"),
        (59.6, "1:00"),
        (605, "10:05"),
        (3599.4, "59:59"),
        (3599.6, "1:00:00"),
        (3800, "1:03:20"),
        (360000, "100:00:00"),
    ],
)
def test_seconds_as_a_clock_shows_them(seconds: float, words: str) -> None:
    assert clock_time(seconds) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "1 frame"), (0, "0 frames"), (123456, "123456 frames"), (30000 / 1001, "29.97 frames")],
)
def test_one_of_a_thing_and_several(number: float, words: str) -> None:
    assert counted(number, "frame") == words


@pytest.mark.parametrize(
    ("frame", "fps", "words"),
    [
        (0, "24", "0:00"),
        (102, "24", "0:04.25"),
        (1, "24", "0:00.04"),
        (96, "24", "0:04"),
        (108, "24", "0:04.50"),
        (1439, "24", "0:59.96"),
        (86401, "24", "1:00:00.04"),
        (30, "30000/1001", "0:01"),
        (300, "30000/1001", "0:10.01"),
        (1, "240", "0:00.004"),
        (239, "240", "0:00.996"),
        (3, "1", "0:03"),
        (1, "2/3", "0:02"),
    ],
)
def test_the_time_of_a_frame(frame: int, fps: str, words: str) -> None:
    assert frame_time(frame, Timebase(Fraction(fps))) == words


@given(st.integers(0, 10**6), st.integers(2, 240))
def test_neighbours_have_different_times(frame: int, fps: int) -> None:
    timebase = Timebase(Fraction(fps))
    assert frame_time(frame, timebase) != frame_time(frame + 1, timebase)


@pytest.mark.parametrize(
    ("frame", "timebase", "words"),
    [
        # 48 frames are a bar, and the first begins on frame 12.
        (12, MARCH, "bar 1"),
        (204, MARCH, "bar 5"),
        (228, MARCH, "bar 5.5"),
        (216, MARCH, "bar 5.25"),
        (0, MARCH, ""),
        # At most a frame beside the beat it is on it; further away it is not.
        (11, MARCH, "bar 1"),
        (205, MARCH, "bar 5"),
        (203, MARCH, "bar 5"),
        (207, MARCH, "bar 5.06"),
        (10, MARCH, ""),
        # A bar is 17.008 frames: bar 9 begins in frame 136.
        (136, WALTZ, "bar 9"),
        (137, WALTZ, "bar 9"),
        (142, WALTZ, "bar 9.33"),
        (204, SILENT, ""),
    ],
)
def test_the_bar_of_a_frame(frame: int, timebase: Timebase, words: str) -> None:
    assert frame_bar(frame, timebase) == words


@given(st.integers(1, 500), st.floats(20, 300), st.sampled_from([12, 24, 30, 60]))
def test_the_frame_of_a_bar_is_called_by_it(bar: int, bpm: float, fps: int) -> None:
    """And so is the frame after it, as long as beats are more than two frames apart."""
    timebase = Timebase(Fraction(fps), Tempo(bpm))
    first = int(timebase.frame(f"bar {bar}"))
    assert frame_bar(first, timebase) == frame_bar(first + 1, timebase) == f"bar {bar}"


def test_bars_and_their_beats_count_from_1() -> None:
    at = [bar_and_beat(frame, MARCH) for frame in (5, 12, 13, 24, 30, 60, 108)]
    assert at == [None, (1, 1.0), (1, 1.0), (1, 2.0), (1, 2.5), (2, 1.0), (3, 1.0)]
    assert bar_and_beat(12, SILENT) is None
    assert bar_and_beat(14, WALTZ) == (1, 3.469)


def test_the_place_of_a_frame_is_its_time_and_its_bar() -> None:
    assert frame_place(204, MARCH) == "0:08.50, bar 5"
    assert frame_place(204, SILENT) == "0:08.50"


def test_a_frame_is_in_the_section_that_began_last() -> None:
    names = {"chorus": Fraction(17, 2), "verse": Fraction(1, 2), "mark drop": Fraction(8)}
    song = Timebase(Fraction(24), MARCH.tempo, names)
    assert frame_place(204, song) == "0:08.50, bar 5, chorus"
    assert frame_place(203, song) == "0:08.46, bar 5, chorus"
    assert frame_place(202, song) == "0:08.42, bar 4.96, verse"
    assert frame_place(0, song) == "0:00"


def test_the_bar_of_a_frame_where_the_tempo_changes() -> None:
    slowing = Timebase(Fraction(24), Tempo(120, 0.0, 4, ((8, 60),)))
    assert [frame_bar(frame, slowing) for frame in (95, 96, 97, 98, 120, 192)] == [
        "bar 3", "bar 3", "bar 3", "bar 3.02", "bar 3.25", "bar 4"
    ]  # fmt: skip


def test_parts_of_a_second_are_rounded_with_their_carry() -> None:
    assert clock_time(59.996, places=2) == "1:00"
    assert clock_time(59.994, places=2) == "0:59.99"
    assert clock_time(3599.95, places=1) == "1:00:00"
