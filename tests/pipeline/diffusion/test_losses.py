from __future__ import annotations

import math
from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from pipeline.diffusion.losses import (
    range_loss,
    saturation_loss,
    spherical_distance,
    tv_loss,
)


def noise(*shape: int, seed: int = 0) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator, dtype=torch.float64)


@pytest.mark.parametrize("angle", [0.0, 1e-6, 0.3, math.pi / 2, 3.0, math.pi])
def test_the_spherical_distance_is_half_the_squared_angle(angle: float) -> None:
    u = torch.tensor([1.0, 0.0], dtype=torch.float64)
    v = torch.tensor([math.cos(angle), math.sin(angle)], dtype=torch.float64)
    assert spherical_distance(u, v).item() == pytest.approx(angle**2 / 2, rel=1e-9, abs=1e-30)
    arcsine = 2 * math.asin(min(1, (u - v).norm().item() / 2)) ** 2
    assert spherical_distance(u, v).item() == pytest.approx(arcsine, rel=1e-9, abs=1e-30)


def test_the_spherical_distance_broadcasts() -> None:
    u, v = (torch.nn.functional.normalize(noise(n, 8, seed=n), dim=1) for n in (5, 3))
    distances = spherical_distance(u[:, None], v)
    assert distances.shape == (5, 3)
    torch.testing.assert_close(distances[4, 1], (u[4] @ v[1]).arccos().square() / 2)


@pytest.mark.parametrize("v", [[1.0, 0.0, 0.0], [-1.0, 0.0, 0.0]])
def test_the_slope_of_the_spherical_distance_is_finite_at_equal_and_opposite_vectors(
    v: list[float],
) -> None:
    u = torch.tensor([1.0, 0.0, 0.0], requires_grad=True)
    (slope,) = torch.autograd.grad(spherical_distance(u, torch.tensor(v)), u)
    assert slope.isfinite().all()


def test_the_slope_of_the_spherical_distance_close_to_opposite_is_that_of_the_angle() -> None:
    angle = torch.tensor(math.pi - 1e-3, dtype=torch.float64, requires_grad=True)
    v = torch.tensor([1.0, 0.0], dtype=torch.float64)
    distance = spherical_distance(torch.stack([angle.cos(), angle.sin()]), v)
    (slope,) = torch.autograd.grad(distance, angle)
    assert slope.item() == pytest.approx(math.pi - 1e-3, rel=1e-6)


def test_tv_of_a_slope_is_the_sum_of_its_squared_steps() -> None:
    """3 a pixel to the right and 2 a pixel down; the last column and row have no neighbour."""
    y, x = torch.meshgrid(torch.arange(4.0), torch.arange(5.0), indexing="ij")
    pictures = (3 * x + 2 * y).expand(2, 3, 4, 5)
    expected = 9 * 4 / 5 + 4 * 3 / 4
    torch.testing.assert_close(tv_loss(pictures), torch.full((2,), expected))


def test_range_and_saturation_measure_the_excess_of_each_picture() -> None:
    pictures = torch.zeros(2, 3, 2, 2)
    pictures[0, 0, 0, 0], pictures[0, 1, 1, 1] = 4.0, -2.0
    torch.testing.assert_close(range_loss(pictures), torch.tensor([(9 + 1) / 12, 0]))
    torch.testing.assert_close(saturation_loss(pictures), torch.tensor([(3 + 1) / 12, 0]))


@pytest.mark.parametrize("loss", [tv_loss, range_loss, saturation_loss])
def test_the_gradient_of_a_picture_loss_is_right_and_not_zero(
    loss: Callable[[Tensor], Tensor],
) -> None:
    pictures = (2 * noise(2, 3, 3, 4)).requires_grad_()
    assert torch.autograd.gradcheck(loss, pictures)
    (gradient,) = torch.autograd.grad(loss(pictures).sum(), pictures)
    assert gradient.abs().amax(dim=(1, 2, 3)).min() > 1e-3


def test_the_gradient_of_the_spherical_distance_is_right() -> None:
    u, v = noise(2, 5).requires_grad_(), noise(2, 5, seed=1)

    def distance(u: Tensor) -> Tensor:
        return spherical_distance(
            torch.nn.functional.normalize(u, dim=1), torch.nn.functional.normalize(v, dim=1)
        )

    assert torch.autograd.gradcheck(distance, u)
