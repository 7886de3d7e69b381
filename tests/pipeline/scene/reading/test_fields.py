"""Ranges of numbers: what belongs to them, and how they read in a message."""

from __future__ import annotations

from fractions import Fraction
from math import inf, nan

import numpy as np
import pytest

from pipeline.scene.reading.ranges import Range, at_least, between

RANGES = [
    (between(0, 1), "from 0 to 1", [0, 0.5, 1], [-0.1, 1.1, nan, inf]),
    (between(0, 2**63 - 1), "from 0 to 9223372036854775807", [2**63 - 1], [2**63, -1]),
    (at_least(0), "0 or more", [0, 1e300], [-1e-9, inf]),
    (Range(0, open_low=True), "above 0", [1e-9, Fraction(1, 3)], [0, -1]),
    (Range(0, 180, True, True), "above 0 and below 180", [1, 179.9], [0, 180]),
    (Range(0, 100, open_low=True), "above 0 and up to 100", [100], [0, 100.5]),
    (Range(high=0.5), "up to 0.5", [-7, 0.5], [0.6, -inf]),
]


@pytest.mark.parametrize(("allowed", "words", "inside", "outside"), RANGES)
def test_ranges(allowed: Range, words: str, inside: list[float], outside: list[float]) -> None:
    assert str(allowed) == words
    assert all(value in allowed for value in inside)
    assert not any(value in allowed for value in outside)


@pytest.mark.parametrize("allowed", [row[0] for row in RANGES if row[0].high != 2**63 - 1])
def test_a_range_of_an_array_is_that_of_its_values(allowed: Range) -> None:
    values = np.array([-1, -1e-9, 0, 1e-9, 0.5, 1, 1.1, 100, 100.5, 180, 1e300, inf, -inf, nan])
    expected = [value not in allowed for value in values.tolist()]
    assert allowed.outside(values).tolist() == expected
