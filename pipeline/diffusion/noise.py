"""Sources of a sampler's noise: one generator, or an interpolation between two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin

import torch
from torch import Tensor


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


NoiseSource = torch.Generator | TurningNoise


def standard_normal(shape: Sequence[int], source: NoiseSource) -> Tensor:
    """White noise of `shape`, on the CPU and as float32, so that it is the same on every device."""
    if isinstance(source, torch.Generator):
        return torch.randn(shape, generator=source, dtype=torch.float32)
    angle = source.turned * pi / 2
    start = standard_normal(shape, source.start)
    return cos(angle) * start + sin(angle) * standard_normal(shape, source.end)
