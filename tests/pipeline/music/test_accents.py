from __future__ import annotations

import numpy as np
import pytest

from pipeline.music.accents import accents, smoothed, stroke_starts
from pipeline.music.onsets import find_onsets
from pipeline.music.sound import HOP, RATE
from tools.band import voices
from tools.band.voices import Sound


def strokes(sound: Sound, times: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Sound:
    """A tape with a sound at each time."""
    tape = np.zeros(round((times[-1] + 1) * RATE))
    for time in times:
        begin = round(time * RATE)
        tape[begin : begin + len(sound)] += sound[: len(tape) - begin]
    return tape


@pytest.mark.parametrize("voice", ["kick", "snare", "hat", "bass", "chord", "click"])
def test_strokes_begin_within_4_ms_of_the_truth_wherever_they_lie_on_the_hop(voice: str) -> None:
    rng = np.random.default_rng(0)
    sounds = {
        "bass": lambda: voices.bass(33, 0.4),
        "chord": lambda: voices.chord((60, 64, 67), 0.4),
        "click": lambda: np.ones(1),
    }
    sound = sounds[voice]() if voice in sounds else getattr(voices, voice)(rng)
    truth = 0.5 + 0.6013 * np.arange(20)
    curve = accents(find_onsets([strokes(sound, truth).astype(np.float32)]))
    asked = truth + rng.uniform(-0.03, 0.03, truth.size)
    np.testing.assert_allclose(stroke_starts(curve, asked), truth, atol=0.004)


def test_where_nobody_plays_no_stroke_begins() -> None:
    curve = np.zeros(400, dtype=np.float32)
    curve[100] = curve[300] = 1.0
    found = stroke_starts(curve, np.array([0.5, 1.0, 1.5]))
    np.testing.assert_array_equal(np.isnan(found), [False, True, False])


def test_the_nearer_of_two_equal_strokes_is_meant() -> None:
    curve = np.zeros(400, dtype=np.float32)
    curve[95] = curve[103] = 1.0
    (found,) = stroke_starts(curve, np.array([0.51]))
    assert found == pytest.approx(103 * HOP, abs=HOP)


def test_accents_are_as_high_in_quiet_music_and_stay_low_in_near_silence() -> None:
    truth = 0.5 + 0.5 * np.arange(40)
    tape = strokes(voices.kick(np.random.default_rng(1)), truth)
    loud = accents(find_onsets([tape.astype(np.float32)]))
    quiet = accents(find_onsets([(0.005 * tape).astype(np.float32)]))
    np.testing.assert_allclose(quiet, loud, atol=0.01)
    tape[: len(tape) // 2] *= 1e-5
    half = accents(find_onsets([tape.astype(np.float32)]))
    assert half[: len(half) // 3].max() < 0.2 * loud.max()


def test_a_blurred_curve_keeps_its_sum_and_length() -> None:
    curve = np.zeros(200, dtype=np.float32)
    curve[80] = 2.0
    blurred = smoothed(curve, 0.02)
    assert len(blurred) == 200 and int(blurred.argmax()) == 80
    assert float(blurred.sum()) == pytest.approx(2.0, rel=1e-5)
    assert blurred[84] / blurred[80] == pytest.approx(np.exp(-0.5), rel=1e-3)
