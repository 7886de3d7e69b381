"""Pictures in the space of a cascade's first network."""

from __future__ import annotations

import torch

from pipeline.diffusion.space import SmallPixels
from pipeline.protocols import Space

SPACE: Space = SmallPixels(4)


def test_a_place_is_the_mean_of_its_square() -> None:
    ramp = torch.arange(8.0).expand(1, 3, 4, 8)
    assert SPACE.encode(ramp).tolist() == [[[[1.5, 5.5]]] * 3]


def test_the_way_back_goes_straight_between_the_middles_of_squares() -> None:
    x = torch.tensor([1.5, 5.5]).expand(1, 3, 1, 2)
    row = [1.5, 1.5, 2.0, 3.0, 4.0, 5.0, 5.5, 5.5]
    torch.testing.assert_close(SPACE.decode(x), torch.tensor(row).expand(1, 3, 4, 8))
    assert torch.equal(SPACE.judged(x), SPACE.decode(x))


def test_guidance_finds_its_way_through() -> None:
    x = torch.zeros(1, 3, 2, 2, requires_grad=True)
    (gradient,) = torch.autograd.grad(SPACE.judged(x).sum(), x)
    torch.testing.assert_close(gradient, torch.full_like(x, 16.0))
