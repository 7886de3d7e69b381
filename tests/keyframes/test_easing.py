from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keyframes.easing import EASINGS

FAMILIES = (
    *("sine", "quad", "cubic", "quart", "quint", "expo", "circ"),
    *("back", "elastic", "bounce"),
)
SWINGING = ("back", "elastic", "bounce", "spring")
MONOTONE = sorted(name for name in EASINGS if not name.endswith(SWINGING))

BACK, BACK_BOTH = 1.70158, 1.70158 * 1.525

# The formulas as easings.net prints them, one number at a time.
REFERENCE: dict[str, Callable[[float], float]] = {
    "in_sine": lambda x: 1 - math.cos(x * math.pi / 2),
    "out_quint": lambda x: 1 - (1 - x) ** 5,
    "in_out_cubic": lambda x: 4 * x**3 if x < 0.5 else 1 - (-2 * x + 2) ** 3 / 2,
    "in_expo": lambda x: 2 ** (10 * x - 10),
    "in_out_expo": lambda x: 2 ** (20 * x - 10) / 2 if x < 0.5 else (2 - 2 ** (-20 * x + 10)) / 2,
    "out_circ": lambda x: math.sqrt(1 - (x - 1) ** 2),
    "in_back": lambda x: (BACK + 1) * x**3 - BACK * x**2,
    "in_out_back": lambda x: (
        (2 * x) ** 2 * ((BACK_BOTH + 1) * 2 * x - BACK_BOTH) / 2
        if x < 0.5
        else ((2 * x - 2) ** 2 * ((BACK_BOTH + 1) * (2 * x - 2) + BACK_BOTH) + 2) / 2
    ),
    "out_elastic": lambda x: 2 ** (-10 * x) * math.sin((10 * x - 0.75) * 2 * math.pi / 3) + 1,
    "in_out_elastic": lambda x: (
        -(2 ** (20 * x - 10)) * math.sin((20 * x - 11.125) * 2 * math.pi / 4.5) / 2
        if x < 0.5
        else 2 ** (-20 * x + 10) * math.sin((20 * x - 11.125) * 2 * math.pi / 4.5) / 2 + 1
    ),
}


def test_names() -> None:
    names = {f"{way}_{family}" for way in ("in", "out", "in_out") for family in FAMILIES}
    assert set(EASINGS) == names | {"linear", "in", "out", "in_out", "spring"}
    with pytest.raises(TypeError):
        EASINGS["other"] = EASINGS["linear"]  # type: ignore[index]


@pytest.mark.parametrize("name", REFERENCE)
def test_formula(name: str) -> None:
    u = np.linspace(0.01, 0.99, 99)
    expected = [REFERENCE[name](x) for x in u]
    np.testing.assert_allclose(EASINGS[name](u), expected, rtol=0, atol=1e-12)


def test_bounce_hops() -> None:
    """The ball is on the ground at 4, 8 and 10 elevenths, and at 3/4 between the first two."""
    values = EASINGS["out_bounce"](np.array([4, 6, 8, 9, 10, 10.5]) / 11)
    np.testing.assert_allclose(values, [1, 0.75, 1, 0.9375, 1, 0.984375], atol=1e-12)


@pytest.mark.parametrize("name", EASINGS)
def test_ends_are_exact_and_hold(name: str) -> None:
    values = EASINGS[name](np.array([-0.5, 0.0, 1.0, 1.5]))
    assert values.tolist() == [0.0, 0.0, 1.0, 1.0]


@pytest.mark.parametrize("family", FAMILIES)
def test_out_is_in_reversed_and_in_out_is_symmetric(family: str) -> None:
    u = np.linspace(0, 1, 101)
    mirrored = 1 - EASINGS[f"in_{family}"](1 - u)
    np.testing.assert_allclose(EASINGS[f"out_{family}"](u), mirrored, atol=1e-12)
    both = EASINGS[f"in_out_{family}"]
    np.testing.assert_allclose(both(u), 1 - both(1 - u), atol=1e-12)
    assert both(np.array([0.5])) == pytest.approx(0.5, abs=1e-12)


@pytest.mark.parametrize("name", MONOTONE)
@settings(derandomize=True, deadline=None, max_examples=30)
@given(st.lists(st.floats(0, 1), min_size=2, max_size=20))
def test_rises_within_0_and_1(name: str, progress: list[float]) -> None:
    values = EASINGS[name](np.sort(progress))
    assert np.all(np.diff(values) >= -1e-15)
    assert values.min() >= 0
    assert values.max() <= 1
