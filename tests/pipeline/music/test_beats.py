from __future__ import annotations

import numpy as np
import pytest

from pipeline.music.accents import Times
from pipeline.music.beat_times import bridge, extend, refine
from pipeline.music.beats import track
from pipeline.music.onsets import Values
from pipeline.music.sound import HOP
from pipeline.music.tempo import FASTEST, SLOWEST, find_tempo


def curve_of(times: Times, seconds: float) -> Values:
    """An accent curve with a stroke at each time."""
    curve = np.zeros(round(seconds / HOP), dtype=np.float32)
    curve[np.round(times / HOP).astype(int)] = 1.0
    return curve


def tracked(times: Times, seconds: float) -> Times:
    """The beats of strokes, without those that only go on in the silence around."""
    curve = curve_of(times, seconds)
    beats = track(curve, find_tempo(curve, SLOWEST, FASTEST))
    return beats[(beats > times[0] - 0.1) & (beats < times[-1] + 0.1)]


@pytest.mark.parametrize("bpm", [61.7, 90, 120, 155.5])
def test_even_strokes_are_all_beats(bpm: float) -> None:
    times = np.arange(0.4, 20, 60 / bpm)
    np.testing.assert_allclose(tracked(times, 20.5), times, atol=0.0101)


def test_a_tempo_changes_at_the_stroke_where_it_does() -> None:
    times = np.concatenate([np.arange(0.4, 15, 0.6), 15.4 + 0.46 * np.arange(30)])
    np.testing.assert_allclose(tracked(times, 30), times, atol=0.0101)


def test_missing_strokes_are_beats_too_and_odd_ones_are_not() -> None:
    beats = np.arange(0.4, 25, 0.5)
    heard = np.delete(beats, [9, 20, 21, 33, 34, 35])
    heard = np.sort(np.append(heard, [6.57, 13.1, 18.8]))
    np.testing.assert_allclose(tracked(heard, 25), beats, atol=0.0301)


def test_refined_beats_lie_on_strokes_and_evenly_between() -> None:
    beats = 0.5 + 0.5 * np.arange(12)
    strokes = np.delete(beats + 0.02, [4, 5])
    found = refine(beats, curve_of(strokes, 8))
    np.testing.assert_allclose(found, beats + 0.02, atol=0.003)


def test_a_stroke_beside_the_pace_moves_no_beat() -> None:
    beats = 0.5 + 0.5 * np.arange(12)
    strokes = beats.copy()
    strokes[6] += 0.035
    found = refine(beats, curve_of(strokes, 8))
    np.testing.assert_allclose(found, beats, atol=0.003)


def test_a_break_in_step_is_bridged() -> None:
    truth = 0.5 * np.arange(60)
    strayed = truth.copy()
    # Off the beat for 10 s, and back.
    strayed[25:45] += 0.25
    np.testing.assert_allclose(bridge(strayed), truth, atol=1e-9)
    more = np.concatenate([truth[:25], np.arange(12.31, 22.3, 0.41), truth[45:]])
    np.testing.assert_allclose(bridge(more), truth, atol=1e-9)


def test_a_change_of_tempo_is_no_break() -> None:
    changed = np.concatenate([0.5 * np.arange(30), 14.5 + 0.42 * np.arange(1, 31)])
    np.testing.assert_array_equal(bridge(changed), changed)
    glide = np.cumsum(np.linspace(0.6, 0.45, 70))
    np.testing.assert_array_equal(bridge(glide), glide)


def test_a_pause_out_of_step_is_kept() -> None:
    beats = np.concatenate([0.5 * np.arange(30), 16.23 + 0.5 * np.arange(30)])
    np.testing.assert_array_equal(bridge(beats), beats)


def test_beats_go_on_to_the_first_and_last_sound() -> None:
    beats = 5 + 0.5 * np.arange(10)
    np.testing.assert_allclose(extend(beats, 3.52, 11.2), np.arange(3.5, 11.01, 0.5))
    np.testing.assert_allclose(extend(beats, 6.8, 8.3), [7, 7.5, 8])
    np.testing.assert_allclose(extend(beats, 0.0, 9.5)[:2], [0.0, 0.5])


def test_fewer_than_two_beats_stay_as_they_are() -> None:
    for beats in (np.zeros(0), np.array([1.0])):
        assert refine(beats, np.zeros(400, np.float32)) is beats
        assert extend(beats, 0, 10) is beats
        assert bridge(beats) is beats
