"""How far changes that follow each other are under way: what has to make room for something new."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

NEAR = 1e-6
"""Frames by which a change that ends on one may miss it: its length is a sum of rounded numbers."""


def turning(at: Array, starts: Array, lengths: Array) -> Array:
    """How far from rest it is at each of `at`, 0 to 1, of any shape.

    A change that lasts from `starts[k]` on for `lengths[k]` rises to 1 in its middle, and stays
    there up to the first whole position at or after its end; one of no length is 1 from its start
    up to the next whole position. The starts ascend, the first may be minus infinity. A change
    that begins as the one before it ends lets that one end.
    """
    index = np.searchsorted(starts, at, side="right") - 1
    last, before = (
        _under_way(at - starts[which], lengths[which])
        for which in (index, np.maximum(index - 1, 0))
    )
    return np.maximum(last, before)


def _under_way(passed: Array, length: Array) -> Array:
    rising = np.where(length > 0, 2 * passed / np.where(length > 0, length, 1.0), 1.0)
    return np.where(passed >= length + 1 - NEAR, 0.0, np.minimum(1.0, rising))
