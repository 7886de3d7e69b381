"""Where a denoiser works: pixels, and how what is known of pixels is put into another space."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor
from torch.nn.functional import avg_pool2d

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


def places(field: Tensor, space: Space) -> Tensor:
    """Numbers of pixels, `(N, C, H, W)`, for the places of a space: the mean of each square."""
    return field if space.factor == 1 else avg_pool2d(field, space.factor)
