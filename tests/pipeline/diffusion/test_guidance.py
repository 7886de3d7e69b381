"""Denoisers around denoisers: guidance by gradients and prompts, schedules, and a held init."""

from __future__ import annotations

import gc
import weakref

import pytest
import torch
from torch import Tensor

from pipeline.diffusion.guidance import (
    CondFn,
    classifier_free,
    composed,
    dynamic_threshold,
    guide,
    scheduled,
    shared_scales,
    static_threshold,
)
from pipeline.diffusion.samplers import sample_ddim
from pipeline.diffusion.schedule import cosine_schedule
from pipeline.spec.samplers import respaced
from pipeline.spec.step_schedule import StepSchedule
from tests.pipeline.diffusion.analytic import GaussianDenoiser
from tests.pipeline.diffusion.toy_denoisers import SCHEDULE, Fixed

MEAN, VARIANCE = 0.2, 0.3
SEEN, SEEN_VARIANCE = -0.6, 0.1
"""A measurement of the picture, y = x_0 + N(0, SEEN_VARIANCE), and what it gave."""
GAUSSIAN = GaussianDenoiser(SCHEDULE, torch.tensor(MEAN, dtype=torch.float64), VARIANCE)
T = torch.tensor([200, 900])


def noise(*shape: int, seed: int = 0) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator, dtype=torch.float64)


def measurement(x: Tensor, t: Tensor, denoised: Tensor) -> Tensor:
    """The gradient of log p(y | x_t), exact for a Gaussian, through the denoiser's own graph."""
    alpha, sigma = SCHEDULE.at(x, t)
    spread = VARIANCE * sigma**2 / (alpha**2 * VARIANCE + sigma**2) + SEEN_VARIANCE
    log_p = -((SEEN - denoised) ** 2) / (2 * spread)
    return torch.autograd.grad(log_p.sum(), x)[0]


def constant(gradient: Tensor) -> CondFn:
    return lambda x, t, denoised: gradient


def test_guidance_by_an_exact_gradient_gives_the_exact_posterior_mean() -> None:
    """Three measurements of one normal variable: prior, x_t and y, weighted by precision."""
    x = noise(2, 3, 4, 4)
    alpha, sigma = SCHEDULE.at(x, T)
    precision = 1 / VARIANCE + alpha**2 / sigma**2 + 1 / SEEN_VARIANCE
    weighted = MEAN / VARIANCE + alpha * x / sigma**2 + SEEN / SEEN_VARIANCE
    torch.testing.assert_close(guide(GAUSSIAN, measurement)(x, T), weighted / precision)


@pytest.mark.slow
@pytest.mark.parametrize("eta", [0.0, 1.0])
def test_samples_of_a_guided_gaussian_have_the_moments_of_the_posterior(eta: float) -> None:
    precision = 1 / VARIANCE + 1 / SEEN_VARIANCE
    *_, last = sample_ddim(
        guide(GAUSSIAN, measurement),
        noise(1, 3, 60, 60),
        respaced(1000, 500),
        eta=eta,
        generator=torch.Generator().manual_seed(1),
    )
    mean = (MEAN / VARIANCE + SEEN / SEEN_VARIANCE) / precision
    assert last.x.mean().item() == pytest.approx(mean, abs=0.01)
    assert last.x.var().item() == pytest.approx(1 / precision, rel=0.07)


@pytest.mark.slow
def test_guidance_works_without_gradients_around_it_and_leaves_no_graph() -> None:
    x, graphs = noise(2, 3, 4, 4), []

    def cond_fn(x: Tensor, t: Tensor, denoised: Tensor) -> Tensor:
        assert x.requires_grad and denoised.requires_grad
        graphs.append(weakref.ref(denoised))
        return torch.zeros_like(x)

    with torch.no_grad():
        guided = guide(GAUSSIAN, cond_fn)(x, T)
    gc.collect()
    assert not guided.requires_grad and not x.requires_grad
    assert [graph() for graph in graphs] == [None]
    torch.testing.assert_close(guided, GAUSSIAN(x, T))


@pytest.mark.parametrize(("size", "expected"), [(5.0, 0.05), (0.05, 0.05), (0.01, 0.01)])
def test_the_clamp_caps_the_rms_of_each_picture_and_keeps_the_direction(
    size: float, expected: float
) -> None:
    direction = noise(2, 3, 4, 4, seed=1)
    direction = direction / direction.square().mean(dim=(1, 2, 3), keepdim=True).sqrt()
    sizes = torch.tensor([size, 0.02], dtype=torch.float64).view(2, 1, 1, 1)
    x = noise(2, 3, 4, 4)
    alpha, sigma = SCHEDULE.at(x, T)
    guided = guide(GAUSSIAN, constant(sizes * direction), clamp_max=0.05)(x, T)
    applied = (guided - GAUSSIAN(x, T)) * alpha / sigma**2
    torch.testing.assert_close(applied[0], expected * direction[0])
    torch.testing.assert_close(applied[1], 0.02 * direction[1])


@pytest.mark.parametrize("clamp_max", [None, 0.0, 0.05])
def test_no_gradient_stays_no_gradient(clamp_max: float | None) -> None:
    x = noise(2, 3, 4, 4)
    guided = guide(GAUSSIAN, constant(torch.zeros_like(x)), clamp_max=clamp_max)(x, T)
    torch.testing.assert_close(guided, GAUSSIAN(x, T), rtol=0, atol=0)


