from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp  # type: ignore[import-untyped]
from scipy.optimize import brentq  # type: ignore[import-untyped]

from keyframes.easing import EASINGS
from keyframes.shaped_eases import SETTLED, Bezier, Spring

U = np.linspace(0, 1, 501)

CURVES = [
    (0.4, 0.0, 0.2, 1.0),
    (0.25, 0.1, 0.25, 1.0),
    (0.0, 0.0, 1.0, 1.0),
    (0.68, -0.55, 0.27, 1.55),
    (1.0, 0.0, 0.0, 1.0),
    (0.0, 1.0, 1.0, 0.0),
    (0.0, 3.0, 0.0, -2.0),
    (1.0, 1.0, 1.0, 1.0),
]


def bernstein(s: float, first: float, second: float) -> float:
    return 3 * (1 - s) ** 2 * s * first + 3 * (1 - s) * s**2 * second + s**3


@pytest.mark.parametrize("handles", CURVES)
def test_a_bezier_is_the_curve_of_css(handles: tuple[float, float, float, float]) -> None:
    """At each parameter the curve's x leads to its y; where x stands still, y may be a bit off."""
    x1, y1, x2, y2 = handles
    s = np.linspace(0, 1, 301)
    x = np.array([bernstein(one, x1, x2) for one in s])
    y = np.array([bernstein(one, y1, y2) for one in s])
    np.testing.assert_allclose(Bezier(*handles)(x), y, atol=1e-4)
    steep = np.abs(np.gradient(x, s)) > 1e-2
    np.testing.assert_allclose(Bezier(*handles)(x[steep]), y[steep], atol=1e-10)


@settings(derandomize=True, deadline=None, max_examples=50)
@given(st.floats(0, 1), st.floats(-2, 2), st.floats(0, 1), st.floats(-2, 2), st.floats(0.01, 0.99))
def test_any_bezier_is_that_of_a_root_finder(
    x1: float, y1: float, x2: float, y2: float, u: float
) -> None:
    s = brentq(lambda s: bernstein(s, x1, x2) - u, 0, 1, xtol=1e-15)
    # Handles that cross make the curve so steep that its y is as sure as the root of a rounding.
    assert Bezier(x1, y1, x2, y2)(np.array([u])) == pytest.approx(bernstein(s, y1, y2), abs=1e-4)


@pytest.mark.parametrize("ease", [Bezier(0.4, 0, 0.2, 1), Bezier(1, 9, 0, -9), Spring(), Spring(1)])
def test_ends_are_exact_and_each_frame_is_for_itself(ease: Bezier | Spring) -> None:
    assert ease(np.array([-0.5, 0.0, 1.0, 1.5])).tolist() == [0.0, 0.0, 1.0, 1.0]
    assert ease(U).tolist() == [float(ease(np.array([u]))[0]) for u in U]
    assert ease(np.empty(0)).shape == (0,)


@pytest.mark.parametrize(
    ("handles", "message"),
    [
        ((1.2, 0, 0.2, 1), r"^x1 of \[x1, y1, x2, y2\] is from 0 to 1; found 1\.2$"),
        ((0, 0, -0.1, 1), r"^x2 of .* is from 0 to 1; found -0\.1$"),
        ((0, 11, 0, 1), r"^y1 of .* is from -10 to 10; found 11$"),
        ((0, 0, 0, math.nan), r"^y2 of .* is from -10 to 10; found nan$"),
        ((math.nan, 0, 0, 0), r"^x1 of .* is from 0 to 1; found nan$"),
    ],
)
def test_no_bezier(handles: tuple[float, float, float, float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Bezier(*handles)


@pytest.mark.parametrize(("stiffness", "damping"), [(100, 10), (170, 26), (100, 20), (40, 60)])
def test_a_spring_moves_as_its_equation_says(stiffness: float, damping: float) -> None:
    ratio = damping / (2 * math.sqrt(stiffness))
    rate = ratio if ratio <= 1 else ratio - math.sqrt(ratio**2 - 1)
    end = math.log(1 / SETTLED) / (rate * math.sqrt(stiffness))
    solved = solve_ivp(
        lambda _, state: (state[1], stiffness * (1 - state[0]) - damping * state[1]),
        (0, end),
        (0.0, 0.0),
        t_eval=U * end,
        rtol=1e-10,
        atol=1e-12,
    ).y[0]
    moved = Spring(stiffness, damping)(U)
    np.testing.assert_allclose(moved, solved + (1 - solved[-1]) * U, atol=1e-8)
    assert abs(1 - solved[-1]) < 0.01


def test_only_the_ratio_of_a_spring_counts() -> None:
    np.testing.assert_allclose(Spring(400, 20)(U), Spring()(U), atol=1e-12)
    assert Spring()(U).max() == pytest.approx(1.163, abs=0.002)
    assert Spring(100, 20)(U).max() == 1.0
    np.testing.assert_array_equal(EASINGS["spring"](U), Spring()(U))


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        ((0.5, 1), r"^the stiffness of a spring is from 1 to 10000; found 0\.5$"),
        ((math.nan, 1), r"^the stiffness of a spring is from 1 to 10000; found nan$"),
        (
            (100, 0),
            r"^the damping of a spring with stiffness 100 is from 0\.4 to 100, "
            r"and from 20 on nothing swings; found 0$",
        ),
        ((100, 101), r"is from 0\.4 to 100, .*; found 101$"),
    ],
)
def test_no_spring(numbers: tuple[float, float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Spring(*numbers)


@pytest.mark.parametrize("ratio", [0.02, 0.5, 0.999999999, 1.0, 1.000000001, 3.0, 5.0])
def test_springs_of_every_damping_are_numbers(ratio: float) -> None:
    values = Spring(100, 20 * ratio)(U)
    assert np.isfinite(values).all()
    assert values.min() >= 0 and values.max() < 2
