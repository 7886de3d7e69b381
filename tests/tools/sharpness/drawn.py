"""Pictures of edges whose widths are known."""

from __future__ import annotations

from math import cos, radians, sin

import numpy as np
from numpy.typing import NDArray

from pipeline.files.png import Pixels


def grey(levels: NDArray[np.float64]) -> Pixels:
    """Levels `(H, W)` as a grey picture."""
    return np.repeat(np.rint(levels).clip(0, 255).astype(np.uint8)[..., None], 3, axis=2)


def ramp(width: float, degrees: float = 0.0, low: float = 60, high: float = 180) -> Pixels:
    """An edge through the middle of 96 x 96 px, which rises evenly over `width` px."""
    y, x = np.mgrid[:96, :96] - 47.3
    across = x * cos(radians(degrees)) + y * sin(radians(degrees))
    return grey(low + (high - low) * np.clip(across / width + 0.5, 0, 1))


def stripes(period: float) -> Pixels:
    """A sine of that period in px from side to side of 256 x 128 px."""
    wave = 127.5 + 100 * np.sin(2 * np.pi * np.arange(256) / period)
    return grey(np.broadcast_to(wave, (128, 256)))
