"""Planes and pixels that styles are made of: noise, blurs, steps and edges.

Values are in [0, 1] and lengths are shares of the picture's height, so that a picture of another
size gets the same texture, only finer or coarser.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
_GLOWING_ROWS = 96
_CALM, _MOST = 0.05, 4.0
"""The mean change below which a neighbourhood is calm, and how many times a change then counts."""
_LAB = np.array([1 / 100, 1 / 110, 1 / 110], np.float32)
"""Of CIE Lab's ranges: L from 0 to 100, a and b to some 110 either way."""


def to_floats(picture: NDArray[np.uint8]) -> Floats:
    """Levels of 255 as values in [0, 1]."""
    return np.asarray(picture, np.float32) / np.float32(255)


def to_levels(values: Floats) -> NDArray[np.uint8]:
    """Values, cut to [0, 1], as levels of 255."""
    return np.asarray(np.clip(values, 0, 1) * 255 + 0.5).astype(np.uint8)


def noise(rng: np.random.Generator, shape: tuple[int, ...], rows: int) -> Floats:
    """A smooth plane `(H, W)` around 0, of deviation near 1 where it shows, from `rows` cells of
    noise in the height; where a pixel holds many cells, it has their mean."""
    height, width = shape[:2]
    cells = rng.standard_normal((rows, round(rows * width / height)), dtype=np.float32)
    way = cv2.INTER_AREA if rows > height else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(cells, (width, height), interpolation=way), np.float32)


def blurred(values: Floats, share: float) -> Floats:
    """`values` under a Gaussian whose deviation is this share of the height."""
    return np.asarray(cv2.GaussianBlur(values, (0, 0), share * len(values)), np.float32)


def glow(values: Floats, share: float) -> Floats:
    """`blurred`, but on 96 rows of large pictures: wide blurs take a fraction of the time."""
    height, width = values.shape[:2]
    rows = min(height, _GLOWING_ROWS)
    size = (round(rows * width / height), rows)
    small = blurred(np.asarray(cv2.resize(values, size, interpolation=cv2.INTER_AREA)), share)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR))


def step(values: Floats, low: float, high: float) -> Floats:
    """0 below `low`, 1 above `high`, a cubic between; falling where `low` is the greater."""
    t = np.clip((values - np.float32(low)) / np.float32(high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)


def simplified(picture: NDArray[np.uint8], share: float) -> NDArray[np.uint8]:
    """The picture in areas of one colour, without what is thinner than this share of the height.

    One pixel at least, so that small pictures lose a little more.
    """
    side = 2 * max(round(share * len(picture) / 2), 1) + 1
    return np.asarray(cv2.medianBlur(picture, side), np.uint8)


def warped(picture: NDArray[np.uint8], rng: np.random.Generator, share: float) -> NDArray[np.uint8]:
    """The picture with all borders a little astray, by about this share of the height."""
    height, width = picture.shape[:2]
    x, y = (noise(rng, picture.shape, 22) * np.float32(share * height) for _ in range(2))
    x += np.arange(width, dtype=np.float32)[None]
    y += np.arange(height, dtype=np.float32)[:, None]
    way = cv2.INTER_LINEAR
    return np.asarray(cv2.remap(picture, x, y, way, borderMode=cv2.BORDER_REFLECT_101), np.uint8)


def edges(picture: NDArray[np.uint8], depth: Floats, share: float) -> Floats:
    """How much changes across a width of this share of the height, `(H, W)`: 1 is from black to
    white, from one hue to its opposite, or from the nearest thing to the sky.

    Where little changes all around, as in fog, it counts up to four times as much.
    """
    lab = cv2.cvtColor(to_floats(picture), cv2.COLOR_RGB2LAB) * _LAB
    planes = np.dstack([lab, depth])
    smooth = blurred(planes, share)
    x, y = (cv2.Sobel(smooth, cv2.CV_32F, *way, scale=1 / 8) for way in ((1, 0), (0, 1)))
    slope = np.sqrt((x * x + y * y).sum(axis=2))
    # The slope of a blurred step is its height by sqrt(2 pi) times the deviation.
    change = np.asarray(slope * np.float32(np.sqrt(2 * np.pi) * share * len(picture)), np.float32)
    calm = np.clip(glow(change, 0.08), _CALM / _MOST, _CALM)
    return np.asarray(change * (_CALM / calm), np.float32)
