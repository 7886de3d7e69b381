"""One tempo for all beats, or none."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.music.even_tempo import EvenTempo, even_tempo, tempo_range
from tests.pipeline.music.grids import even_grid, grid


@pytest.mark.parametrize(
    ("bpm", "count", "told"),
    [
        (120.0, 400, 120.0),
        (119.9991, 400, 120.0),
        (93.75, 400, 93.75),
        (93.75, 4000, 93.75),
        (128.004, 60, 128.0),
        (128.004, 6000, 128.004),
    ],
)
def test_a_tempo_has_the_decimals_that_keep_its_beats_in_place(
    bpm: float, count: int, told: float
) -> None:
    found = even_tempo(even_grid(bpm, 0.5, count))
    assert found is not None and found.bpm == told
    assert found.first_beat == pytest.approx(0.5, abs=0.0021)


def test_uneven_hands_do_not_move_it() -> None:
    errors = np.random.default_rng(3).normal(0, 0.005, 200)
    found = even_tempo(grid(0.75 + 0.6 * np.arange(200) + errors, 100.2))
    assert found is not None and found.bpm == 100
    assert found.first_beat == pytest.approx(0.75, abs=0.003)


def test_beats_that_are_guessed_at_the_end_do_not_move_it() -> None:
    beats = 0.75 + 0.6 * np.arange(200)
    beats[-14:] += 0.004 * np.arange(14)
    assert even_tempo(grid(beats, 100.2)) == EvenTempo(100.0, 0.75)


def test_bar_1_begins_with_the_first_whole_bar() -> None:
    assert even_tempo(even_grid(120, 0.25, 40, first=3)) == EvenTempo(120.0, 1.75)


def test_no_bar_begins_before_the_song() -> None:
    beats = np.maximum(0.5 * np.arange(100) - 0.004, 0)
    assert even_tempo(grid(beats, 120.0)) == EvenTempo(120.0, 0.0)


def test_a_tempo_that_moves_is_none_and_has_bounds() -> None:
    steps = np.concatenate([np.full(40, 0.5), np.full(40, 0.48)])
    found = grid(np.cumsum(steps), 122.0)
    assert even_tempo(found) is None
    assert tempo_range(found) == pytest.approx((120, 125))


def test_three_beats_say_nothing() -> None:
    assert even_tempo(even_grid(count=3)) is None
