"""Where between its samples a curve is highest."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def peak(samples: Sequence[float]) -> float:
    """The index of the top of the parabola through the highest of three samples or more.

    The first and the last sample have one neighbour, and count as the next one inside.
    """
    top = int(np.clip(np.argmax(samples), 1, len(samples) - 2))
    left, middle, right = samples[top - 1 : top + 2]
    bend = left - 2 * middle + right
    return top if bend >= 0 else top + float(np.clip(0.5 * (left - right) / bend, -1, 1))
