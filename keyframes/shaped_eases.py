"""Easings with numbers of their own: Bezier curves as of CSS, and springs.

Convention:
    Like those of `keyframes.easing` they map progress to progress, arrays of one shape, and give
    exactly 0 up to 0 and exactly 1 from 1 on.
"""

from __future__ import annotations

import cmath
from dataclasses import dataclass
from math import log, sqrt

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

HIGHEST = 10.0
"""How far a Bezier curve may be drawn out of the way from 0 to 1, on either side."""
NEAR = 1e-14
"""How near to a progress the curve's own has to come."""
ROUNDS = 60
"""Halvings after which nothing is left to halve."""

STIFFNESS = (1.0, 10_000.0)
DAMPING_RATIO = (0.02, 5.0)
"""The least and the largest damping, as shares of the one with which nothing swings."""
SETTLED = 1 / 1000
"""What is left of the way when a spring counts as arrived; it is spread over all of it."""


@dataclass(frozen=True, slots=True)
class Bezier:
    """The cubic Bezier curve from (0, 0) to (1, 1) with two handles, as CSS's `cubic-bezier`.

    Raises ValueError for a handle whose x is outside 0 to 1, or whose y is more than HIGHEST.
    """

    x1: float
    y1: float
    x2: float
    y2: float

    def __post_init__(self) -> None:
        for name, x in (("x1", self.x1), ("x2", self.x2)):
            if not 0 <= x <= 1:
                raise ValueError(f"{name} of [x1, y1, x2, y2] is from 0 to 1; found {x:g}")
        for name, y in (("y1", self.y1), ("y2", self.y2)):
            if not abs(y) <= HIGHEST:
                message = f"{name} of [x1, y1, x2, y2] is from {-HIGHEST:g} to {HIGHEST:g}"
                raise ValueError(f"{message}; found {y:g}")

    def __call__(self, u: Array) -> Array:
        """The curve's y where its x is `u`."""
        s = self._place(np.clip(u, 0.0, 1.0))
        return np.where(u <= 0, 0.0, np.where(u >= 1, 1.0, _cubic(s, self.y1, self.y2)))

    def _place(self, u: Array) -> Array:
        """The parameter at which the curve's x is `u`: Newton's method, kept between two bounds."""
        low, high, s = np.zeros_like(u), np.ones_like(u), u
        for turn in range(ROUNDS):
            miss = _cubic(s, self.x1, self.x2) - u
            going = np.abs(miss) > NEAR
            if not going.any():
                break
            low, high = np.where(miss < 0, s, low), np.where(miss > 0, s, high)
            with np.errstate(all="ignore"):
                newton = s - miss / _slope(s, self.x1, self.x2)
            # From where the curve is steep Newton's steps are short; every third is a halving.
            is_good = (newton > low) & (newton < high) & (turn % 3 < 2)
            s = np.where(going, np.where(is_good, newton, (low + high) / 2), s)
        return s


def _cubic(s: Array, first: float, second: float) -> Array:
    """One coordinate of the curve, whose handles are at `first` and `second`."""
    return s * (3 * first * (1 - s) ** 2 + s * (3 * second * (1 - s) + s))


def _slope(s: Array, first: float, second: float) -> Array:
    rest = 1 - s
    return 3 * (rest * (first * rest + 2 * (second - first) * s) + (1 - second) * s**2)


@dataclass(frozen=True, slots=True)
class Spring:
    """The way of a unit mass on a spring, which has come to rest when the next key is reached.

    As its time is that of the way, only the ratio of `damping` to the square root of `stiffness`
    counts. Raises ValueError for numbers outside STIFFNESS and DAMPING_RATIO.
    """

    stiffness: float = 100.0
    damping: float = 10.0

    def __post_init__(self) -> None:
        least, largest = STIFFNESS
        if not least <= self.stiffness <= largest:
            raise ValueError(
                f"the stiffness of a spring is from {least:g} to {largest:g}; "
                f"found {self.stiffness:g}"
            )
        critical = 2 * sqrt(self.stiffness)
        low, high = (ratio * critical for ratio in DAMPING_RATIO)
        if not low <= self.damping <= high:
            raise ValueError(
                f"the damping of a spring with stiffness {self.stiffness:g} is from {low:.3g} to "
                f"{high:.3g}, and from {critical:.3g} on nothing swings; found {self.damping:g}"
            )

    def __call__(self, u: Array) -> Array:
        """The share of the way that is gone at the share `u` of the time; may go beyond 1."""
        ratio = self.damping / (2 * sqrt(self.stiffness))
        slowest = (ratio - cmath.sqrt(ratio**2 - 1)).real
        rest = log(1 / SETTLED) / slowest
        left = _left(np.array(rest), ratio)
        inside = 1 - _left(rest * np.clip(u, 0.0, 1.0), ratio) + left * u
        return np.where(u <= 0, 0.0, np.where(u >= 1, 1.0, inside))


def _left(time: Array, ratio: float) -> Array:
    """What is left of the way to rest, in a time whose unit is the undamped radian.

    The closed form of the damped oscillator; its frequency is imaginary where nothing swings.
    """
    frequency = cmath.sqrt(1 - ratio**2) or 1e-8
    turn = frequency * time
    swing = np.cos(turn) + ratio * np.sin(turn) / frequency
    left: Array = (np.exp(-ratio * time) * swing).real
    return left
