"""The numbers that a setting may be."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import inf, isfinite

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Range:
    """The numbers that a setting may be: both ends belong to it unless `open_*` says otherwise."""

    low: float = -inf
    high: float = inf
    open_low: bool = False
    open_high: bool = False

    def outside(self, values: NDArray[np.float64]) -> NDArray[np.bool_]:
        """True where a value is not in the range; a value that is not finite never is."""
        below = values <= self.low if self.open_low else values < self.low
        above = values >= self.high if self.open_high else values > self.high
        return below | above | ~np.isfinite(values)

    def __contains__(self, value: float | Fraction) -> bool:
        above = value > self.low or (value == self.low and not self.open_low)
        below = value < self.high or (value == self.high and not self.open_high)
        return above and below and isfinite(value)

    def __str__(self) -> str:
        if isfinite(self.low) and isfinite(self.high) and not (self.open_low or self.open_high):
            return f"from {_text(self.low)} to {_text(self.high)}"
        low = f"above {_text(self.low)}" if self.open_low else f"{_text(self.low)} or more"
        high = f"below {_text(self.high)}" if self.open_high else f"up to {_text(self.high)}"
        bounds = [words for words, bound in ((low, self.low), (high, self.high)) if isfinite(bound)]
        return " and ".join(bounds)


def _text(bound: float) -> str:
    return str(bound) if isinstance(bound, int) else f"{bound:g}"


def between(low: float, high: float) -> Range:
    """The range from `low` to `high`, both included."""
    return Range(low, high)


def at_least(low: float) -> Range:
    """The range of `low` and everything above it."""
    return Range(low)
