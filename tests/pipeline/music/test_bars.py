from __future__ import annotations

import numpy as np
import pytest

from pipeline.music.bars import Array, find_bars, find_metre, find_phase
from pipeline.music.onsets import find_onsets

LOW, MID, HIGH, CHORD = np.eye(4)


def heard(*bar: Array, bars: int = 8, late: int = 0, noise: float = 0.2) -> Array:
    """Features of beats that repeat with a bar, the first of which is its beat `-late`."""
    rng = np.random.default_rng(0)
    rows = np.tile(np.array(bar), (bars, 1))
    rows = np.roll(rows, late, axis=0) + noise * rng.normal(size=rows.shape)
    return np.asarray((rows - rows.mean(0)) / rows.std(0))


ROCK = (LOW + CHORD, HIGH + MID, LOW, HIGH + MID)
WALTZ = (LOW + CHORD, HIGH, HIGH)
SIX_EIGHT = (LOW + CHORD, HIGH, HIGH, MID + 2 * HIGH, HIGH, HIGH)


@pytest.mark.parametrize(("bar", "metre"), [(ROCK, 4), (WALTZ, 3), (SIX_EIGHT, 6)])
def test_the_metre_is_what_repeats(bar: tuple[Array, ...], metre: int) -> None:
    assert find_metre(heard(*bar)) == metre


def test_beats_that_are_all_alike_are_in_four() -> None:
    assert find_metre(heard(LOW)) == 4
    assert find_metre(np.zeros((24, 4))) == 4


@pytest.mark.parametrize("late", range(4))
def test_the_bar_begins_with_bass_drum_and_new_chord(late: int) -> None:
    first, confidence = find_phase(heard(*ROCK, late=late), 4)
    assert first == late
    assert confidence > 0.8


@pytest.mark.parametrize("late", range(3))
def test_the_bass_drum_alone_marks_a_waltz(late: int) -> None:
    assert find_phase(heard(LOW, HIGH, HIGH, late=late), 3)[0] == late


def test_where_nothing_marks_the_bar_the_first_beat_does() -> None:
    for seed in range(20):
        rows = np.random.default_rng(seed).normal(size=(40, 4)) * np.array([1, 0, 0, 0])
        first, confidence = find_phase(rows, 4)
        assert first == 0 or confidence < 0.95
    assert find_phase(np.zeros((16, 4)), 4) == (0, 0.0)


def test_a_number_of_beats_that_is_given_is_kept() -> None:
    silence = find_onsets([np.zeros(22050 * 8, np.float32)])
    for beats_per_bar in (1, 2, 5, 7, 100):
        bars = find_bars(silence, np.arange(0.5, 7, 0.5), beats_per_bar)
        assert bars.beats_per_bar == beats_per_bar
        assert 0 <= bars.first < beats_per_bar


def test_one_beat_has_no_bar_to_speak_of() -> None:
    silence = find_onsets([np.zeros(22050, np.float32)])
    assert find_bars(silence, np.array([0.5])).confidence == 0.0
    assert find_bars(silence, np.zeros(0)).first == 0
