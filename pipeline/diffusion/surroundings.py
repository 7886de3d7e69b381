"""What surrounds the places of a picture of which nothing is known."""

from __future__ import annotations

from math import ceil

from kornia.filters import gaussian_blur2d
from torch import Tensor
from torch.nn.functional import pad

_NEAR = 0.15
"""Standard deviation of the surroundings' weights, as a share of the longer side."""


def surroundings(picture: Tensor, known: Tensor, *, seamless: bool = False) -> Tensor:
    """The mean of what is known around each place of `picture`, `(1, C, H, W)`, nearer is more.

    `known`, `(1, 1, H, W)`, is 1 where it is and 0 where not; somewhere it must be 1. In a
    `seamless` picture the columns beside the left edge are those of the right one.
    """
    width = picture.shape[-1]
    deviation = _NEAR * max(picture.shape[-2:])
    size = 2 * ceil(3 * deviation) + 1
    # Half a turn reaches every column on its shorter way.
    beyond = width // 2 if seamless else 0
    colours, weights = (
        gaussian_blur2d(
            pad(values, (beyond, beyond, 0, 0), mode="circular"),
            size,
            (deviation, deviation),
            border_type="constant",
        )[..., beyond : beyond + width]
        for values in (picture * known, known)
    )
    # Far from all that is known there is its mean.
    mean = (picture * known).sum((2, 3), keepdim=True) / known.sum()
    found: Tensor = (colours + 1e-3 * mean) / (weights + 1e-3)
    return found
