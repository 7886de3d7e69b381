"""Where two optical flows, there and back, agree: what one picture shows of another.

Sundaram, Brox and Keutzer 2010, "Dense Point Trajectories by GPU-accelerated Large Displacement
Optical Flow" (ECCV): a pixel that does not come back to where it started was hidden in the other
picture, or its flow is wrong. Estimated flow goes over smoothly from one thing to the next, so
that a pixel beside an edge of motion may come back by chance: there it counts as not shown, too.

Convention:
    Flows are `(1, 2, H, W)` in pixels: x (right), then y (down). "Old" is the picture before the
    motion, "new" the one after it.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d, pad

from pipeline.camera.resample import resample

_ROUND_TRIP = (0.01, 0.5)
"""What a round trip may miss: a share of the squares of its ways, and squares of pixels."""

_REACH = 2
"""Pixels to each side by which it is seen that flow bends."""
_BEND = (0.001, 0.02)
"""What flow may bend, in the same measures: a still camera finds things that move by 2 pixels, and
a zoom of 1.2 loses 3% of itself. The limit that the paper sets to gradients instead would take the
middle of a zoom for an edge."""

_AROUND = 5
"""Side in pixels of what is asked with each."""


def consistency(to_old: Tensor, to_new: Tensor) -> Tensor:
    """Which pixels of the new picture the old one shows: `(1, 1, H, W)`, 1 or 0.

    `to_old` is the flow from the new picture to the old, `to_new` the one from the old to the new.
    With f of a pixel and b where f leads it is 1 where |f + b|^2 <= 0.01 (|f|^2 + |b|^2) + 0.5,
    where flow goes evenly from pixel to pixel, of most pixels around, and where f does not lead out
    of the picture.
    """
    x, y = places(to_old)
    *_, height, width = to_old.shape
    back = resample(to_new, x, y, padding="border", sampling="bilinear")
    misses, ways = _squares(to_old + back), _squares(to_old) + _squares(back)
    bends = _squares(_bend(to_old, 2)) + _squares(_bend(to_old, 3))
    holds = _within(misses, ways, _ROUND_TRIP) & _within(bends, _squares(to_old), _BEND)
    inside = (x >= -0.5) & (x <= width - 0.5) & (y >= -0.5) & (y <= height - 0.5)
    return (_mostly(holds) & inside[:, None]).to(to_old.dtype)


def places(flow: Tensor) -> tuple[Tensor, Tensor]:
    """Where a flow leads each pixel: x and y, `(1, H, W)` each, in pixel indices."""
    *_, height, width = flow.shape
    column = torch.arange(width, dtype=flow.dtype, device=flow.device)
    row = torch.arange(height, dtype=flow.dtype, device=flow.device)[:, None]
    return column + flow[:, 0], row + flow[:, 1]


def _squares(flow: Tensor) -> Tensor:
    """The square of the length at each pixel, `(1, 1, H, W)`."""
    return flow.square().sum(dim=1, keepdim=True)


def _within(error: Tensor, length: Tensor, limits: tuple[float, float]) -> Tensor:
    share, still = limits
    return error <= share * length + still


def _mostly(holds: Tensor) -> Tensor:
    """Whether most of what lies around each pixel holds: flow without texture to go by is uneven,
    and would leave specks."""
    around = pad(holds.float(), [_AROUND // 2] * 4, mode="replicate")
    # The sums are whole numbers: a mean would round.
    return avg_pool2d(around, _AROUND, 1, divisor_override=1) > _AROUND**2 / 2


def _bend(flow: Tensor, axis: int) -> Tensor:
    """The second difference along rows (3) or columns (2); at the edges the nearest there is.

    It is 0 wherever a picture turns, grows or leans.
    """
    inner = flow.shape[axis] - 2 * _REACH
    if inner < 1:
        return torch.zeros_like(flow)
    before, here, after = (flow.narrow(axis, start * _REACH, inner) for start in range(3))
    sides = [_REACH, _REACH, 0, 0] if axis == 3 else [0, 0, _REACH, _REACH]
    return pad(before - 2 * here + after, sides, mode="replicate")
