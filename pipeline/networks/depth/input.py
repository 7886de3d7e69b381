"""Preprocessing for published depth networks: a picture of the size and range it was trained on.

The sides of the picture become multiples of 32. The ways to choose the size are those of MiDaS,
with its names and its rounding (half to even), and one multiple is the least.

Pictures are resized with the cubic kernel of OpenCV (a = -0.75, no averaging where the picture
shrinks), as MiDaS does: torch's bicubic one is the same to float32's precision, and runs where
the picture lies.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor
from torch.nn.functional import interpolate

Size = tuple[int, int]
"""Height and width in pixels."""

_MULTIPLE = 32


def minimal(side: int, size: Size) -> Size:
    """The side nearer to `side` becomes `side`; the other keeps the proportions."""
    scales = [side / length for length in size]
    scale = min(scales, key=lambda scale: abs(1 - scale))
    height, width = (_rounded(scale * length) for length in size)
    return height, width


def upper_bound(side: int, size: Size) -> Size:
    """The longer side becomes `side`; the other keeps the proportions."""
    scale = side / max(size)
    height, width = (_rounded(scale * length) for length in size)
    return height, width


def square(side: int, size: Size) -> Size:
    """`side` for both, whatever the proportions."""
    return side, side


def _rounded(length: float) -> int:
    return max(1, round(length / _MULTIPLE)) * _MULTIPLE


@dataclass(frozen=True, slots=True)
class DepthInput:
    """Preprocessing of pictures for one depth network."""

    size: Callable[[Size], Size]
    """From a picture's size to the size of the network's input."""
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    """Standard deviation of red, green and blue in [0, 1]."""

    def __call__(self, pictures: Tensor) -> Tensor:
        """Normalised float32 pictures of the network's size, for `(N, 3, H, W)` in [-1, 1]."""
        *_, height, width = pictures.shape
        unit = (pictures.float() + 1) / 2
        resized = interpolate(
            unit, size=self.size((height, width)), mode="bicubic", align_corners=False
        )
        mean, std = (
            torch.tensor(numbers, device=pictures.device).view(1, 3, 1, 1)
            for numbers in (self.mean, self.std)
        )
        return (resized - mean) / std


def imagenet_input(side: int) -> DepthInput:
    """Preprocessing of MiDaS v2.1: at most `side`, and ImageNet's mean and deviation."""
    return DepthInput(partial(upper_bound, side), (0.485, 0.456, 0.406), (0.229, 0.224, 0.225))


def dpt_input(size: Callable[[Size], Size]) -> DepthInput:
    """Preprocessing of the DPT networks: [0, 1] becomes [-1, 1]."""
    return DepthInput(size, (0.5, 0.5, 0.5), (0.5, 0.5, 0.5))
