from __future__ import annotations

import numpy as np
import pytest

from pipeline.music.onsets import Values
from pipeline.music.sound import HOP
from pipeline.music.tempo import FASTEST, SLOWEST, candidates, find_tempo


def clicks(bpm: float, seconds: float = 24.0, level: float = 1.0) -> Values:
    """An accent curve with a stroke on each beat."""
    curve = np.zeros(round(seconds / HOP), dtype=np.float32)
    curve[np.round(np.arange(0.2, seconds - HOP, 60 / bpm) / HOP).astype(int)] = level
    return curve


@pytest.mark.parametrize("bpm", [72, 97.3, 118, 140])
def test_clicks_have_their_tempo_to_a_percent(bpm: float) -> None:
    tempo = find_tempo(clicks(bpm), SLOWEST, FASTEST)
    np.testing.assert_allclose(tempo.bpms, bpm, rtol=0.011)
    assert tempo.alike > 0.8


@pytest.mark.parametrize(("low", "high"), [(50, 70), (100, 140), (110, 125), (119, 121)])
def test_a_range_settles_the_tempo(low: float, high: float) -> None:
    tempo = find_tempo(clicks(120), low, high)
    expected = 60 if high < 100 else 120
    assert low <= tempo.bpms.min() <= tempo.bpms.max() <= high
    np.testing.assert_allclose(tempo.bpms, expected, rtol=0.011)


def test_a_change_is_found_within_4_seconds() -> None:
    curve = np.concatenate([clicks(100, 20), clicks(126, 20)])
    tempo = find_tempo(curve, SLOWEST, FASTEST)
    np.testing.assert_allclose(tempo.at(np.array([5.0, 15.9])), 100, rtol=0.011)
    np.testing.assert_allclose(tempo.at(np.array([24.1, 35.0])), 126, rtol=0.011)


def test_a_silent_part_keeps_the_tempo_before_it() -> None:
    curve = np.concatenate([clicks(100, 20), np.zeros(4000, np.float32)])
    tempo = find_tempo(curve, SLOWEST, FASTEST)
    np.testing.assert_allclose(tempo.bpms, 100, rtol=0.011)


def test_candidates_begin_with_the_tempo_and_add_up() -> None:
    curve = np.maximum(clicks(110), clicks(220, level=0.4))
    found = candidates(curve, find_tempo(curve, 90, 130), 110.0)
    assert found[0].bpm == 110.0
    assert {round(one.bpm) for one in found} == {55, 73, 110, 165, 220}
    assert sum(one.confidence for one in found) == pytest.approx(1.0)
    rest = [one.confidence for one in found[1:]]
    assert rest == sorted(rest, reverse=True)
    assert found[0].confidence > rest[0]


def test_a_silent_curve_is_like_nothing() -> None:
    tempo = find_tempo(np.zeros(1000, np.float32), SLOWEST, FASTEST)
    assert tempo.alike == 0.0
    found = candidates(np.zeros(1000, np.float32), tempo, 100)
    assert all(one.confidence == 0.0 for one in found)
