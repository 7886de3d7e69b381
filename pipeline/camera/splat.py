"""Which surface of an old picture a moved camera sees first at each new pixel, by a forward splat.

Convention:
    Positions are pixel indices: x right, y down, centres at whole numbers. Every pixel of the old
    picture is a small patch that reaches halfway to its neighbours and grows as the picture does
    there, so that an approach leaves no pinholes. Between neighbours on one surface patches meet;
    across a `tear` they do not, and no sheet of rubber spans near and far.

A warp that looks backward from each new pixel cannot tell a surface that is hidden, nor that
nothing was seen of one; this one can, and hands back source positions, so that colours are still
resampled once and as sharply as by any other warp.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from typing import NamedTuple, Protocol

import torch
from torch import Tensor

from pipeline.camera.maps import CameraMap

NEAR = 1e-3
"""Depth before the new camera at and below which nothing is seen."""

STEEPEST = 5.0
"""Full ranges of disparity within one shorter side of the picture above which a surface tears."""

_SPREAD = 1 / 0.8 - 1 / 2.6
"""Disparity between the planes that depth is laid between: the full range that is meant."""

_FINEST = 6
"""Most samples along a side of a patch; patches that grow more leave gaps."""


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """What of an old picture lies foremost at each pixel of a new one."""

    x: Tensor
    """Source positions `(1, H, W)`, with `y`; where nothing lies they say nothing."""
    y: Tensor
    depth: Tensor
    """Depth before the new camera, `(1, 1, H, W)`; infinite where nothing lies."""
    stretch: Tensor
    """How many times as long as before things are, `(1, 1, H, W)`; 1 where nothing lies."""
    known: Tensor
    """Share of each pixel on which something lies, `(1, 1, H, W)` in [0, 1]."""


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


class _Layer(NamedTuple):
    weight: Tensor
    x: Tensor
    y: Tensor
    z: Tensor
    stretch: Tensor


class DeepMap(CameraMap, Protocol):
    """The way of a picture whose places have depths."""

    @property
    def depth(self) -> Tensor:
        """Depth z before the old camera, `(1, 1, H, W)`, above 0."""
        ...


def front(camera_map: DeepMap) -> Surface:
    """The foremost surface of a picture under a map, at each pixel of the new picture."""
    *_, height, width = camera_map.depth.shape
    samples = _samples(camera_map)
    apart = tear(height, width)
    corners = _Corners.of(samples, height, width)
    cover = corners.summed(samples.area)
    nearest = corners.least(samples.z)
    first = _layer(samples, corners, nearest, apart)
    # A pixel that a near thing only grazes shows what lies behind it.
    hidden = 1 / samples.z < 1 / nearest[corners.nearest] - apart
    behind = samples._replace(area=samples.area * hidden)
    farther = corners.least(samples.z.where(hidden, torch.inf))
    second = _layer(behind, corners, farther, apart)
    grazed = (first.weight < 0.5) & (second.weight > first.weight)
    chosen = [b.where(grazed, a).view(1, height, width) for a, b in zip(first, second, strict=True)]
    weight, x, y, z, stretch = chosen
    seen = weight > 0
    return Surface(
        x=x,
        y=y,
        depth=z.where(seen, torch.inf)[None],
        stretch=stretch.where(seen, 1.0)[None],
        # The tent of a pixel reaches over its edges: a patch that ends there fills 7/8 of it, one
        # that ends at its corner 49/64, and 1/8 of the next pixel.
        known=((cover - 1 / 8) / (5 / 8)).clamp(0, 1).view(1, 1, height, width),
    )


def tear(height: int, width: int) -> float:
    """The difference of disparity between neighbouring pixels at which they are two surfaces."""
    return STEEPEST * _SPREAD / min(height, width)


@dataclass(frozen=True, slots=True, eq=False)
class _Corners:
    """The four pixels around each sample, and their bilinear weights."""

    index: Tensor
    """`(4, N)`; samples out of the picture have weight 0 and some index within it."""
    weight: Tensor
    nearest: Tensor
    """The pixel that each sample lies in, `(N,)`."""
    inside: Tensor
    """Whether it lies in any."""
    pixels: int
    width: int

    @classmethod
    def of(cls, samples: Samples, height: int, width: int) -> _Corners:
        left, top = samples.x.floor(), samples.y.floor()
        across, down = samples.x - left, samples.y - top
        index, weight = [], []
        for dx, wx in ((0, 1 - across), (1, across)):
            for dy, wy in ((0, 1 - down), (1, down)):
                place, inside = _pixel(left + dx, top + dy, height, width)
                index.append(place)
                weight.append(wx * wy * inside * (samples.area > 0))
        nearest, inside = _pixel(samples.x.round(), samples.y.round(), height, width)
        seen = inside & (samples.area > 0)
        return cls(torch.stack(index), torch.stack(weight), nearest, seen, height * width, width)

    def summed(self, values: Tensor) -> Tensor:
        """Sums of the values, `(N,)` or `(4, N)`, over the pixels, by their weights: `(H W,)`."""
        shares = (self.weight * values).flatten()
        return shares.new_zeros(self.pixels).index_add_(0, self.index.flatten(), shares)

    def least(self, values: Tensor) -> Tensor:
        """The least value of the samples in each pixel, `(H W,)`; infinite where there is none."""
        empty = values.new_full((self.pixels,), torch.inf)
        return empty.scatter_reduce_(0, self.nearest, values.where(self.inside, torch.inf), "amin")


def _pixel(x: Tensor, y: Tensor, height: int, width: int) -> tuple[Tensor, Tensor]:
    inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
    column, row = x.clamp(0, width - 1).long(), y.clamp(0, height - 1).long()
    return row * width + column, inside


def _layer(samples: Samples, corners: _Corners, nearest: Tensor, apart: float) -> _Layer:
    """What the samples on the surface at depth `nearest`, `(H W,)`, say of each pixel."""
    on_it = 1 / samples.z >= 1 / nearest[corners.index] - apart
    share = samples.area * on_it
    weight = corners.summed(share)
    # Each sample knows where the pixel's centre lies on its own patch.
    right = corners.index % corners.width - samples.x
    below = corners.index // corners.width - samples.y
    (ax, ay), (bx, by) = samples.along, samples.down
    det = ax * by - ay * bx
    det = det.where(det.abs() > 1e-6, 1e-6)
    x = samples.source_x + (by * right - bx * below) / det
    y = samples.source_y + (ax * below - ay * right) / det
    total = weight.clamp(min=1e-12)
    means = (corners.summed(share * one) / total for one in (x, y, samples.z, samples.stretch))
    return _Layer(weight, *means)


def _samples(camera_map: DeepMap) -> Samples:
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