def test_a_clamp_of_zero_switches_guidance_off() -> None:
    x = noise(2, 3, 4, 4)
    guided = guide(GAUSSIAN, constant(torch.ones_like(x)), clamp_max=0)(x, T)
    torch.testing.assert_close(guided, GAUSSIAN(x, T), rtol=0, atol=0)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_a_gradient_that_is_not_finite_is_an_error_that_names_the_timestep(value: float) -> None:
    gradient = torch.zeros(2, 3, 4, 4)
    gradient[1, 0, 0, 0] = value
    with pytest.raises(FloatingPointError) as error:
        guide(GAUSSIAN, constant(gradient), clamp_max=0.05)(noise(2, 3, 4, 4), T)
    assert str(error.value) == "the guidance gradient at timestep [200, 900] is not finite"


def test_a_gradient_in_half_precision_does_not_overflow_its_own_norm() -> None:
    x = torch.zeros(1, 3, 64, 64, dtype=torch.float16)
    gradient = torch.full_like(x, 1000)
    guided = guide(Fixed(torch.zeros_like(x)), constant(gradient), clamp_max=0.5)(x, T[:1])
    alpha, sigma = SCHEDULE.at(x.double(), T[:1])
    torch.testing.assert_close(
        guided.double(), (0.5 * sigma**2 / alpha).expand(x.shape), rtol=5e-3, atol=0
    )


@pytest.mark.parametrize("clamp_max", [-0.1, float("nan")])
def test_a_negative_clamp_is_refused(clamp_max: float) -> None:
    with pytest.raises(ValueError) as error:
        guide(GAUSSIAN, measurement, clamp_max=clamp_max)
    assert str(error.value) == f"clamp_max is {clamp_max:g}; it is 0 or more, or None for no cap"


@pytest.mark.parametrize(("scale", "value"), [(0, 1.0), (1, 3.0), (0.5, 2.0), (7.5, 16.0)])
def test_classifier_free_guidance_extrapolates(scale: float, value: float) -> None:
    x = torch.zeros(2, 3, 2, 2)
    both = Fixed(torch.tensor([3.0, 3.0, 1.0, 1.0]).view(4, 1, 1, 1))
    torch.testing.assert_close(classifier_free(both, scale)(x, T), torch.full_like(x, value))


def test_classifier_free_guidance_asks_once_for_every_picture_twice() -> None:
    both = Fixed(torch.zeros(4, 3, 2, 2))
    x = noise(2, 3, 2, 2)
    classifier_free(both, 2)(x, T)
    ((asked, t),) = both.asked
    assert torch.equal(asked, torch.cat([x, x])) and torch.equal(t, torch.cat([T, T]))


@pytest.mark.parametrize(
    ("scales", "value"), [([2.0, 3.0], 14.0), ([1.0, -0.5], 1.5), ([0.0, 0.0], 1.0), ([2.0], 5.0)]
)
def test_the_guidance_of_several_prompts_adds_up(scales: list[float], value: float) -> None:
    """Estimates of 3 and of 4 with prompts, and of 1 without."""
    x = torch.zeros(2, 3, 2, 2)
    told = [3.0, 3.0, 4.0, 4.0][: 2 * len(scales)]
    each = Fixed(torch.tensor([*told, 1.0, 1.0]).view(-1, 1, 1, 1))
    torch.testing.assert_close(composed(each, scales)(x, T), torch.full_like(x, value))
    ((asked, t),) = each.asked
    assert len(asked) == len(t) == 2 * (len(scales) + 1)


@pytest.mark.parametrize("scale", [0.0, 0.3, 1.0, 1.1, 2.5, 7.3, 33.4])
def test_one_prompt_has_the_scale_for_itself_to_the_last_bit(scale: float) -> None:
    assert shared_scales(scale, [1.0]) == [scale]
    assert shared_scales(scale, [-1.0]) == [-scale]


@pytest.mark.parametrize(
    ("scale", "shares", "expected"),
    [
        (0.5, [1.0, 1.0], [0.25, 0.25]),
        (1.0, [1.0, 0.25], [0.8, 0.2]),
        (3.0, [1.0, 1.0], [2.5, 2.5]),
        (3.0, [1.0, 0.25], [2.8, 0.7]),
        (3.0, [1.0, -0.5], [3.0, -1.5]),
    ],
)
def test_prompts_share_what_leads_to_them_and_not_what_exaggerates(
    scale: float, shares: list[float], expected: list[float]
) -> None:
    assert shared_scales(scale, shares) == pytest.approx(expected)


def test_every_wrapper_keeps_the_schedule() -> None:
    inner = Fixed(torch.ones(1), cosine_schedule())
    for denoiser in (
        guide(inner, measurement),
        classifier_free(inner, 2),
        composed(inner, [2, 1]),
        static_threshold(inner),
        dynamic_threshold(inner, 0.9),
    ):
        assert denoiser.schedule is inner.schedule


def test_a_schedule_asks_the_denoiser_of_its_timestep_only() -> None:
    made = {value: Fixed(torch.tensor(value)) for value in (1.0, 2.0)}
    values = StepSchedule(((0.0, 1.0), (0.4, 2.0), (0.6, 1.0)))
    denoiser = scheduled(values, made.__getitem__)
    assert denoiser.schedule is SCHEDULE
    x = noise(2, 3, 2, 2)
    for t, value in ((999, 1.0), (600, 1.0), (599, 2.0), (400, 2.0), (399, 1.0), (0, 1.0)):
        assert (denoiser(x, torch.tensor([t, t])) == value).all()
    assert [len(fixed.asked) for fixed in made.values()] == [4, 2]


def test_a_schedule_of_one_value_is_its_denoiser() -> None:
    only = Fixed(torch.tensor(1.0))
    assert scheduled(StepSchedule(((0.0, 3.0), (0.5, 3.0))), lambda _: only) is only
