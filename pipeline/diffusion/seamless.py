"""Pictures whose left and right edges meet: the network sees the seam where there is none.

Networks pad what they see with zeros or copies, so that what they paint at one edge knows nothing
of the other one. Here a picture is turned like a cylinder before the network sees it, and its
estimate is turned back. Two estimates are mixed, whose seams lie on opposite sides: each counts
least at its own seam, and not at all upon it, so that nothing of either is left.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from pipeline.diffusion.schedule import NoiseSchedule
from pipeline.protocols import Denoiser

_TURN = 0.6180339887498949
"""Share of a turn from one timestep to the next: the golden section comes nowhere twice."""


@dataclass(frozen=True, slots=True)
class Seamless:
    """A denoiser of pictures that go round; differentiable in `x` as the one inside is."""

    inside: Denoiser

    @property
    def schedule(self) -> NoiseSchedule:
        """The noise levels of the denoiser inside."""
        return self.inside.schedule

    def __call__(self, x: Tensor, t: Tensor) -> Tensor:
        """The estimate of x_0, `(N, 3, H, W)`, by two passes through the denoiser inside.

        How far pictures are turned is a function of the timestep alone, which is the same for all
        of them.
        """
        width = x.shape[-1]
        first = int(width * (float(t[0]) * _TURN % 1.0))
        second = first + width // 2
        share = _shares(width, first).to(x)
        return share * self._turned(x, t, first) + (1 - share) * self._turned(x, t, second)

    def _turned(self, x: Tensor, t: Tensor, by: int) -> Tensor:
        return self.inside(x.roll(by, -1), t).roll(-by, -1)


def _shares(width: int, turned: int) -> Tensor:
    """How much an estimate counts in each column, `(W,)`, that is turned by so many columns.

    1 minus that of one turned by half of the width more, if the width is even.
    """
    place = (torch.arange(width) + turned).remainder(width)
    return torch.sin(torch.pi * (place + 0.5) / width).square()
