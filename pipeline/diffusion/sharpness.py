"""How sharp a picture is, and what brings it to a wanted sharpness.

Convention:
    Sharpness is the root mean square of what a small Gaussian blur takes away from the luma:
    contrast at the scale of a few pixels, in the range of the pictures, whatever their size.
"""

from __future__ import annotations

import math

from torch import Tensor

from pipeline.diffusion.blur import blurred
from pipeline.diffusion.colour import luma

SIGMA = 1.0
"""Standard deviation of the blur in pixels."""
LEAST, MOST = -0.5, 1.0
"""Amounts of one frame: contrast at the scale of a pixel is halved by one, doubled by the other."""


def sharpness(picture: Tensor) -> float:
    """The sharpness of a picture `(1, 3, H, W)`; 0 for a flat one."""
    return _size(luma(_fine(picture)))


def with_sharpness(picture: Tensor, wanted: float, share: float) -> Tensor:
    """A picture `(1, 3, H, W)` brought towards the sharpness `wanted` by an unsharp mask.

    `share` in [0, 1] is how much of the way is gone, in the logarithm of sharpness: a proportional
    controller, whose amount is found exactly. Pictures that are too sharp are softened. The amount
    is from `LEAST` to `MOST`, so that a blank picture is not blown up into noise.

    Raises:
        ValueError: `share` is outside [0, 1].
    """
    if not 0 <= share <= 1:
        raise ValueError(f"share is {share:g}; it goes from 0 (as it is) to 1 (as sharp as wanted)")
    found = sharpness(picture)
    if share == 0 or found == 0:
        return picture
    fine = _fine(picture)
    amount = _amount(luma(fine), luma(_fine(fine)), found ** (1 - share) * wanted**share)
    return picture + amount * fine


def _amount(fine: Tensor, finer: Tensor, wanted: float) -> float:
    """The number of least size, in [LEAST, MOST], that gives `fine + number * finer` a size.

    `wanted` is that size, the root mean square; where none gives it, the number that comes nearest.
    """
    square, mixed, constant = (
        float((one * other).double().mean())
        for one, other in ((finer, finer), (fine, finer), (fine, fine))
    )
    if square == 0:
        return 0.0
    root = math.sqrt(max(mixed**2 + square * (wanted**2 - constant), 0.0))
    return min(max((root - mixed) / square, LEAST), MOST)


def _fine(pictures: Tensor) -> Tensor:
    """What the blur takes away from `(N, 3, H, W)`."""
    return pictures - blurred(pictures, SIGMA)


def _size(numbers: Tensor) -> float:
    return float(numbers.double().square().mean().sqrt())
