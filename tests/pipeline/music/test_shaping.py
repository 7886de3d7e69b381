"""What an author asks of an envelope is what it does, to the hop."""

from __future__ import annotations

import math

import numpy as np
import pytest

from pipeline.music.shaping import LIMITS, Shape, shaped
from pipeline.music.sound import HOP


def hit(at: int = 500, height: float = 1.0, length: int = 1000) -> np.ndarray:
    """Nothing but one value."""
    curve = np.zeros(length)
    curve[at] = height
    return curve


NOISE = np.random.default_rng(2).random(2000)


def test_the_defaults_do_nothing() -> None:
    assert np.array_equal(shaped(NOISE, Shape()), NOISE)
    assert set(LIMITS) == set(Shape.__dataclass_fields__)


@pytest.mark.parametrize("seconds", [0.005, 0.15, 1.0])
def test_a_release_leaves_37_percent_after_its_time(seconds: float) -> None:
    curve = shaped(hit(height=0.8), Shape(release=seconds))

    steps = np.arange(0, 400)
    assert np.allclose(curve[500:900], 0.8 * np.exp(-steps * HOP / seconds), atol=1e-9)
    assert curve[500 + round(seconds / HOP)] == pytest.approx(0.8 / math.e)
    assert not curve[:500].any()


@pytest.mark.parametrize("seconds", [0.005, 0.15, 1.0])
def test_an_attack_ends_at_the_peak_so_that_nothing_is_late(seconds: float) -> None:
    curve = shaped(hit(), Shape(attack=seconds))

    assert curve.argmax() == 500 and curve[500] == pytest.approx(1)
    assert curve[500 - round(seconds / HOP)] == pytest.approx(1 / math.e)
    assert not curve[501:].any()


def test_a_step_is_left_slowly_and_met_at_once() -> None:
    step = np.where((np.arange(1000) >= 300) & (np.arange(1000) < 600), 0.5, 0.0)
    curve = shaped(step, Shape(release=0.1))

    assert not curve[:300].any() and np.allclose(curve[300:600], 0.5)
    assert curve[599 + 20] == pytest.approx(0.5 / math.e)


@pytest.mark.slow
def test_a_release_is_fast_over_hours() -> None:
    curve = shaped(np.tile(hit(), 5760), Shape(release=0.005))

    assert np.allclose(curve[500::1000], 1) and np.allclose(curve[501::1000], 1 / math.e, rtol=1e-6)


def test_gain_is_cut_off_at_one() -> None:
    assert np.array_equal(shaped(NOISE, Shape(gain=3)), np.minimum(3 * NOISE, 1))


def test_a_floor_stretches_what_is_above_it() -> None:
    curve = shaped(np.array([0, 0.2, 0.25, 0.625, 1]), Shape(floor=0.25))

    assert np.allclose(curve, [0, 0, 0, 0.5, 1])


def test_a_threshold_leaves_what_is_above_it() -> None:
    curve = shaped(np.array([0, 0.2, 0.5, 0.6]), Shape(threshold=0.5))

    assert np.array_equal(curve, [0, 0, 0.5, 0.6])


@pytest.mark.parametrize("seconds", [0.01, 0.1, 0.5])
def test_smoothing_is_alike_on_both_sides_and_as_wide_as_asked(seconds: float) -> None:
    curve = shaped(hit(), Shape(smoothing=seconds))

    assert np.allclose(curve, shaped(hit(499), Shape(smoothing=seconds))[::-1])
    assert curve.argmax() == 500 and curve.sum() == pytest.approx(1)
    half = np.flatnonzero(curve >= curve.max() / 2)
    assert abs((half[-1] - half[0]) * HOP - seconds) <= 2 * HOP


def test_smoothing_leaves_what_is_steady_and_no_less_than_nothing() -> None:
    curve = shaped(np.concatenate((np.zeros(500), np.ones(500))), Shape(smoothing=0.2))

    assert np.allclose(curve[600:900], 1) and curve.min() == 0 and curve.max() <= 1
    assert curve[499] < 0.5 < curve[501], "the middle of a step stays where it is"


def test_gain_comes_after_the_floor_and_before_the_release() -> None:
    curve = shaped(hit(height=0.6), Shape(threshold=0.5, floor=0.2, gain=1.5, release=0.1))

    assert curve[500] == pytest.approx(0.75) and curve[520] == pytest.approx(0.75 / math.e)
