"""Two sights of one moment, of pictures that were taken before and after it, as one picture.

Each shows a place by how near it is in time, and where one of them does not know it, the other
alone does. What lies elsewhere in the two can go its way between them by optical flow.

Convention:
    `share` is the time of the moment: 0 where the first picture was taken, 1 where the second was.
"""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d, pad

from pipeline.camera.consistency import places
from pipeline.camera.resample import resample
from pipeline.camera.sight import Sight

_SOFT = 1 / 5
"""Width of the seam beside what only one picture knows, as a share of the shorter side."""
_LEAST = 1e-3
"""Weight within that seam of what is known, below which nothing of a picture is seen."""


def met(first: Sight, second: Sight, share: float) -> Tensor:
    """The picture `(1, 3, H, W)` of both sights; where neither knows a place, the first stands in.

    Towards places that only one of them knows its weight grows steadily, so that no seam shows
    where the two were painted differently.
    """
    before = (1 - share) * _softened(first.known)
    after = share * _softened(second.known)
    weight = before + after
    mixed = (before * first.picture + after * second.picture) / weight.clamp(min=1e-12)
    return torch.where(weight > 0, mixed, first.picture)


def _softened(known: Tensor) -> Tensor:
    """The mask, down to nearly nothing towards places that are not known."""
    radius = max(1, round(_SOFT * min(known.shape[-2:]) / 2))
    around = pad(known, (radius,) * 4, mode="replicate")
    near = avg_pool2d(around, 2 * radius + 1, stride=1)
    return known * ((2 * near - 1).clamp(0, 1) + _LEAST)


def gone_on(picture: Tensor, sight: Sight, flow: Tensor, *, padding: str, sampling: str) -> Sight:
    """The `sight` of a `picture` after what it shows has gone on against `flow`.

    `flow`, `(1, 2, H, W)` in pixels, leads from each pixel of the result to where the sight shows
    it. What is known is resampled once, from the picture itself.
    """
    x, y = places(flow)
    stopgap = _read(sight.picture, x, y, sampling)
    known = _read(sight.known, x, y, "bilinear").clamp(0, 1)
    if sight.source is None:
        return replace(sight, picture=stopgap, known=known)
    from_x, from_y = (_read(one[None], x, y, "bilinear")[:, 0] for one in sight.source)
    once = resample(picture, from_x, from_y, padding=padding, sampling=sampling).clamp(-1, 1)
    return replace(sight, picture=torch.lerp(stopgap, once, known), known=known, source=None)


def between_flows(there: Tensor, back: Tensor, share: float) -> tuple[Tensor, Tensor]:
    """The flows from a moment between two pictures to the first and to the second of them.

    `there` leads from the first picture to the second and `back` from the second to the first,
    `(1, 2, H, W)` each. Jiang et al. 2018, "Super SloMo" (arXiv 1712.00080), equation 4: what
    moves goes evenly, and flow hardly changes along its own way.
    """
    rest = 1 - share
    to_first = -rest * share * there + share**2 * back
    to_second = rest**2 * there - share * rest * back
    return to_first, to_second


def _read(numbers: Tensor, x: Tensor, y: Tensor, sampling: str) -> Tensor:
    return resample(numbers, x, y, padding="border", sampling=sampling)
