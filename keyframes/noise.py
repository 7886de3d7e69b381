"""Smooth noise over one dimension, the same numbers on every machine.

Convention:
    At every whole number stands a value drawn evenly from [-1, 1) by a hash of that number, and
    Perlin's fade (2002, "Improving noise", with continuous curvature) goes from each to the next.
    So `noise(frame)` jumps about, `noise(frame / 24)` drifts. It repeats after 2**32.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

PERIOD = 2.0**32


def noise(x: Array) -> Array:
    """Values in [-1, 1], of the shape of `x`; NaN where `x` is not finite."""
    cell = np.floor(x)
    u = x - cell
    fade = u**3 * (u * (6 * u - 15) + 10)
    here, following = _drawn(cell), _drawn(cell + 1)
    return here + (following - here) * fade


def _drawn(whole: Array) -> Array:
    """Values in [-1, 1): a mixed 64-bit counter, whose upper 53 bits are the digits."""
    index = np.nan_to_num(np.mod(whole, PERIOD)).astype(np.uint64)
    digits = _mixed(index) >> np.uint64(11)
    return digits.astype(np.float64) * 2.0**-52 - 1.0


def _mixed(index: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """SplitMix64 (Steele, Lea & Flood 2014, fig. 17) with its state at `index` steps."""
    z = (index + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))
