"""Envelopes at frames: the nearest frame shows a hit, none shows it late."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from pipeline.music.sampling import at_frames
from pipeline.music.sound import HOP

RATES = [
    Fraction(text) for text in ("24", "25", "30000/1001", "60", "12.5", "1", "7/3", "240", "1000")
]


def within(curve: np.ndarray, fps: Fraction, start: float, frame: float) -> float:
    """The largest value in [frame - 1/2, frame + 1/2), found one by one in exact numbers."""
    low = (Fraction(frame) - Fraction(1, 2)) / fps + Fraction(str(start))
    high = low + 1 / fps
    inside = [v for k, v in enumerate(curve) if low <= k * Fraction(1, 200) < high]
    if inside or fps <= 200:
        return max(inside, default=0.0)
    nearest = round(float((Fraction(frame) / fps + Fraction(str(start))) * 200) + 1e-9)
    return float(curve[nearest]) if 0 <= nearest < len(curve) else 0.0


@pytest.mark.slow
@pytest.mark.parametrize("fps", RATES, ids=str)
@pytest.mark.parametrize("start", [0.0, 0.37, -1.2])
def test_a_frame_is_the_largest_value_nearest_to_it(fps: Fraction, start: float) -> None:
    curve = np.random.default_rng(3).random(700).round(4)
    frames = np.arange(-3, 40) + np.random.default_rng(4).choice([0, 0.25, 0.5], 43)

    found = at_frames(curve, fps, start)(frames)

    assert np.array_equal(found, [within(curve, fps, start, frame) for frame in frames])


@pytest.mark.parametrize("fps", RATES, ids=str)
def test_a_hit_is_on_the_frame_nearest_to_it(fps: Fraction) -> None:
    for hit in (0, 1, 130, 333, 399):
        curve = np.zeros(400)
        curve[hit] = 1
        values = np.asarray(at_frames(curve, fps, 0.0)(np.arange(0, 2 * float(fps) + 2)))
        # Half a frame is nearer to the later one: its picture is the next to come.
        nearest = int(hit * Fraction(1, 200) * fps + Fraction(1, 2))
        assert values[nearest] == 1
        assert fps > 200 or np.count_nonzero(values) == 1


def test_around_the_song_is_nothing() -> None:
    signal = at_frames(np.ones(201), Fraction(24), 0.0)

    assert np.array_equal(
        np.asarray(signal(np.array([-1e9, -2, 0, 24, 26, 1e9]))), [0, 0, 1, 1, 0, 0]
    )


def test_the_start_falls_on_the_first_frame() -> None:
    curve = np.arange(1000) / 1000

    assert at_frames(curve, Fraction(200), 2.0)(0) == curve[400]
    assert at_frames(curve, Fraction(200), -0.5)(100) == curve[0]


def test_one_position_gives_one_number_and_arrays_keep_their_shape() -> None:
    signal = at_frames(np.full(100, 0.25), Fraction(24), 0.0)

    assert signal(3) == 0.25 and isinstance(signal(3), float)
    assert np.asarray(signal(np.zeros((2, 3)))).shape == (2, 3)


def test_a_song_without_values_is_silent() -> None:
    assert at_frames(np.zeros(0), Fraction(24), 0.0)(0) == 0


def test_values_have_four_digits() -> None:
    value = at_frames(np.full(10, 1 / 3), Fraction(24), 0.0)(0)

    assert value == 0.3333 and HOP == 0.005
