"""Where a sampler's noise comes from: a generator, or two of them and a place in between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin

import torch
from torch import Tensor


@dataclass(frozen=True, slots=True, eq=False)
class TurningNoise:
    """Noise on its way from that of one generator to that of another.

    It goes along the great circle between the two (slerp, Shoemake 1985), as far as `turned` in
    [0, 1] says. The two are independent, so their sum with weights on the unit circle is
    white noise of variance 1 at every place of the way, which a straight line's would not be.
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
