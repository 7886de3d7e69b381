"""Fills what is not known of a picture from around it, and from the far side of it first."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d, interpolate, pad

_NEAR_COUNTS = 1e-3
"""Weight of the nearest surface beside one of the farthest, which a thing that moves uncovers."""


def fill_from_afar(values: Tensor, known: Tensor, depth: Tensor) -> Tensor:
    """`values` `(1, C, H, W)` where they are `known`, `(1, 1, H, W)`; elsewhere smoothly filled.

    `depth`, `(1, 1, H, W)` above 0 or infinite, says which neighbours of a hole lie far: of those
    that touch it, or lie twice, four times as far away and so on, the far ones count most. By
    push and pull: averages of averages go down, and come up where nothing better is known.
    """
    disparity = (1 / depth).where(known > 0.5, torch.nan)
    if not (known > 0.5).any():
        return values.nan_to_num().zero_()
    low, high = disparity.nan_to_num(torch.inf).amin(), disparity.nan_to_num(-torch.inf).amax()
    nearness = ((disparity - low) / (high - low).clamp(min=1e-6)).nan_to_num(0.0)
    weight = (known > 0.5) * _NEAR_COUNTS**nearness
    filled = _pull(values.nan_to_num(0, 0, 0) * weight, weight)
    return values.where(known >= 1.0, filled)


def _pull(sums: Tensor, weight: Tensor) -> Tensor:
    """The mean where weights are 1, and that of what lies around where they are less."""
    *_, height, width = weight.shape
    mean = sums / weight.clamp(min=1e-12)
    if height == width == 1:
        return mean
    halves = (pad(one, (0, width % 2, 0, height % 2)) for one in (sums, weight))
    coarse_sums, coarse_weight = (4 * avg_pool2d(one, 2) for one in halves)
    # A pixel with any far neighbour trusts it; sums of weights above 1 are as good as 1.
    scale = coarse_weight.clamp(min=1.0)
    below = _pull(coarse_sums / scale, coarse_weight / scale)
    spread = interpolate(below, scale_factor=2, mode="bilinear", align_corners=False)
    return torch.lerp(spread[..., :height, :width], mean, weight)
