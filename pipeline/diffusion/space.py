"""Where a denoiser works: pixels or smaller ones, and how what is known of pixels is put there."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor
from torch.nn.functional import avg_pool2d, interpolate

from pipeline.protocols import Space


@dataclass(frozen=True, slots=True)
class Pixels:
    """The space of pictures themselves: a `Space` whose ways in and out change nothing."""

    channels: int = 3
    factor: int = 1

    def encode(self, pictures: Tensor) -> Tensor:
        """The pictures."""
        return pictures

    def decode(self, x: Tensor) -> Tensor:
        """`x`, which is pictures."""
        return x

    def judged(self, x: Tensor) -> Tensor:
        """`x`, which is pictures."""
        return x


PIXELS = Pixels()


@dataclass(frozen=True, slots=True)
class SmallPixels:
    """A `Space` of pictures `factor` times narrower and lower, as a cascade's first network has."""

    factor: int
    channels: int = 3

    def encode(self, pictures: Tensor) -> Tensor:
        """The mean of each square of pixels, `(N, 3, H / factor, W / factor)`."""
        return avg_pool2d(pictures, self.factor)

    def decode(self, x: Tensor) -> Tensor:
        """Bilinear interpolation: a stand-in for the last network, without its detail."""
        return interpolate(x, scale_factor=self.factor, mode="bilinear", align_corners=False)

    def judged(self, x: Tensor) -> Tensor:
        """The decoded pictures, `(N, 3, H, W)`."""
        return self.decode(x)


def places(field: Tensor, space: Space) -> Tensor:
    """Numbers of pixels, `(N, C, H, W)`, for the places of a space: the mean of each square."""
    return field if space.factor == 1 else avg_pool2d(field, space.factor)
