"""Sources of a sampler's noise: a generator, a turn between two, or a field that is carried."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from math import cos, pi, prod, sin, sqrt

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d

from pipeline.diffusion.noise_field import NoiseField


@dataclass(frozen=True, slots=True, eq=False)
class TurningNoise:
    """White noise between that of two generators, by spherical interpolation (slerp).

    `turned` in [0, 1] is the place on the great circle from `start` to `end` (Shoemake 1985). The
    two are independent, so their sum with weights on the unit circle is white noise of variance 1
    at every place of it, which a straight line's would not be.
    """

    start: torch.Generator
    end: torch.Generator
    turned: float


@dataclass(frozen=True, slots=True, eq=False)
class CarriedNoise:
    """White noise that a field carries along with the picture, and a share of fresh noise.

    What is drawn is `sqrt(1 - f^2) carried + f fresh`, of variance 1, with f the share `fresh`.
    Noise of fewer places than the field's pixels is the sum over the square of each, divided by its
    side: white and of variance 1 again (Chang et al. 2024, "How I Warped Your Noise", section 3).
    """

    moving: NoiseField
    key: int
    """What tells this source from others of the field, in [0, 2^64)."""
    fresh: float
    """Weight of the noise of `own`, 0 to 1."""
    own: torch.Generator | TurningNoise
    numbers: Iterator[int] = field(default_factory=count)
    """Counts what has been drawn, so that the same draws of two pictures are of the same noise."""


NoiseSource = torch.Generator | TurningNoise | CarriedNoise


def standard_normal(shape: Sequence[int], source: NoiseSource) -> Tensor:
    """White noise of `shape`, on the CPU and as float32, so that it is the same on every device."""
    if isinstance(source, torch.Generator):
        return torch.randn(shape, generator=source, dtype=torch.float32)
    if isinstance(source, CarriedNoise):
        return _carried(shape, source)
    angle = source.turned * pi / 2
    start = standard_normal(shape, source.start)
    return cos(angle) * start + sin(angle) * standard_normal(shape, source.end)


def _carried(shape: Sequence[int], source: CarriedNoise) -> Tensor:
    planes = [
        source.moving.normal(source.key, next(source.numbers)) for _ in range(prod(shape[:-2]))
    ]
    noise = _summed(torch.stack(planes), shape[-1]).reshape(*shape)
    if not source.fresh:
        return noise
    fresh = standard_normal(shape, source.own)
    return sqrt(1 - source.fresh**2) * noise + source.fresh * fresh


def _summed(planes: Tensor, width: int) -> Tensor:
    """White noise `(N, H, W)` as that of `width` columns, of as many pixels each."""
    side = planes.shape[-1] // width
    return planes if side == 1 else side * avg_pool2d(planes, side)
