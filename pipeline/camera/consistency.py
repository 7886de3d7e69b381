"""Where two optical flows, there and back, agree: what one picture shows of another.

Sundaram, Brox and Keutzer 2010, "Dense Point Trajectories by GPU-accelerated Large Displacement
Optical Flow" (ECCV): a pixel that does not come back to where it started was hidden in the other
picture, or its flow is wrong.

Convention:
    Flows are `(1, 2, H, W)` in pixels: x (right), then y (down). "Old" is the picture before the
    motion, "new" the one after it.
"""

from __future__ import annotations

import torch
from torch import Tensor

from pipeline.camera.resample import resample

_RELATIVE = 0.01
"""Error that a round trip may have, as a share of the squares of both ways."""
_ABSOLUTE = 0.5
"""Error that the round trip of a still picture may have, in squares of pixels."""


def consistency(to_old: Tensor, to_new: Tensor) -> Tensor:
    """Which pixels of the new picture the old one shows: `(1, 1, H, W)`, 1 or 0.

    `to_old` is the flow from the new picture to the old, `to_new` the one from the old to the new.
    With f of a pixel and b where f leads it is 1 where |f + b|^2 <= 0.01 (|f|^2 + |b|^2) + 0.5,
    and where f does not lead out of the picture.
    """
    x, y = places(to_old)
    *_, height, width = to_old.shape
    back = resample(to_new, x, y, padding="border", sampling="bilinear")
    astray = (to_old + back).square().sum(dim=1, keepdim=True)
    length = (to_old.square() + back.square()).sum(dim=1, keepdim=True)
    agrees = astray <= _RELATIVE * length + _ABSOLUTE
    inside = (x >= -0.5) & (x <= width - 0.5) & (y >= -0.5) & (y <= height - 0.5)
    return (agrees & inside[:, None]).to(to_old.dtype)


def places(flow: Tensor) -> tuple[Tensor, Tensor]:
    """Where a flow leads each pixel: x and y, `(1, H, W)` each, in pixel indices."""
    *_, height, width = flow.shape
    column = torch.arange(width, dtype=flow.dtype, device=flow.device)
    row = torch.arange(height, dtype=flow.dtype, device=flow.device)[:, None]
    return column + flow[:, 0], row + flow[:, 1]
