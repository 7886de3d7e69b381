"""Two pictures in one for glasses of a red and a cyan glass, the red one before the left eye.

Convention:
    Pixels are `(H, W, 3)` uint8 arrays of sRGB.

Each colour is the one that comes nearest through both glasses to what both eyes should see, by
least squares over the spectra of glasses and screen (Dubois 2001, "A projection method to generate
anaglyph stereo images", for red and cyan). Greys stay grey; a pure red or cyan, which one eye alone
would see, becomes a brightness for both.
"""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.files.png import Pixels

_LEFT = (
    (0.4561, 0.500484, 0.176381),
    (-0.0400822, -0.0378246, -0.0157589),
    (-0.0152161, -0.0205971, -0.00546856),
)
_RIGHT = (
    (-0.0434706, -0.0879388, -0.00155529),
    (0.378476, 0.73364, -0.0184503),
    (-0.0721527, -0.112961, 1.2264),
)
"""From red, green and blue, as amounts of light, to what each eye's picture adds of them."""

_FINE = 16383
"""Steps between black and white in which light becomes a level; 8 bits of sRGB need fewer."""


def anaglyph(left: Pixels, right: Pixels) -> Pixels:
    """One picture of those of the two eyes, which are of one size."""
    light = sum(
        (
            cv2.transform(_light()[pixels], np.array(matrix, dtype=np.float32))
            for pixels, matrix in ((left, _LEFT), (right, _RIGHT))
        ),
        start=np.zeros(left.shape, dtype=np.float32),
    )
    steps = np.rint(np.clip(light, 0, 1) * np.float32(_FINE)).astype(np.uint16)
    return np.asarray(_levels()[steps], dtype=np.uint8)


@cache
def _light() -> NDArray[np.float32]:
    """The amount of light of each level (IEC 61966-2-1), from 0 to 1."""
    level = np.arange(256) / 255
    dark = level <= 0.04045
    light = np.where(dark, level / 12.92, ((level + 0.055) / 1.055) ** 2.4)
    return np.asarray(light, dtype=np.float32)


@cache
def _levels() -> Pixels:
    """The level of each step of light: the inverse of `_light`."""
    light = np.arange(_FINE + 1) / _FINE
    level = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.asarray(np.rint(255 * level), dtype=np.uint8)
