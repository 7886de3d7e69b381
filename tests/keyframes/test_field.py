"""Formulas of places: what has a value at each pixel, and what has one for each frame."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from keyframes.clock import clock_signals
from keyframes.expression import Expression, ExpressionError
from keyframes.field import Field, field_values
from keyframes.timebase import Timebase

SIGNALS = clock_signals(Timebase(Fraction(10)), 11)


def field(text: str) -> Field:
    return Field(Expression.parse(text), SIGNALS)


def places() -> dict[str, np.ndarray]:
    return {
        "x": np.array([[0.25, 0.75]]),
        "y": np.array([[0.25], [0.75]]),
        "depth": np.array([[0.0, 0.5], [0.5, 1.0]]),
    }


def test_the_clock_has_one_value_a_frame_and_places_one_each() -> None:
    one = field("depth * progress + (x > 0.5)")
    assert one.places == {"depth", "x"}
    assert one.at(5.0) == (("progress", 0.5),)
    values = field_values(one.expression.text, dict(one.at(5.0)), places())
    assert values.tolist() == [[0.0, 1.25], [0.25, 1.5]]


def test_a_constant_fills_all_places() -> None:
    assert field("0.3").at(2.0) == ()
    assert field_values("0.3", {}, places()).tolist() == [[0.3, 0.3], [0.3, 0.3]]


def test_what_is_called_keeps_its_name() -> None:
    one = field("y * accumulate(t) + accumulate(t)")
    ((name, value),) = one.at(10.0)
    assert (name, value) == ("accumulate(t)", pytest.approx(0.5))
    top, bottom = field_values(one.expression.text, {name: value}, places())
    assert top.tolist() == pytest.approx([0.625] * 2)
    assert bottom.tolist() == pytest.approx([0.875] * 2)


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("x + accumulate(1 - depth)", 20, '"depth" has a value at each place of the picture'),
        ("x + z", 5, 'unknown name "z"'),
        ("low(x)", 5, '"x" has a value at each place of the picture'),
    ],
)
def test_mistakes(text: str, column: int, message: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        field(text)
    assert str(caught.value).startswith(message)
    assert caught.value.column == column


def test_a_value_that_there_is_not_is_told_apart() -> None:
    assert not np.isfinite(field_values("1 / (x - 0.25)", {}, places())).all()
