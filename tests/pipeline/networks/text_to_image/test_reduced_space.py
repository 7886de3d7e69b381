"""The small pictures of a cascade's first stage as a space."""

from __future__ import annotations

import torch

from pipeline.networks.text_to_image.reduced_space import ReducedPictures


def test_a_place_is_the_mean_of_its_square() -> None:
    pictures = torch.randn(2, 3, 8, 12, generator=torch.Generator().manual_seed(0))
    small = ReducedPictures(4).encode(pictures)
    assert small.shape == (2, 3, 2, 3)
    assert torch.allclose(small[1, 2, 1, 0], pictures[1, 2, 4:8, :4].mean())


def test_what_is_plain_comes_back() -> None:
    space = ReducedPictures(4)
    plain = torch.full((1, 3, 8, 12), 0.3)
    assert torch.allclose(space.decode(space.encode(plain)), plain)
    ramp = torch.linspace(-1, 1, 64).expand(1, 3, 32, 64)
    inner = (space.judged(space.encode(ramp)) - ramp)[..., 4:-4]
    assert inner.abs().max() < 1e-6


def test_guidance_differentiates_through_the_enlargement() -> None:
    x = torch.randn(1, 3, 4, 4, requires_grad=True)
    (gradient,) = torch.autograd.grad(ReducedPictures(2).judged(x).sum(), x)
    assert torch.allclose(gradient, torch.full_like(x, 4.0))


def test_without_a_second_stage_pictures_are_left_alone() -> None:
    space, pictures = ReducedPictures(1), torch.randn(1, 3, 4, 4)
    assert (space.channels, space.factor) == (3, 1)
    assert space.encode(pictures) is pictures
    assert space.decode(pictures) is pictures
