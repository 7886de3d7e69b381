"""How a frame looks, in numbers: sharpness, edges, colours.

Conventions:
    Pixels are `(H, W, 3)` uint8 RGB. Levels go from 0 to 255. Lab is CIE Lab of sRGB under D65, in
    which a distance of 1 is about what an eye just sees. Lengths are given for a height of 64.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.files.png import Pixels

Values = NDArray[np.float64]

EDGE = 32
"""The least change of the luma across two pixels, in levels, that is an edge."""
COARSE = 6.0
"""Standard deviation of the blur that leaves the coarse picture, in pixels."""


def sharpness(frame: Pixels) -> float:
    """The variance of the Laplacian of the luma, in squared levels."""
    return float(cv2.Laplacian(_grey(frame), cv2.CV_64F).var())


def edges(frame: Pixels) -> float:
    """The share of the pixels at which the luma changes by `EDGE` across two pixels, 0 to 1."""
    grey = _grey(frame).astype(np.float64)
    along = np.abs(grey[1:-1, 2:] - grey[1:-1, :-2])
    across = np.abs(grey[2:, 1:-1] - grey[:-2, 1:-1])
    return float((np.hypot(along, across) >= EDGE).mean())


def channels(frame: Pixels) -> Values:
    """The means of red, green and blue, in levels."""
    return np.asarray(frame.reshape(-1, 3).mean(axis=0), dtype=np.float64)


def saturation(frame: Pixels) -> float:
    """The mean saturation, (max - min) / max of each pixel's channels, from 0 to 255."""
    return float(cv2.cvtColor(frame, cv2.COLOR_RGB2HSV)[..., 1].mean())


def lab(frame: Pixels) -> Values:
    """The picture in Lab, `(H, W, 3)`."""
    return cv2.cvtColor(frame.astype(np.float32) / 255, cv2.COLOR_RGB2LAB).astype(np.float64)


def coarse(frame: Pixels) -> Values:
    """The picture in Lab, of which only form and colours larger than `COARSE` are left."""
    return cv2.GaussianBlur(lab(frame), (0, 0), COARSE, borderType=cv2.BORDER_REFLECT).astype(
        np.float64
    )


def distance(one: Values, other: Values) -> float:
    """The mean distance in Lab of two pictures, or the distance of two colours."""
    return float(np.linalg.norm(one - other, axis=-1).mean())


def _grey(frame: Pixels) -> NDArray[np.uint8]:
    return np.asarray(cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
