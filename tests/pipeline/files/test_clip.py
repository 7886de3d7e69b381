"""Which frame of a clip is shown at a time: exactly where they come evenly, else by their times."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from pipeline.files import clip as clip_module
from pipeline.files.clip import Clip, is_even, spacing_of

NTSC = Fraction(30000, 1001)


def even(rate: Fraction, count: int = 4000, tick: Fraction | None = None) -> Clip:
    """Frames at a rate, their times rounded to the tick as containers do."""
    tick = tick or 1 / (rate * 512)
    ticks = tuple(round(frame / rate / tick) for frame in range(count))
    size = (16, 8)
    return Clip(Path("a.mkv"), size, size, ticks, tick, Fraction(0), rate, 1 / rate)


@pytest.mark.parametrize(
    "rate", [Fraction(24), Fraction(25), NTSC, Fraction(60), Fraction(24000, 1001)]
)
@pytest.mark.parametrize("tick", [None, Fraction(1, 1000), Fraction(1, 90000)])
def test_at_the_clips_own_rate_each_frame_is_shown_once(
    rate: Fraction, tick: Fraction | None
) -> None:
    clip = even(rate, tick=tick)
    assert [clip.frame_at(one / rate) for one in range(4000)] == list(range(4000))


def test_at_other_rates_it_is_the_last_frame_that_has_come() -> None:
    clip = even(Fraction(30))
    assert [clip.frame_at(Fraction(one, 24)) for one in range(8)] == [0, 1, 2, 3, 5, 6, 7, 8]
    assert [clip.frame_at(Fraction(one, 60)) for one in range(6)] == [0, 0, 1, 1, 2, 2]
    assert [clip.frame_at(Fraction(one, 10)) for one in range(4)] == [0, 3, 6, 9]
    # After 1000 seconds of NTSC in 24 frames a second nothing has drifted.
    drift = even(NTSC, 31000)
    assert drift.frame_at(Fraction(1000)) == 1000 * 30000 // 1001


def test_ends_hold() -> None:
    clip = even(Fraction(25), 10)
    assert clip.end == Fraction(10, 25)
    assert clip.frame_at(Fraction(-3)) == 0
    assert clip.frame_at(Fraction(300)) == 9


def test_a_first_frame_that_comes_late_is_shown_from_the_beginning() -> None:
    clip = even(Fraction(10), 10, Fraction(1, 1000))
    late = replace(clip, ticks=tuple(tick + 150 for tick in clip.ticks))
    assert [late.frame_at(Fraction(one, 10)) for one in range(5)] == [0, 0, 0, 1, 2]
    assert late.second(0) == Fraction(15, 100)


def test_uneven_frames_are_shown_at_their_own_times() -> None:
    ticks = (0, 100, 150, 400, 410)
    clip = replace(even(Fraction(10), 5, Fraction(1, 1000)), ticks=ticks, rate=None)
    at = [clip.frame_at(Fraction(one, 20)) for one in range(10)]
    assert at == [0, 0, 1, 2, 2, 2, 2, 2, 4, 4]


def test_times_that_jitter_show_no_frame_twice() -> None:
    jitter = (0, 9, -8, 5, -9, 8, 0, -7)
    ticks = tuple(100 * frame + jitter[frame % 8] for frame in range(200))
    clip = replace(even(Fraction(10), 200, Fraction(1, 1000)), ticks=ticks, rate=None)
    assert [clip.frame_at(Fraction(one, 10)) for one in range(200)] == list(range(200))


def test_evenness_is_to_the_tick() -> None:
    tick = Fraction(1, 1000)
    assert is_even((0, 33, 67, 100, 133), tick, Fraction(30))
    assert not is_even((0, 33, 67, 102, 133), tick, Fraction(30))
    assert spacing_of((0, 3, 6, 20)) == 3
    assert spacing_of((7,)) == 0


def test_which_frame_is_shown_is_found_without_going_through_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ticks = tuple(100 * frame + frame % 3 for frame in range(500))
    clip = replace(even(Fraction(10), 500, Fraction(1, 1000)), ticks=ticks, rate=None)
    assert clip.spacing == Fraction(1, 10) + Fraction(1, 1000)
    monkeypatch.setattr(clip_module, "spacing_of", lambda ticks: pytest.fail("all were asked"))
    assert [clip.frame_at(Fraction(one, 10)) for one in range(500)] == list(range(500))
