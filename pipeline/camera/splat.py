"""Which surface of an old picture a moved camera sees first at each new pixel, by a forward splat.

Convention:
    Positions are pixel indices: x right, y down, centres at whole numbers. What is splatted are
    samples of the patches of `pipeline.camera.patches`.

A warp that looks backward from each new pixel cannot tell a surface that is hidden, nor that
nothing was seen of one; this one can, and hands back source positions, so that colours are still
resampled once and as sharply as by any other warp.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from pipeline.camera.order_free import order_free
from pipeline.camera.patches import DeepMap, Samples, samples_of, tear


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


class _Layer(NamedTuple):
    weight: Tensor
    x: Tensor
    y: Tensor
    z: Tensor
    stretch: Tensor


def front(camera_map: DeepMap) -> Surface:
    """The foremost surface of a picture under a map, at each pixel of the new picture."""
    *_, height, width = camera_map.depth.shape
    samples = samples_of(camera_map)
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
        inside = values.where(self.inside, torch.inf)
        with order_free():
            return empty.scatter_reduce_(0, self.nearest, inside, "amin")


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
