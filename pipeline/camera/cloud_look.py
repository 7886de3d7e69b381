"""What the views of a cloud show where the camera is now.

Points of all views are cast onto the picture, and the nearest at each pixel say which surface is
seen there. Then the pixel looks back: its ray is cut with that surface as each view knows it, and
the picture of the view that took it at the likeliest size is read there, in one resampling.
So what is hidden stays hidden, and nothing is drawn by blurred dots.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d, max_pool2d

from pipeline.camera.cloud import View
from pipeline.camera.order_free import order_free
from pipeline.camera.pixel_space import enlargement, reach_at, seen_from
from pipeline.camera.resample import resample
from pipeline.camera.warp import NEAR
from pipeline.scene.motion import Matrix

FINE, COARSE = 1.25, 1.6
"""Up to the one magnification a view is shown in full, from the other on not at all."""
LIKE = 1.2
"""Ratio of magnifications that makes a view count clearly less than one that fits."""
_TOLERANCE = 1.05
"""Ratio of two depths up to which they mean one surface: well below `pipeline.camera.cloud.EDGE`,
from which on neighbours are different things."""
_WIDTH = 0.85
"""Half the side of a point: grown by up to 1.7, a picture leaves no gaps between its own."""
_CUTS = 3
"""How often a ray is cut with a view's surface: each cut starts from the depth at the last one."""
_LEVELS = 4
"""Pictures that a view is read from: its own, and those of 1/2, 1/4 and 1/8 of its size."""
_CRISP = 0.5
"""How many times half its size a picture is seen before it is read from a smaller one."""
_SMALLEST = 1e-9
"""Stands for 0 in quotients and logarithms."""
_LITTLE = 0.02
"""Share of a pixel's colour below which a view is not read there."""


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What a cloud shows: `(1, C, H, W)` each."""

    picture: Tensor
    """Colours in [-1, 1], where `shown` is above 0."""
    shown: Tensor
    """How much of the pixel the cloud shows, in [0, 1]."""
    depth: Tensor
    """Depth of what it shows; infinite where neither it nor the latest picture has a point."""
    used: tuple[bool, ...]
    """Which of the views show something."""


def look(views: Sequence[View], latest: Tensor, step: Matrix) -> Look:
    """The cloud seen by a camera that stands before each view as its matrix says.

    `latest`, `(1, 1, H, W)`, is the depth of the picture before the `step`: its points hide what is
    behind them, whether or not a view has them.
    """
    surface, used = _surface(views, latest, step)
    chosen = [view for view, one in zip(views, used, strict=True) if one]
    if not chosen:
        return _nothing(surface, len(views))
    weight, share, stretch, reach = _candidates(chosen, surface)
    shown = weight.sum(0).clamp(max=1.0)
    share = share.where(share > _LITTLE * share.sum(0), share.new_zeros(()))
    picture = _read(chosen, share, stretch, reach)
    total = share.sum(0).clamp(min=_SMALLEST)
    seen = iter((share > 0).flatten(1).any(1).tolist())
    return Look(
        picture=picture,
        shown=shown[None, None],
        depth=torch.where(shown > 0, (share * reach).sum(0) / total, surface)[None, None],
        used=tuple(one and next(seen) for one in used),
    )


def _surface(views: Sequence[View], latest: Tensor, step: Matrix) -> tuple[Tensor, list[bool]]:
    """Depth `(H, W)` of the nearest point at each pixel, and which views have points in sight.

    Depth is infinite where there is no point.
    """
    *_, h, w = latest.shape
    surface = torch.full((h * w,), torch.inf, device=latest.device, dtype=latest.dtype)
    everywhere = torch.ones_like(latest, dtype=torch.bool)
    _cast(surface, latest, everywhere, step)
    there = [
        _cast(surface, view.depth, view.points, np.linalg.inv(view.matrix).astype(np.float64))
        for view in views
    ]
    return surface.view(h, w), there


def _cast(surface: Tensor, depth: Tensor, points: Tensor, matrix: Matrix) -> bool:
    """Brings the flat `surface` nearer where `points` of a picture land after `matrix`.

    A point covers the pixels less than `_WIDTH` away along either axis. Returns whether any lands
    in the picture that has not grown too large to be shown.
    """
    *_, h, w = depth.shape
    there = points.flatten()
    x, y, z = (one.flatten()[there] for one in seen_from(depth[:, 0], [matrix]))
    near = (z > NEAR) & (x > -1) & (x < w) & (y > -1) & (y < h)
    # What has grown too large to be shown leaves gaps, and is no surface any more.
    (lens,) = enlargement([np.linalg.inv(matrix).astype(np.float64)])
    near &= lens * depth.flatten()[there] <= COARSE * z
    x, y, z = x[near], y[near], z[near]
    for across in (0, 1):
        for down in (0, 1):
            column, row = x.floor() + across, y.floor() + down
            inside = (column >= 0) & (column < w) & (row >= 0) & (row < h)
            inside &= ((column - x).abs() < _WIDTH) & ((row - y).abs() < _WIDTH)
            index = (row * w + column)[inside].long()
            with order_free():
                surface.scatter_reduce_(0, index, z[inside], "amin")
    return bool(near.any())


def _candidates(views: Sequence[View], surface: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """For each view how much of a pixel it shows, its share of the colour, magnification, reach.

    All are `(K, H, W)`; the reach is the depth here of what is seen.
    """
    matrices = [view.matrix for view in views]
    depths = torch.cat([view.depth for view in views])
    there = torch.cat([view.points for view in views]).to(depths.dtype)
    reach = surface.where(surface.isfinite(), surface.new_ones(()))[None]
    for _ in range(_CUTS):
        x, y, _ = seen_from(reach, matrices)
        reach = reach_at(_bilinear(depths, x, y, "border"), matrices)
    x, y, depth = seen_from(reach, matrices)
    # Behind what moved aside a ray meets nothing that the view knows: its cuts alternate for ever.
    met = (_bilinear(depths, x, y, "border") / depth.clamp(min=NEAR)).log().abs()
    # Outside a picture it is -1: no point there either.
    weight = (_bilinear(2 * there - 1, x, y, "zeros") + 1) / 2
    lens = reach.new_tensor(enlargement(matrices))[:, None, None]
    stretch = lens * depth / reach
    fine = 1 - (stretch.clamp(min=_SMALLEST) / FINE).log() / log(COARSE / FINE)
    trust = reach.new_tensor([view.trust for view in views])[:, None, None]
    weight = weight * fine.clamp(0, 1) * trust * (depth > NEAR) * (met < log(_TOLERANCE))
    weight = weight * (reach <= _hidden(surface))
    front = reach.masked_fill(weight <= 0, torch.inf).amin(0)
    weight = weight * (reach <= _TOLERANCE * front)
    apart = stretch.clamp(min=_SMALLEST).log() / log(LIKE)
    return weight, weight * (-apart.square()).exp().clamp(min=_SMALLEST), stretch, reach


def _hidden(surface: Tensor) -> Tensor:
    """Depth from which on a point is hidden: behind all surfaces at a pixel and around it."""
    known = surface.where(surface.isfinite(), surface.new_zeros(()))
    return _TOLERANCE * max_pool2d(known[None, None], 3, stride=1, padding=1)[0, 0]


def _read(views: Sequence[View], share: Tensor, stretch: Tensor, reach: Tensor) -> Tensor:
    """The colours of the views, by their shares: each read once, and no finer than it is seen."""
    total = share.sum(0)
    picture = reach.new_zeros(())
    for number, view in enumerate(views):
        if not bool((share[number] > 0).any()):
            continue
        x, y, _ = seen_from(reach[number : number + 1], [view.matrix])
        level = (-stretch[number].clamp(min=_SMALLEST).log2() - _CRISP).clamp(0, _LEVELS - 1)
        seen = _filtered(view.picture.to(reach.dtype), x, y, level)
        picture = picture + share[number] / total.clamp(min=_SMALLEST) * seen
    return picture.expand(1, views[0].picture.shape[1], *reach.shape[1:]).clamp(-1.0, 1.0)


def _filtered(picture: Tensor, x: Tensor, y: Tensor, level: Tensor) -> Tensor:
    """The picture at its positions, from pictures of half its size `level`, `(H, W)`, times."""
    result = resample(picture, x, y, padding="border", sampling="crisp")
    result = (1 - level).clamp(min=0) * result
    small = picture
    for number in range(1, _LEVELS):
        part = (1 - (level - number).abs()).clamp(min=0)
        if min(small.shape[-2:]) < 2 or not bool((part > 0).any()):
            break
        small, size = avg_pool2d(small, 2), 2**number
        positions = ((one + 0.5) / size - 0.5 for one in (x, y))
        result = result + part * resample(small, *positions, padding="border", sampling="crisp")
    return result


def _bilinear(image: Tensor, x: Tensor, y: Tensor, padding: str) -> Tensor:
    return resample(image, x, y, padding=padding, sampling="bilinear")[:, 0]


def _nothing(surface: Tensor, views: int) -> Look:
    none = torch.zeros_like(surface)[None, None]
    return Look(none.expand(1, 3, *surface.shape), none, surface[None, None], (False,) * views)
