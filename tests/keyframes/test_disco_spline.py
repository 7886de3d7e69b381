"""Quadratic and Cubic as Disco Diffusion computes them: pandas on SciPy, here SciPy alone."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.interpolate import interp1d

from keyframes.curve import Curve
from keyframes.disco_spline import pinned, way
from keyframes.notation import read_curve
from keyframes.spline import not_a_knot_slopes, quadratic
from keyframes.timebase import Timebase

Keys = Mapping[int, float]


def disco(keys: Keys, frames: int, ease: str) -> NDArray[np.float64]:
    """What Disco makes of keys that lie within the video, by reference/disco.md 2.2.

    Its series has numbers at the keys and the two pinned frames; pandas fills the others with
    `interp1d` of the numbers that are there.
    """
    series = np.full(frames, np.nan)
    series[list(keys)] = list(keys.values())
    kind = {"disco_cubic": "cubic", "disco_quadratic": "quadratic"}[ease]
    kind = "quadratic" if kind == "cubic" and len(keys) <= 3 else kind
    kind = "linear" if kind == "quadratic" and len(keys) <= 2 else kind
    valid = np.flatnonzero(~np.isnan(series))
    series[0], series[-1] = series[valid[0]], series[valid[-1]]
    known = np.flatnonzero(~np.isnan(series))
    filled = interp1d(known, series[known], kind=kind)(np.arange(frames))
    return np.where(np.isnan(series), filled, series)


def ours(keys: Keys, frames: int, ease: str) -> NDArray[np.float64]:
    timebase = Timebase(Fraction(24)).within(0, frames)
    data: dict[object, object] = {**keys, "ease": ease}
    curve = read_curve(data, timebase, {})
    assert isinstance(curve, Curve)
    return curve(np.arange(frames, dtype=np.float64))


def test_the_numbers_that_disco_printed() -> None:
    printed = [0, 2.771, 3.55, 3, 1.784, 0.563, 0, 0.54, 1.755, 3, 3.63, 3]
    cubic = ours({0: 0, 3: 3, 6: 0, 9: 3}, 12, "disco_cubic")
    np.testing.assert_allclose(cubic, printed, atol=5e-4)
    assert ours({0: 0, 3: 3, 6: 0}, 12, "disco_quadratic").min() == pytest.approx(-1.08, abs=0.005)


@pytest.mark.parametrize("ease", ["disco_quadratic", "disco_cubic"])
@pytest.mark.parametrize(
    "keys",
    [
        {0: 1.0},
        {5: 2.0},
        {0: 0.0, 99: 4.0},
        {10: 0.0, 60: 4.0},
        {0: 0.0, 40: 4.0, 99: -1.0},
        {7: 0.0, 8: 4.0, 90: -1.0},
        {0: 0.0, 3: 3.0, 6: 0.0, 9: 3.0},
        {1: 0.0, 3: 3.0, 60: 0.0, 98: 3.0},
        {0: 0.65, 12: 0.7, 24: 0.1, 36: -4.0, 99: 0.2},
    ],
)
def test_equal_to_disco(keys: Keys, ease: str) -> None:
    np.testing.assert_allclose(ours(keys, 100, ease), disco(keys, 100, ease), atol=1e-12)


@pytest.mark.parametrize("ease", ["disco_quadratic", "disco_cubic"])
@settings(derandomize=True, deadline=None, max_examples=40)
@given(data=st.data())
def test_equal_to_disco_for_any_keys(ease: str, data: st.DataObject) -> None:
    frames = data.draw(st.integers(2, 300))
    places = data.draw(st.sets(st.integers(0, frames - 1), min_size=1, max_size=12))
    keys = {place: float(data.draw(st.integers(-50, 50))) for place in sorted(places)}
    expected = disco(keys, frames, ease)
    scale = 1 + np.abs(expected).max()
    np.testing.assert_allclose(ours(keys, frames, ease), expected, atol=1e-9 * scale)


def test_a_key_behind_the_end_keeps_its_place() -> None:
    """Disco would pin the last frame to it, so that a shorter video moves otherwise."""
    keys = {0: 0.0, 30: 4.0, 60: 1.0, 90: 2.0}
    whole = ours(keys, 91, "disco_cubic")
    np.testing.assert_allclose(ours(keys, 40, "disco_cubic"), whole[:40], atol=1e-12)


def test_a_shot_is_pinned_at_its_own_ends() -> None:
    timebase = Timebase(Fraction(24)).within(48, 96)
    data = {60: 1, 70: 3, 80: 2, 90: 0, "ease": "disco_cubic"}
    curve = read_curve(data, timebase, {})
    assert isinstance(curve, Curve)
    shifted = disco({12: 1, 22: 3, 32: 2, 42: 0}, 48, "disco_cubic")
    np.testing.assert_allclose(curve(np.arange(48.0, 96.0)), shifted, atol=1e-12)


def test_few_keys_go_another_way() -> None:
    ways = [[way(ease, n) for n in (1, 2, 3, 4)] for ease in ("disco_cubic", "disco_quadratic")]
    assert ways[0] == ["linear", "linear", "disco_quadratic", "disco_cubic"]
    assert ways[1] == ["linear", "linear", "disco_quadratic", "disco_quadratic"]
    assert pinned([(5, 2.0), (1, 3.0)], 0, 9) == ((0, 3.0), (1, 3.0), (5, 2.0), (9, 2.0))
    assert pinned([(0, 2.0), (9, 3.0)], 0, 9) == ((0, 2.0), (9, 3.0))


@pytest.mark.parametrize("count", [2, 3, 4, 7])
def test_splines_through_few_points(count: int) -> None:
    """A line stays a line, and from three points on a parabola stays a parabola."""
    x = np.array([0.0, 1.0, 4.0, 6.0, 7.0, 11.0, 12.0])[:count]
    y = 2 * x - 1 if count < 3 else x**2 - 3 * x
    slopes = np.full(count, 2.0) if count < 3 else 2 * x - 3
    np.testing.assert_allclose(not_a_knot_slopes(x, y), slopes, atol=1e-12)
    knots = quadratic(x, y)
    np.testing.assert_allclose(np.interp(x, knots.x, knots.slopes), slopes, atol=1e-12)
