from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from tools.train.augment import add_some_noise, soften_some, square_views

Damage = Callable[[Tensor, torch.Generator], Tensor]
DAMAGES: tuple[Damage, ...] = (
    lambda pictures, generator: square_views(pictures, 16, generator),
    soften_some,
    add_some_noise,
)


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def random_pictures(n: int) -> Tensor:
    return torch.rand(n, 3, 16, 24, generator=generator(9)) * 2 - 1


def changed(before: Tensor, after: Tensor) -> Tensor:
    """Which of the pictures are not bitwise the same, `(N,)`."""
    return (before != after).flatten(1).any(dim=1)


@pytest.mark.parametrize("damage", DAMAGES)
def test_every_draw_comes_from_the_generator(damage: Damage) -> None:
    pictures = random_pictures(8)
    torch.manual_seed(0)
    first = damage(pictures, generator(1))
    untouched = torch.get_rng_state()
    torch.manual_seed(0)
    assert torch.equal(torch.get_rng_state(), untouched)
    torch.manual_seed(1)
    assert torch.equal(first, damage(pictures, generator(1)))
    assert not torch.equal(first, damage(pictures, generator(2)))


def test_a_view_is_the_whole_on_black_or_a_crop() -> None:
    """By the white share of views of a white picture 3:2.

    A whole one of a side of 1.5 to 1.65 heights holds 1.5 / side^2, a crop of up to 1.1 heights
    at least 1 / 1.1.
    """
    views = square_views(torch.ones(400, 3, 64, 96), 64, generator())
    assert views.shape == (400, 3, 64, 64)
    assert views.min() >= -1
    assert views.max() <= 1 + 1e-6
    share = (views.mean(dim=(1, 2, 3)) + 1) / 2
    whole, crop = share[share < 0.8], share[share >= 0.8]
    assert len(whole) / 400 == pytest.approx(0.5, abs=0.1)
    assert 1.5 / 1.65**2 - 0.02 < whole.min() < whole.max() < 1.5 / 1.5**2 + 0.02
    assert crop.min() > 1 / 1.1 - 0.02
    assert crop.max() == pytest.approx(1, abs=1e-6)


def test_a_view_keeps_right_right_and_down_down() -> None:
    """The picture's colour is its own coordinate, so a crop tells where it was taken."""
    x = torch.linspace(-1, 1, 96).expand(64, 96)
    y = torch.linspace(-1, 1, 64)[:, None].expand(64, 96)
    pictures = torch.stack([x, y, torch.ones(64, 96)]).expand(100, 3, 64, 96)
    views = square_views(pictures, 64, generator())
    inside = views[:, 2] > 0.999
    assert (inside.sum(dim=(1, 2)) > 1000).all()
    rightwards, downwards = views[:, 0].diff(dim=2), views[:, 1].diff(dim=1)
    assert (rightwards[inside[:, :, 1:] & inside[:, :, :-1]] > 0).all()
    assert (downwards[inside[:, 1:] & inside[:, :-1]] > 0).all()
    # Crops come from everywhere: their middles spread over the picture.
    middles = views[:, 0, 32, 32]
    assert middles.min() < -0.2
    assert middles.max() > 0.2


def test_a_soft_picture_keeps_its_mean_and_loses_detail() -> None:
    pictures = random_pictures(6)
    soft = soften_some(pictures, generator(), share=1.0)
    torch.testing.assert_close(soft.mean(dim=(2, 3)), pictures.mean(dim=(2, 3)), atol=0.03, rtol=0)
    assert (soft.diff(dim=-1).abs().mean() / pictures.diff(dim=-1).abs().mean()) < 0.7
    flat = torch.full((2, 3, 16, 24), 0.25)
    torch.testing.assert_close(soften_some(flat, generator(), share=1.0), flat)


def test_noise_is_normal_and_as_strong_as_a_uniform_draw() -> None:
    grey = torch.zeros(1000, 3, 8, 8)
    noisy = add_some_noise(grey, generator(), share=1.0, most=0.5)
    strength = noisy.std(dim=(1, 2, 3))
    assert strength.max() < 0.6
    assert float(strength.mean()) == pytest.approx(0.25, abs=0.02)
    assert float(strength.std()) == pytest.approx(0.5 / 12**0.5, abs=0.02)
    assert float(noisy.mean()) == pytest.approx(0, abs=0.005)


@pytest.mark.parametrize("damage", [soften_some, add_some_noise])
def test_only_a_share_of_the_pictures_is_damaged(damage: Callable[..., Tensor]) -> None:
    pictures = random_pictures(600)
    share = changed(pictures, damage(pictures, generator())).float().mean()
    assert float(share) == pytest.approx(0.3, abs=0.05)
    assert not changed(pictures, damage(pictures, generator(), share=0.0)).any()
    assert changed(pictures, damage(pictures, generator(), share=1.0)).all()
