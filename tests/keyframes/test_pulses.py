from __future__ import annotations

from fractions import Fraction
from time import process_time

import numpy as np
import pytest
from numpy.typing import NDArray

from keyframes.clock import clock_signals
from keyframes.expression import Expression, Formula
from keyframes.timebase import Frames, Tempo, Timebase

FPS = {24: Fraction(24), 29.97: Fraction(30000, 1001), 25: Fraction(25), 60: Fraction(60)}
Array = NDArray[np.float64]


class Wandering(Timebase):
    """A timebase whose tempo swings between 90 and 150 beats a minute."""

    def beats(self, frames: Frames) -> Frames:
        return np.interp(self.seconds(frames), WANDERING, np.arange(len(WANDERING)))

    def bars(self, frames: Frames) -> Frames:
        return self.beats(frames) / 4


WANDERING = np.cumsum(60 / (120 + 30 * np.sin(np.arange(1400) / 9)))


def values(text: str, timebase: Timebase, frames: Array) -> Array:
    return Formula(Expression.parse(text), clock_signals(timebase, 99))(frames)


def minute(number: int, fps: Fraction) -> Array:
    """The frames of a minute of the video, counted from 1."""
    return np.arange(round((number - 1) * 60 * fps), round(number * 60 * fps), dtype=np.float64)


@pytest.mark.parametrize("fps", FPS)
@pytest.mark.parametrize("number", [1, 10])
@pytest.mark.parametrize("tempo", [Tempo(127.3, first_beat=0.417), Tempo(90), Tempo(174, 1.01)])
def test_the_frame_nearest_to_a_beat_shows_1(fps: float, number: int, tempo: Tempo) -> None:
    timebase = Timebase(FPS[fps], tempo)
    frames = minute(number, timebase.fps)
    beats = tempo.first_beat + np.arange(2000) * 60 / tempo.bpm
    for text, times in (
        ("beat_pulse", beats),
        ("bar_pulse", beats[::4]),
        ("every(2 beats)", beats[::2]),
        ("every(1 bar, offset=1 beat)", beats[1::4]),
        ("every(0.5 beats, offset=0.25)", beats[0] + (np.arange(4000) + 0.5) * 30 / tempo.bpm),
        ("every(2s)", 2.0 * np.arange(400)),
    ):
        places = times * fps_of(timebase)
        inside = places[(places > frames[0] + 1) & (places < frames[-1] - 1)]
        assert len(inside) > 7
        nearest = np.rint(inside)
        found = values(f"{text} == 1", timebase, frames)
        shown = frames[found == 1]
        # Halfway between two frames, both are nearest.
        assert set(nearest) <= set(shown)
        late = [frame for frame in shown if np.abs(places - frame).min() > 0.5 + 1e-6]
        assert late == []


def fps_of(timebase: Timebase) -> float:
    return float(timebase.fps)


def test_a_changing_tempo_is_followed() -> None:
    timebase = Wandering(Fraction(24), Tempo(120))
    frames = minute(10, timebase.fps)
    pulse = values("beat_pulse(release=0.2)", timebase, frames)
    since = frames[:, None] / 24 - 0.5 / 24 - WANDERING
    expected = np.where(since < 0, 0, np.exp(-np.abs(since) / 0.2)).max(axis=1)
    expected[np.abs(frames[:, None] - WANDERING * 24).min(axis=1) <= 0.5] = 1
    np.testing.assert_allclose(pulse, expected, atol=1e-4)


def test_a_pulse_fades_by_e_in_its_release_and_comes_so_in_its_attack() -> None:
    timebase = Timebase(Fraction(20), Tempo(60, first_beat=1.0))
    frames = np.arange(40.0)
    # Frame 20 is on the beat; a frame behind it shows the value of half a frame before.
    fading = np.round(np.exp(-(np.arange(1, 20) - 0.5) / 20 / 0.25), 4).tolist()
    pulse = values("beat_pulse(release=0.25)", timebase, frames)
    assert pulse.tolist() == [0.0] * 20 + [1.0, *fading]
    coming = values("every(60 beats, release=0, attack=0.25)", timebase, frames)
    assert coming[::-1].tolist() == [*[0.0] * 19, 1.0, *fading, round(np.exp(-19.5 / 5), 4)]
    both = values("beat_pulse(attack=0.25, release=0.25)", timebase, frames)
    np.testing.assert_array_equal(both[21:40], np.maximum(fading, fading[::-1]))
    for text in ("every(1 beat, release=0)", "every(1 beat, release=0, attack=0)"):
        assert np.flatnonzero(values(text, timebase, frames)).tolist() == [20]


def test_nothing_pulses_before_the_first_beat_but_a_pickup_can_be_asked_for() -> None:
    timebase = Timebase(Fraction(24), Tempo(120, first_beat=2.0))
    frames = np.arange(49.0)
    assert np.flatnonzero(values("bar_pulse", timebase, frames)).tolist() == [48]
    coming = values("bar_pulse(attack=0.1, release=0)", timebase, frames)
    assert np.all(np.diff(coming) >= 0) and coming[12] == 0
    # Bars that would lie between the first frame and bar 1 are not approached either.
    far = Timebase(Fraction(24), Tempo(120, first_beat=5.0))
    approached = values("beat_pulse(attack=0.1, release=0)", far, np.arange(121.0))
    assert np.all(np.diff(approached) >= 0) and approached[[90, 120]].tolist() == [0, 1]
    pickup = values("every(1 beat, offset=-2, release=0)", timebase, frames)
    assert np.flatnonzero(pickup).tolist() == [24, 36, 48]


def test_one_frame_and_all_frames_agree() -> None:
    timebase = Timebase(FPS[29.97], Tempo(127.3, first_beat=0.417))
    frames = minute(10, timebase.fps)[:200]
    formula = Formula(Expression.parse("every(3 beats) + beat_pulse"), clock_signals(timebase, 9))
    assert [formula(frame) for frame in frames] == formula(frames).tolist()


def test_ten_minutes_of_five_pulses_take_little_time() -> None:
    timebase = Timebase(Fraction(24), Tempo(127.3))
    text = "beat_pulse + bar_pulse * every(2 beats) + every(1 s) - every(1/2 bar, release=1)"
    formula = Formula(Expression.parse(text), clock_signals(timebase, 14_400))
    start = process_time()
    formula(np.arange(14_400.0))
    assert process_time() - start < 0.5
