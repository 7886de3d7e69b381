from __future__ import annotations

from fractions import Fraction
from time import process_time

import numpy as np
import pytest
from numpy.typing import NDArray

from keyframes.accumulate import LAST_FRAME
from keyframes.clock import clock_signals
from keyframes.expression import Expression, ExpressionError, Formula
from keyframes.timebase import Tempo, Timebase

SIGNALS = clock_signals(Timebase(Fraction(30000, 1001), Tempo(120)), 240)
FRAMES = np.arange(240.0)
SECONDS = FRAMES * 1001 / 30000


def formula(text: str) -> Formula:
    return Formula(Expression.parse(text), SIGNALS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("accumulate(2)", 2 * SECONDS),
        ("accumulate(t)", SECONDS**2 / 2),
        ("1 - 3 * accumulate(t - 1)", 1 - 3 * (SECONDS**2 / 2 - SECONDS)),
        ("accumulate(t) + accumulate(1)", SECONDS**2 / 2 + SECONDS),
        ("sin(accumulate(1))", np.sin(SECONDS)),
    ],
)
def test_a_speed_a_second_gives_a_position(text: str, expected: NDArray[np.float64]) -> None:
    np.testing.assert_allclose(formula(text)(FRAMES), expected, rtol=1e-12, atol=1e-12)


def test_a_sum_of_a_sum() -> None:
    twice = formula("accumulate(accumulate(6 * t))")(FRAMES)
    # The trapezoids of a square lie above it by a sixth of their squared width, on each second.
    step = 1001 / 30000
    np.testing.assert_allclose(twice, SECONDS**3 + SECONDS * step**2 / 2, rtol=1e-9, atol=1e-12)


def test_in_pieces_and_out_of_order_the_values_are_the_same() -> None:
    text = "accumulate(sin(tau * t) * beat_pulse + accumulate(noise(frame)))"
    whole = formula(text)(FRAMES)
    single, sliced = formula(text), formula(text)
    assert [single(frame) for frame in FRAMES[::-1]] == whole[::-1].tolist()
    assert [single(frame) for frame in FRAMES] == whole.tolist()
    pieces = np.concatenate([sliced(FRAMES[place : place + 7]) for place in range(0, 240, 7)])
    assert pieces.tolist() == whole.tolist()
    fresh = formula(text)
    assert fresh(120.0) == whole[120]


def test_between_frames_it_goes_straight_and_before_the_first_it_is_0() -> None:
    summed = formula("accumulate(t)")
    assert summed(10.5) == pytest.approx((summed(10.0) + summed(11.0)) / 2, rel=1e-12)
    assert summed(np.array([-3.0, 0.0])).tolist() == [0.0, 0.0]
    assert summed(np.empty(0)).shape == (0,)


def test_what_is_never_asked_is_not_computed() -> None:
    assert formula("accumulate(2 ** (frame - 48))")(np.arange(100.0))[-1] > 2**46
    with pytest.raises(ExpressionError, match=r"^an exponent lies from"):
        formula("accumulate(2 ** (frame - 48))")(120.0)


def test_a_speed_without_value_is_told_where_it_reaches_the_result() -> None:
    with pytest.raises(ExpressionError) as error:
        formula("accumulate(1 / (frame - 5))")(FRAMES)
    words = '"accumulate(1 / (frame - 5))" is not a finite number at frame 5 (value inf)'
    assert str(error.value) == words


def test_a_sum_without_end_is_refused() -> None:
    with pytest.raises(ExpressionError, match=f"^accumulate reaches to frame {LAST_FRAME}$"):
        formula("accumulate(1)")(1e15)


def test_names_inside_are_checked_too() -> None:
    with pytest.raises(ExpressionError) as error:
        formula("t + accumulate(1 + lwo)")
    assert (str(error.value)[:18], error.value.column) == ('unknown name "lwo"', 20)


def test_ten_minutes_in_slices_take_little_time() -> None:
    summed, start = formula("accumulate(1 + 0.2 * sin(t))"), process_time()
    frames = np.arange(14_400.0)
    values = np.concatenate([summed(frames[place : place + 24]) for place in range(0, 14_400, 24)])
    assert process_time() - start < 1
    assert values.tolist() == formula("accumulate(1 + 0.2 * sin(t))")(frames).tolist()
