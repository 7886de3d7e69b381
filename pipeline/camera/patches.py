"""The pixels of a picture with depth as patches of surfaces, each carried along by a camera's map.

Convention:
    Positions are pixel indices: x right, y down, centres at whole numbers. A patch reaches halfway
    to the neighbours of its pixel and grows as the picture does there, so that an approach leaves
    no pinholes. Between neighbours on one surface patches meet; across a tear they do not, and no
    sheet of rubber spans near and far.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil
from typing import NamedTuple, Protocol

import torch
from torch import Tensor

from pipeline.camera.maps import CameraMap
from pipeline.camera.warp import NEAR

STEEPEST = 5.0
"""Full ranges of disparity within one shorter side of the picture above which a surface tears."""

_SPREAD = 1 / 0.8 - 1 / 2.6
"""Disparity between the planes of `pipeline.networks.depth.scale.FIELD`, that depth is laid
between: the full range that is meant."""

_FINEST = 6
"""Most samples along a side of a patch; patches that grow more leave gaps."""


class Samples(NamedTuple):
    """Points spread over all patches, `(N,)` each."""

    x: Tensor
    y: Tensor
    z: Tensor
    source_x: Tensor
    source_y: Tensor
    along: tuple[Tensor, Tensor]
    """How the new position moves with the source's x."""
    down: tuple[Tensor, Tensor]
    """How the new position moves with the source's y."""
    area: Tensor
    """Pixels that the sample stands for; 0 for one that is not seen."""
    stretch: Tensor


class DeepMap(CameraMap, Protocol):
    """The way of a picture whose places have depths."""

    @property
    def depth(self) -> Tensor:
        """Depth z before the old camera, `(1, 1, H, W)`, above 0."""
        ...


def tear(height: int, width: int) -> float:
    """The difference of disparity between neighbouring pixels at which they are two surfaces."""
    return STEEPEST * _SPREAD / min(height, width)


def samples_of(camera_map: DeepMap) -> Samples:
    """Samples of all patches of a picture under a map, as dense as none of them leaves a gap."""
    *_, height, width = camera_map.depth.shape
    z = camera_map.depth[0, 0]
    rows = torch.arange(height, dtype=z.dtype, device=z.device)[:, None].expand(height, width)
    columns = torch.arange(width, dtype=z.dtype, device=z.device).expand(height, width)
    moved = camera_map.forward(columns.flatten(), rows.flatten())
    new = torch.stack([one.view(height, width) for one in moved])
    disparity, apart = 1 / z, tear(height, width)
    # What a patch without neighbours grows by: z over z'.
    alone = (z / new[2].clamp(min=NEAR)).clamp(max=_FINEST)
    still = torch.zeros_like(z)
    right = _sides(new, disparity, apart, torch.stack([alone, still, still]))
    turned = torch.stack([still, alone, still]).mT
    below = tuple(side.mT for side in _sides(new.mT, disparity.mT, apart, turned))
    lengths = torch.stack([*right, *below])[:, :2].square().sum(1).sqrt()
    longest = float(
        lengths.where(lengths.isfinite(), 1.0)
        .flatten()
        .kthvalue(max(1, ceil(0.995 * lengths.numel())))
        .values
    )
    fine = min(max(ceil(1.5 * longest), 2), _FINEST)
    parts = [
        _patch(new, columns, rows, right[dx > 0], below[dy > 0], dx, dy, fine)
        for dx in _offsets(fine)
        for dy in _offsets(fine)
    ]
    flat = [torch.stack(one).flatten(1).flatten() for one in zip(*parts, strict=True)]
    x, y, z, sx, sy, ax, ay, bx, by, area, stretch = flat
    return Samples(x, y, z, sx, sy, (ax, ay), (bx, by), area, stretch)


def _offsets(fine: int) -> Iterator[float]:
    return ((place + 0.5) / fine - 0.5 for place in range(fine))


def _sides(new: Tensor, disparity: Tensor, apart: float, alone: Tensor) -> tuple[Tensor, Tensor]:
    """How new positions `(3, H, W)` change towards the left and the right of each pixel.

    Across a tear, and at the picture's edge, a patch goes on as it does on its other side.
    """
    step = new.diff(dim=-1)
    whole = disparity.diff(dim=-1).abs() < apart
    none = torch.zeros_like(whole[:, :1])
    before = torch.cat([none, whole], dim=1)
    after = torch.cat([whole, none], dim=1)
    nothing = torch.zeros_like(new[..., :1])
    left = torch.cat([nothing, step], dim=2)
    right = torch.cat([step, nothing], dim=2)
    return (
        left.where(before, right.where(after, alone)),
        right.where(after, left.where(before, alone)),
    )


def _patch(
    new: Tensor,
    columns: Tensor,
    rows: Tensor,
    along: Tensor,
    down: Tensor,
    dx: float,
    dy: float,
    fine: int,
) -> tuple[Tensor, ...]:
    """The samples of all patches at one place of each, from -0.5 to 0.5."""
    x, y, z = new + dx * along + dy * down
    size = (along[0] * down[1] - along[1] * down[0]).abs()
    seen = (z > NEAR) & (new[2] > NEAR) & size.isfinite()
    area = size.where(seen, 0.0) / fine**2
    stretch = size.where(seen, 1.0).clamp(min=1e-6).sqrt()
    parts = (x, y, z.clamp(min=NEAR), columns + dx, rows + dy, *along[:2], *down[:2], area, stretch)
    return tuple(one.nan_to_num() for one in parts)
