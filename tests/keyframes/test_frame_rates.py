from __future__ import annotations

from fractions import Fraction

import pytest

from keyframes.frame_rates import parse_fps
from keyframes.timebase import TimeError


@pytest.mark.parametrize(
    ("value", "fps"),
    [
        (24, Fraction(24)),
        ("24", Fraction(24)),
        (12.5, Fraction(25, 2)),
        ("30000/1001", Fraction(30000, 1001)),
        ("25 / 2", Fraction(25, 2)),
        (23.976, Fraction(24000, 1001)),
        ("23.98", Fraction(24000, 1001)),
        (29.97, Fraction(30000, 1001)),
        (59.94, Fraction(60000, 1001)),
        (30, Fraction(30)),
        (29.9, Fraction(299, 10)),
    ],
)
def test_frame_rates(value: str | float, fps: Fraction) -> None:
    assert parse_fps(value) == fps


@pytest.mark.parametrize("value", [0, -24, "0/1", "24/0", "fast", "", True, float("nan"), "24fps"])
def test_no_frame_rate(value: str | float) -> None:
    with pytest.raises(TimeError) as error:
        parse_fps(value)
    assert str(error.value).startswith(
        "a frame rate is a number above 0 such as 24 or 29.97, or a ratio such as "
        '"30000/1001"; found '
    )
