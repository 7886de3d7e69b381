from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keyframes.expression import Expression, ExpressionError, Formula, clock_signals
from keyframes.timebase import Tempo, Timebase

SILENT = clock_signals(Timebase(Fraction(24)), 240)
MUSIC = clock_signals(Timebase(Fraction(24), Tempo(120, first_beat=0.5)), 240)


def value(text: str, **variables: float) -> object:
    return Expression.parse(text).evaluate(variables)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", 7.0),
        ("-2 ** 2", -4.0),
        ("2 ** 3 ** 2", 512.0),
        ("7 // 2 + -7 // 2", -1.0),
        ("-7 % 3", 2.0),
        ("1 < 2 < 3", 1.0),
        ("1 < 2 > 3", 0.0),
        ("2 <= 2 != 3", 1.0),
        ("0.5 and 2", 1.0),
        ("0 or 3", 1.0),
        ("1 and 0 or 0", 0.0),
        ("not 3", 0.0),
        ("not 0", 1.0),
        ("10 if 3 else 20", 10.0),
        ("10 if 1 > 2 else 20", 20.0),
        ("0x10 + 1e1", 26.0),
        ("pi", math.pi),
        ("cos(tau) * log(e)", 1.0),
        ("10 ** 30 // 1", 1e30),
    ],
)
def test_values(text: str, expected: float) -> None:
    result = value(text)
    assert type(result) is float
    assert result == pytest.approx(expected, rel=1e-15)


def test_variables_are_arrays() -> None:
    expression = Expression.parse("x if x > y else -y")
    result = expression.evaluate({"x": np.array([1.0, 5.0]), "y": 3.0})
    np.testing.assert_array_equal(result, [-3.0, 5.0])
    assert expression.names == {"x", "y"}


def test_names_are_the_variables_alone() -> None:
    assert Expression.parse("sin(2 * pi * beat / 8) + low * e").names == {"beat", "low"}


def test_expressions_are_equal_if_their_texts_are() -> None:
    assert Expression.parse("t + 1") == Expression.parse("t + 1")
    assert Expression.parse("t + 1") != Expression.parse("t + 2")


numbers = st.floats(-9, 9).map(lambda x: round(x, 3))
formulas = st.recursive(
    st.one_of(numbers.map(lambda x: f"({x})"), st.just("x")),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "<", "=="]), inner).map(
            lambda parts: f"({parts[0]} {parts[1]} {parts[2]})"
        ),
        st.tuples(inner, inner, inner).map(lambda p: f"({p[0]} if {p[1]} else {p[2]})"),
        inner.map(lambda part: f"(not {part})"),
    ),
    max_leaves=12,
)


@pytest.mark.slow
@settings(derandomize=True, deadline=None, max_examples=200)
@given(formulas, numbers)
def test_agrees_with_python(text: str, x: float) -> None:
    expected = float(eval(text, {"__builtins__": {}}, {"x": x}))
    assert value(text, x=x) == pytest.approx(expected, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize(
    ("text", "found", "column"),
    [("9**9**9", "3.8742e+08", 4), ("t ** 65", "65", 6), ("2 ** -65", "-65", 6)],
)
def test_a_constant_exponent_is_bounded_when_parsed(text: str, found: str, column: int) -> None:
    with pytest.raises(ExpressionError) as error:
        Expression.parse(text)
    assert str(error.value) == f"an exponent lies from -64 to 64; found {found}"
    assert error.value.column == column


@pytest.mark.parametrize("exponent", [65.0, -64.5, float("nan"), float("inf")])
def test_other_exponents_are_bounded_when_evaluated(exponent: float) -> None:
    power = Expression.parse("2 ** x")
    assert power.evaluate({"x": 64.0}) == 2.0**64
    with pytest.raises(ExpressionError, match=r"^an exponent lies from -64 to 64; found ") as error:
        power.evaluate({"x": np.array([1.0, exponent])})
    assert error.value.column == 6


def test_the_result_alone_must_be_finite() -> None:
    """Without a warning: these are errors in the tests."""
    guarded = Formula(Expression.parse("1 / t if t > 0 else 0"), SILENT)
    np.testing.assert_array_equal(guarded(np.array([0.0, 12.0])), [0.0, 2.0])
    inverse = Formula(Expression.parse("1 / (frame - 12)"), SILENT)
    assert inverse(13.0) == 1.0
    for text, at, words in (
        ("1 / (frame - 12)", np.arange(240.0), "frame 12 (value inf)"),
        ("log(frame - 3)", np.arange(2.0, 240.0), "frame 2 (value nan)"),
        ("exp(1000 * t)", np.arange(240.0), "frame 18 (value inf)"),
        ("sqrt(-1 - frame)", 0.5, "frame 0.5 (value nan)"),
    ):
        with pytest.raises(ExpressionError) as error:
            Formula(Expression.parse(text), SILENT)(at)
        assert str(error.value) == f'"{text}" is not a finite number at {words}'
        assert error.value.column == 1


def test_formula_is_a_curve() -> None:
    sway = Formula(Expression.parse("0.3 * sin(2*pi*beat/8)"), MUSIC)
    frames = np.arange(240.0)
    expected = 0.3 * np.sin(2 * np.pi * (frames - 12) / 12 / 8)
    np.testing.assert_allclose(sway(frames), expected, atol=1e-12)
    assert sway(12.0) == 0.0
    assert type(sway(3)) is float


def test_a_formula_without_variables_has_the_shape_of_the_frames() -> None:
    constant = Formula(Expression.parse("2 * 3"), SILENT)
    values = constant(np.arange(4.0))
    values[0] = 1.0
    assert values.tolist() == [1.0, 6.0, 6.0, 6.0]
    assert constant(np.empty(0)).shape == (0,)


def test_other_signals_can_be_heard() -> None:
    envelope = np.linspace(0, 1, 240)
    signals = {**MUSIC, "low": lambda frame: np.interp(frame, np.arange(240), envelope)}
    zoom = Formula(Expression.parse("1 + 0.04 * low"), signals)
    assert zoom(239.0) == pytest.approx(1.04)


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        (
            "1 + progres",
            5,
            'unknown name "progres" (did you mean "progress"?); a formula can use duration, every, '
            "fps, frame, frames, progress, shot_progress, shot_t, t, pi, tau, e",
        ),
        (
            "xyzzy + plugh",
            1,
            'unknown name "xyzzy"; a formula can use duration, every, fps, frame, frames, '
            "progress, shot_progress, shot_t, t, pi, tau, e",
        ),
        ("2 * beat", 5, '"beat" needs a tempo; set `music.bpm`'),
        ("bar", 1, '"bar" needs a tempo; set `music.bpm`'),
        (
            "t.real",
            1,
            'unknown name "t.real"; a formula can use duration, every, fps, frame, '
            "frames, progress, shot_progress, shot_t, t, pi, tau, e",
        ),
    ],
)
def test_unknown_names(text: str, column: int, message: str) -> None:
    with pytest.raises(ExpressionError) as error:
        Formula(Expression.parse(text), SILENT)
    assert (str(error.value), error.value.column) == (message, column)


def test_evaluation_without_a_value_for_a_variable() -> None:
    with pytest.raises(
        ExpressionError, match=r'^unknown name "y"; a formula can use x, pi, tau, e'
    ):
        value("x + y", x=1.0)
