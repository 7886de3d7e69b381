"""Who learns from what in the two later stretches of the upscaler."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.functional import avg_pool2d

from pipeline.networks.upscaler import UpscalerNetwork
from tools.train.data import World
from tools.train.discriminator import Discriminator
from tools.train.upscaler_paints import PaintingLoss, Rivals
from tools.train.upscaler_steady import SteadyLoss, fidelity
from tools.train.views import Views, ViewSource, moved

NO_RIVALRY = {"adversarial": 0.0, "perceptual": 0.0}
CONFIG: dict[str, Any] = {"slope_weight": 1.0, "steady_weight": 2.0, "weights": NO_RIVALRY}


def random(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.fixture
def source() -> ViewSource:
    """Two paintings of 96 x 64 px, and clean drafts."""
    pixels = np.random.default_rng(0).integers(40, 200, (2, 64, 96, 3), dtype=np.uint8)
    world = World(pixels, pixels[..., 0], np.zeros((2, 7), np.int64))
    drafts = avg_pool2d(world.pictures_at(np.arange(2)), 8)[None].half().numpy()
    motion = {"zoom": 0.02, "roll": 1.0, "shift": 1.0}
    return ViewSource(world, drafts, 6, motion, 1.0, torch.device("cpu"))


@pytest.fixture
def rivals() -> Rivals:
    torch.manual_seed(0)
    return Rivals(UpscalerNetwork(width=6, blocks=1), Discriminator([4, 8, 8]))


def gradients(module: nn.Module) -> list[torch.Tensor]:
    """The gradients that have arrived, and that are not 0."""
    grads = [weight.grad for weight in module.parameters()]
    return [grad for grad in grads if grad is not None and grad.any()]


def copied(grads: list[torch.Tensor]) -> list[torch.Tensor]:
    return [grad.clone() for grad in grads]


def test_a_perfect_enlargement_loses_nothing_and_a_constant_is_steady(source: ViewSource) -> None:
    views = source.draw(3, random())
    assert float(fidelity(views.large, views, CONFIG)) < 1e-5
    lighter = fidelity(views.large + 0.25, views, CONFIG)
    assert float(lighter) == pytest.approx(0.25, abs=1e-5)


def test_what_hangs_on_the_screen_is_unsteady(source: ViewSource) -> None:
    """Both views with one pattern that did not move: its motion counts with its weight."""
    views = source.draw(3, random())
    flat = Views(views.small, torch.zeros_like(views.large), views.ways)
    pattern = torch.rand(1, 3, 48, 48, generator=random(1)).expand(6, 3, 48, 48)
    without = fidelity(pattern, flat, {**CONFIG, "steady_weight": 0.0})
    apart = (pattern[:3] - moved(pattern[:3], views.ways))[..., 16:-16, 16:-16].abs().mean()
    assert apart > 0.1
    assert float(fidelity(pattern, flat, CONFIG) - without) == pytest.approx(2 * float(apart))


def test_without_weights_of_rivalry_the_upscaler_learns_what_it_learnt_before(
    source: ViewSource, rivals: Rivals
) -> None:
    PaintingLoss(rivals, source, CONFIG)(2, random(3)).backward()
    both = copied(gradients(rivals.upscaler))
    assert gradients(rivals.discriminator)
    rivals.zero_grad()
    SteadyLoss(rivals.upscaler, source, CONFIG)(2, random(3)).backward()
    assert not gradients(rivals.discriminator)
    torch.testing.assert_close(gradients(rivals.upscaler), both)


def test_the_discriminator_learns_the_same_whatever_the_upscaler_is_told(
    source: ViewSource, rivals: Rivals
) -> None:
    """Without power iterations, which each call goes on with."""
    rivals.eval()
    learnt = []
    for weights in (NO_RIVALRY, {"adversarial": 5.0, "perceptual": 5.0}):
        rivals.zero_grad()
        PaintingLoss(rivals, source, {**CONFIG, "weights": weights})(2, random(3)).backward()
        learnt.append(
            (copied(gradients(rivals.discriminator)), gradients(rivals.upscaler)[0].clone())
        )
    torch.testing.assert_close(learnt[0][0], learnt[1][0])
    assert not torch.allclose(learnt[0][1], learnt[1][1], rtol=0.1)
