"""Conversions of pictures that go round: the same wherever the seam is."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d, conv2d, interpolate, pad

from pipeline.diffusion.seamless_space import SeamlessSpace

KERNEL = torch.randn(3, 3, 5, 5, generator=torch.manual_seed(1)) / 8


def blurred(pictures: Tensor) -> Tensor:
    """A convolution that sees two places to each side, and nothing beyond an edge."""
    return conv2d(pad(pictures, (2, 2, 2, 2)), KERNEL)


@dataclass(frozen=True)
class Blurring:
    """A space of squares of 2 pixels, whose conversions look at neighbours."""

    channels: int = 3
    factor: int = 2

    def encode(self, pictures: Tensor) -> Tensor:
        return blurred(avg_pool2d(pictures, 2))

    def decode(self, x: Tensor) -> Tensor:
        return interpolate(blurred(x), scale_factor=2)

    def judged(self, x: Tensor) -> Tensor:
        return 2 * self.decode(x)


@pytest.mark.parametrize("way", ["encode", "decode", "judged"])
@pytest.mark.parametrize("width", [2, 4, 12, 40])
def test_the_seam_may_be_anywhere(way: str, width: int) -> None:
    space = SeamlessSpace(Blurring())
    assert (space.channels, space.factor) == (3, 2)
    before, after = (2, 1) if way == "encode" else (1, 2)
    given = torch.randn(2, 3, 8 * before, width * before, generator=torch.manual_seed(2))
    plain, convert = getattr(Blurring(), way), getattr(space, way)
    found = convert(given)
    assert found.shape == plain(given).shape
    for turn in range(width):
        turned = convert(given.roll(turn * before, -1)).roll(-turn * after, -1)
        torch.testing.assert_close(turned, found)
    if width == 40:
        inner = slice(2 * after, -2 * after)
        torch.testing.assert_close(found[..., inner], plain(given)[..., inner])
        assert (found - plain(given)).abs().max() > 0.1


def test_a_gradient_crosses_the_seam() -> None:
    x = torch.zeros(1, 3, 4, 20, requires_grad=True)
    (gradient,) = torch.autograd.grad(SeamlessSpace(Blurring()).decode(x)[..., :2].sum(), x)
    seen = gradient.abs().sum((0, 1, 2)) > 0
    assert seen.tolist() == [True] * 3 + [False] * 15 + [True] * 2
