from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keyframes.tempo import Tempo, TimeError, exact

MARCH = Tempo(120, 0.5)
# 120 beats a minute up to bar 3, which is beat 8, then 60, and 240 before the first beat.
CHANGING = Tempo(240, 0.5, 4, ((0, 120), (8, 60)))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"bpm": 0.0}, "a tempo has from 1 to 1000 beats a minute; found 0.0"),
        ({"bpm": float("nan")}, "a tempo has from 1 to 1000 beats a minute; found nan"),
        (
            {"bpm": 120.0, "first_beat": float("inf")},
            "the first beat is a number of seconds; found inf",
        ),
        ({"bpm": 120.0, "beats_per_bar": 0}, "a bar has 1 beat or more; found 0"),
    ],
)
def test_no_tempo(settings: dict[str, float], message: str) -> None:
    with pytest.raises(TimeError) as error:
        Tempo(**settings)  # type: ignore[arg-type]
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("tempo", "beat", "second"),
    [
        (MARCH, 0, "0.5"),
        (MARCH, -3, "-1"),
        (MARCH, "33.5", "17.25"),
        (Tempo(127.3), 1273, "600"),
        (CHANGING, 0, "0.5"),
        (CHANGING, -2, "0"),
        (CHANGING, 8, "4.5"),
        (CHANGING, 9, "5.5"),
        (CHANGING, "7.5", "4.25"),
        (Tempo(60, 0, 4, ((-4, 120), (-2, 60))), -2, "-2"),
        (Tempo(60, 0, 4, ((-4, 120), (-2, 60))), -4, "-3"),
        (Tempo(60, 0, 4, ((-4, 120), (-2, 60))), -5, "-4"),
    ],
)
def test_beats_and_seconds(tempo: Tempo, beat: int | str, second: str) -> None:
    assert tempo.second(Fraction(beat)) == Fraction(second)
    assert tempo.beat(Fraction(second)) == Fraction(beat)


def test_a_list_of_beats_passes_through_each_of_them() -> None:
    seconds = [0.31, 0.8, 1.31, 1.79, 2.3]
    tempo = Tempo.of_beats(seconds, first=1, beats_per_bar=3)
    assert [tempo.second(Fraction(beat)) for beat in range(-1, 4)] == list(map(exact, seconds))
    assert tempo.second(Fraction(-3)) == exact(0.31) - 2 * exact(0.49)
    assert tempo.second(Fraction(5)) == exact(2.3) + 2 * exact(0.51)
    assert tempo.beats_per_bar == 3


def test_even_beats_are_a_steady_tempo() -> None:
    assert Tempo.of_beats([0.1, 0.6, 1.1, 1.6]) == Tempo(120, Fraction(1, 10))


def test_a_tempo_may_be_moved() -> None:
    moved = CHANGING.later(-1.25)
    assert [moved.second(Fraction(beat)) for beat in (0, 8)] == [Fraction(-3, 4), Fraction(13, 4)]


@pytest.mark.parametrize("beat", [-7, 0, 3, 8, 30])
def test_bar_1_may_begin_on_any_beat(beat: int) -> None:
    moved = CHANGING.counted_from(beat)
    for number in range(-20, 40):
        assert moved.second(Fraction(number - beat)) == CHANGING.second(Fraction(number))
    assert moved.first_beat == CHANGING.second(Fraction(beat))


@settings(derandomize=True, deadline=None)
@given(
    st.lists(st.integers(100, 2000), min_size=1, max_size=20),
    st.integers(-5000, 5000),
    st.data(),
)
def test_every_beat_of_a_list_is_found_again(
    gaps: list[int], start: int, data: st.DataObject
) -> None:
    seconds = [Fraction(start + sum(gaps[:n]), 1000) for n in range(len(gaps) + 1)]
    first = data.draw(st.integers(0, len(gaps)))
    tempo = Tempo.of_beats(seconds, first)
    for number, second in enumerate(seconds, start=-first):
        assert tempo.second(Fraction(number)) == second
        assert tempo.beat(second) == number
    starts = [segment.second for segment in tempo.segments[1:]]
    assert all(before < after for before, after in pairwise(starts))


@pytest.mark.parametrize(
    ("seconds", "first", "message"),
    [
        ([1.0], 0, "a tempo needs two beats or more; found 1"),
        (
            [1.0, 1.5, 1.4],
            0,
            "two beats are from 0.06 to 60 seconds apart; found beat 2 at 1.5s and the next at "
            "1.4s",
        ),
        ([1.0, 1.5], 2, "bar 1 begins on one of 2 beats; found beat 3"),
    ],
)
def test_no_list_of_beats(seconds: list[float], first: int, message: str) -> None:
    with pytest.raises(TimeError) as error:
        Tempo.of_beats(seconds, first)
    assert str(error.value) == message


def test_changes_go_forward() -> None:
    with pytest.raises(TimeError, match=r"^changes of tempo go forward; found beat 4 last$"):
        Tempo(120, changes=((8, 100), (4, 90)))
    with pytest.raises(TimeError, match=r"^a tempo has from 1 to 1000 beats a minute; found 0$"):
        Tempo(120, changes=((8, 0),))
