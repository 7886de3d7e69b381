from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from scipy import signal  # type: ignore[import-untyped]

from keyframes.expression import Expression
from keyframes.functions import FUNCTIONS

X = np.linspace(-3.25, 3.5, 541)

LIKE_MATH: dict[str, Callable[[float], float]] = {
    **{name: getattr(math, name) for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh")},
    **{name: getattr(math, name) for name in ("floor", "ceil", "exp")},
    "abs": abs,
    "round": round,
    "atan": math.atan,
    "sign": lambda x: math.copysign(1.0, x) if x else 0.0,
    "fract": lambda x: x - math.floor(x),
}


@pytest.mark.parametrize("name", LIKE_MATH)
def test_functions_of_any_number(name: str) -> None:
    values = Expression.parse(f"{name}(x)").evaluate({"x": X})
    np.testing.assert_allclose(values, [LIKE_MATH[name](x) for x in X], rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize("name", ["sqrt", "log", "log2", "asin", "acos"])
def test_functions_of_some_numbers(name: str) -> None:
    x = np.linspace(0.01, 1, 100)
    values = Expression.parse(f"{name}(x)").evaluate({"x": x})
    np.testing.assert_allclose(values, [getattr(math, name)(v) for v in x], rtol=1e-13)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("atan2(1, -1)", 3 * math.pi / 4),
        ("min(3, 1, 2)", 1.0),
        ("max(3, 1, 2, 5)", 5.0),
        ("clamp(7, 0, 2)", 2.0),
        ("clamp(-7, 0, 2)", 0.0),
        ("clamp(1.5, 0, 2)", 1.5),
        ("mix(2, 6, 0.25)", 3.0),
        ("step(2, 1.9)", 0.0),
        ("step(2, 2)", 1.0),
        ("smoothstep(2, 4, 2)", 0.0),
        ("smoothstep(2, 4, 2.5)", 0.15625),
        ("smoothstep(2, 4, 9)", 1.0),
        ("round(2.5)", 2.0),
        ("fract(-0.25)", 0.75),
    ],
)
def test_values(text: str, value: float) -> None:
    assert Expression.parse(text).evaluate({}) == pytest.approx(value, abs=1e-15)


def test_waves_are_those_of_signal_processing() -> None:
    x = X + 1e-3  # off the jumps
    phase = 2 * np.pi * x
    references = {
        "saw": signal.sawtooth(phase),
        "triangle": signal.sawtooth(phase, width=0.5),
        "square": signal.square(phase),
    }
    for name, expected in references.items():
        values = Expression.parse(f"{name}(x)").evaluate({"x": x})
        np.testing.assert_allclose(values, expected, atol=1e-12)


def test_waves_at_the_beginning_of_the_period() -> None:
    for name, value in (("saw", -1.0), ("triangle", -1.0), ("square", 1.0)):
        wave = Expression.parse(f"{name}(x)")
        assert [wave.evaluate({"x": x}) for x in (-1.0, 0.0, 1.0)] == [value] * 3


def test_every_function_can_be_called_as_its_usage_says() -> None:
    x = np.linspace(0.1, 0.9, 9)
    for name, function in FUNCTIONS.items():
        call = f"{name}({', '.join(function.parameters)})"
        variables = {
            parameter: x + place for place, parameter in enumerate(sorted(function.parameters))
        }
        assert np.shape(Expression.parse(call).evaluate(variables)) == x.shape
