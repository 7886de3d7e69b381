"""Three networks to differentiate guidance through: what each judges, costs and gives."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
import torch
from torch import Tensor

from pipeline.diffusion.conditions import make_cond_fn, weighted
from pipeline.diffusion.gradient import (
    Estimator,
    fixed_noise,
    through_denoiser,
    through_secondary,
)
from pipeline.diffusion.guidance import guide
from pipeline.diffusion.losses import range_loss, tv_loss
from pipeline.diffusion.schedule import NoiseSchedule, linear_schedule
from tests.pipeline.diffusion.analytic import GaussianDenoiser

SCHEDULE = linear_schedule()
GAUSSIAN = GaussianDenoiser(SCHEDULE, torch.tensor(0.2, dtype=torch.float64), 0.3)
T = torch.tensor([400, 400])
ALPHA, SIGMA = (level(400, torch.float64) for level in (SCHEDULE.alpha, SCHEDULE.sigma))
X = 3 * torch.randn(2, 3, 4, 4, generator=torch.manual_seed(0), dtype=torch.float64)


@dataclass
class Watched:
    """`GAUSSIAN`, which notes how it is asked."""

    schedule: NoiseSchedule = SCHEDULE
    asked: list[bool] = field(default_factory=list)
    """For each call, whether a graph was built."""

    def __call__(self, x: Tensor, t: Tensor) -> Tensor:
        denoised = GAUSSIAN(x, t)
        self.asked.append(denoised.requires_grad)
        return denoised


def small_network(x: Tensor, alpha: Tensor, sigma: Tensor) -> Tensor:
    """Another estimate than the denoiser's, and not linear in `x`."""
    return alpha * x - sigma * torch.sin(x)


SECONDARY = through_secondary(small_network)


def blend_loss(pictures: Tensor) -> Tensor:
    return 2 * tv_loss(pictures) + pictures.pow(4).sum(dim=(1, 2, 3))


COND_FN = make_cond_fn(
    SCHEDULE,
    blend_losses=[weighted(blend_loss, 0.5)],
    denoised_losses=[weighted(range_loss, 7.0)],
)


def correction(estimator: Estimator) -> Tensor:
    """What guidance adds to the unguided estimate, in units of its gradient."""
    guided = guide(GAUSSIAN, COND_FN, estimator=estimator)(X, T)
    return (guided - GAUSSIAN(X, T)) * ALPHA / SIGMA**2


def losses(x: Tensor, judged: Tensor) -> Tensor:
    blend = SIGMA * judged + (1 - SIGMA) * x
    return (0.5 * blend_loss(blend) + 7 * range_loss(judged)).sum()


def gradient(x: Tensor, judged: Tensor) -> Tensor:
    return -torch.autograd.grad(losses(x, judged), x)[0]


def test_through_the_denoiser_is_what_guidance_does_unasked() -> None:
    unasked = guide(GAUSSIAN, COND_FN)(X, T)
    assert torch.equal(guide(GAUSSIAN, COND_FN, estimator=through_denoiser)(X, T), unasked)
    x = X.clone().requires_grad_()
    torch.testing.assert_close(correction(through_denoiser), gradient(x, GAUSSIAN(x, T)))


def test_the_secondary_is_judged_and_differentiated_in_place_of_the_denoiser() -> None:
    x = X.clone().requires_grad_()
    expected = gradient(x, small_network(x, ALPHA, SIGMA))
    torch.testing.assert_close(correction(SECONDARY), expected)


def test_the_secondary_gives_the_gradient_of_disco_diffusion() -> None:
    """x_in = sigma out + (1 - sigma) x, g = -J^T G with G the gradient of the losses of x_in."""
    cond_fn = make_cond_fn(SCHEDULE, blend_losses=[weighted(blend_loss, 0.5)])
    guided = guide(GAUSSIAN, cond_fn, estimator=SECONDARY, clamp_max=0.05)(X[:1], T[:1])
    x = X[:1].clone().requires_grad_()
    x_in = small_network(x, ALPHA, SIGMA) * SIGMA + x * (1 - SIGMA)
    (outer,) = torch.autograd.grad(0.5 * blend_loss(x_in).sum(), x_in, retain_graph=True)
    (g,) = torch.autograd.grad(x_in, x, outer)
    magnitude = g.square().mean().sqrt()
    g = -g * magnitude.clamp(max=0.05) / magnitude
    # Disco corrects the noise, eps' = eps - sigma g, and takes x_0 from that.
    eps = (X[:1] - ALPHA * GAUSSIAN(X[:1], T[:1])) / SIGMA
    torch.testing.assert_close(guided, (X[:1] - SIGMA * (eps - SIGMA * g)) / ALPHA)


def test_with_fixed_noise_the_estimate_moves_by_one_over_alpha() -> None:
    x, still = X.clone().requires_grad_(), X.clone()
    eps = (still - ALPHA * GAUSSIAN(still, T)) / SIGMA
    expected = gradient(x, (x - SIGMA * eps) / ALPHA)
    torch.testing.assert_close(correction(fixed_noise), expected)


@pytest.mark.parametrize("estimator", [through_denoiser, fixed_noise])
def test_both_estimates_are_the_denoisers_own(estimator: Estimator) -> None:
    x = X.clone().requires_grad_()
    denoised, judged = estimator(GAUSSIAN, x, T)
    assert torch.equal(denoised, GAUSSIAN(x, T))
    assert torch.equal(judged, denoised)
    assert judged.requires_grad


@pytest.mark.parametrize(
    ("estimator", "graph"), [(through_denoiser, True), (SECONDARY, False), (fixed_noise, False)]
)
def test_the_denoiser_is_asked_once_and_with_a_graph_only_where_it_is_needed(
    estimator: Estimator, graph: bool
) -> None:
    denoiser = Watched()
    with torch.no_grad():
        guided = guide(denoiser, COND_FN, estimator=estimator)(X, T)
    assert denoiser.asked == [graph]
    assert not guided.requires_grad


@pytest.mark.parametrize("estimator", [through_denoiser, SECONDARY, fixed_noise])
def test_every_way_leads_to_lower_losses(estimator: Estimator) -> None:
    steered = guide(GAUSSIAN, COND_FN, estimator=estimator, clamp_max=0.1)(X, T)
    unguided = GAUSSIAN(X, T)
    assert (blend_loss(steered) + range_loss(steered) < blend_loss(unguided)).all()
