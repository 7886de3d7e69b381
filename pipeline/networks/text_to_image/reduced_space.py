"""Where the first stage of a cascade works: small pictures, of which a later stage makes frames."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor
from torch.nn.functional import avg_pool2d, interpolate


@dataclass(frozen=True, slots=True)
class ReducedPictures:
    """Pictures of 1 / `factor` of the frame's sides, as a `Space`.

    On the way in each place is the mean of its square; on the way out places are enlarged plainly,
    without the stage that finishes a frame, which is too slow for every step.
    """

    factor: int
    channels: int = 3

    def encode(self, pictures: Tensor) -> Tensor:
        """Small pictures, `(N, 3, H / factor, W / factor)`."""
        return pictures if self.factor == 1 else avg_pool2d(pictures, self.factor)

    def decode(self, x: Tensor) -> Tensor:
        """Small pictures enlarged bilinearly, `(N, 3, H, W)`; differentiable."""
        if self.factor == 1:
            return x
        return interpolate(x, scale_factor=self.factor, mode="bilinear", align_corners=False)

    def judged(self, x: Tensor) -> Tensor:
        """The enlarged pictures."""
        return self.decode(x)
