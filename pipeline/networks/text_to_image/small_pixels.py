"""The space of a cascade's first network: pictures smaller than those that its last one makes."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor
from torch.nn.functional import avg_pool2d, interpolate


@dataclass(frozen=True, slots=True)
class SmallPixels:
    """A `Space` of pictures `factor` times narrower and lower."""

    factor: int
    channels: int = 3

    def encode(self, pictures: Tensor) -> Tensor:
        """The mean of each square of pixels."""
        return avg_pool2d(pictures, self.factor)

    def decode(self, x: Tensor) -> Tensor:
        """Bilinear interpolation: a stand-in for the last network, without its detail."""
        return interpolate(x, scale_factor=self.factor, mode="bilinear", align_corners=False)

    def judged(self, x: Tensor) -> Tensor:
        """The decoded pictures."""
        return self.decode(x)
