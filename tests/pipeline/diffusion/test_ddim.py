from __future__ import annotations

from itertools import pairwise
from math import sqrt

import pytest
import torch
from diffusers import DDIMScheduler
from torch import Tensor

from pipeline.diffusion.ddim import sample_ddim
from pipeline.diffusion.guidance import guide
from pipeline.diffusion.schedule import add_noise, cosine_schedule, linear_schedule
from pipeline.protocols import Denoiser
from pipeline.spec.samplers import respaced, skip
from tests.pipeline.diffusion.analytic import GaussianDenoiser, PicturesDenoiser
from tests.pipeline.diffusion.toy_denoisers import EpsDenoiser
from tools.references.samplers import toy_eps, toy_gradient

SCHEDULE = linear_schedule()
MEAN, VARIANCE = torch.tensor(0.2, dtype=torch.float64), 0.3
GAUSSIAN = GaussianDenoiser(SCHEDULE, MEAN, VARIANCE)


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def noise(*shape: int) -> Tensor:
    return torch.randn(*shape, generator=generator(7), dtype=torch.float64)


def finish(denoiser: Denoiser, x: Tensor, timesteps: tuple[int, ...], eta: float = 0.0) -> Tensor:
    *_, last = sample_ddim(denoiser, x, timesteps, eta=eta, generator=generator())
    return last.x


@pytest.mark.parametrize("guided", [False, True])
@pytest.mark.parametrize("eta", [0.0, 0.8, 1.0])
@pytest.mark.parametrize(("steps", "skip_steps"), [(1, 0), (10, 0), (50, 0), (50, 30), (250, 240)])
def test_every_step_equals_that_of_diffusers(
    eta: float, steps: int, skip_steps: int, guided: bool
) -> None:
    theirs = DDIMScheduler(clip_sample=False, set_alpha_to_one=True)
    theirs.alphas_cumprod = SCHEDULE.alphas_cumprod
    theirs.set_timesteps(steps)
    timesteps, network = skip(respaced(1000, steps), skip_steps), EpsDenoiser(SCHEDULE)
    denoiser = guide(network, network.cond_fn) if guided else network
    x, twin = noise(2, 3, 4, 4), generator()
    for step in sample_ddim(denoiser, x, timesteps, eta=eta, generator=generator()):
        time = torch.full((2,), step.t)
        drawn = torch.randn(x.shape, generator=twin).to(x) if step.t else torch.zeros_like(x)
        eps = toy_eps(x, time)
        if guided:
            eps = eps - SCHEDULE.sigma(step.t, x.dtype) * toy_gradient(x, time)
        x = theirs.step(eps, step.t, x, eta=eta, variance_noise=drawn).prev_sample
        torch.testing.assert_close(step.x, x, rtol=1e-6, atol=1e-6)
    assert step.index == len(timesteps) - 1


@pytest.mark.parametrize("steps", [1, 7, 50])
def test_the_deterministic_sampler_of_a_gaussian_is_a_product_of_closed_form_factors(
    steps: int,
) -> None:
    """x - alpha mean is scaled by alpha' k + sigma' (1 - alpha k) / sigma, with the gain k."""
    timesteps = respaced(1000, steps)
    levels = [SCHEDULE.alphas_cumprod[t].item() for t in timesteps] + [1.0]
    factor = 1.0
    for abar, abar_next in pairwise(levels):
        gain = sqrt(abar) * VARIANCE / (abar * VARIANCE + 1 - abar)
        eps_share = (1 - sqrt(abar) * gain) / sqrt(1 - abar)
        factor *= sqrt(abar_next) * gain + sqrt(1 - abar_next) * eps_share
    start = noise(1, 3, 4, 4)
    expected = MEAN + factor * (start - sqrt(levels[0]) * MEAN)
    torch.testing.assert_close(finish(GAUSSIAN, start, timesteps), expected)


def test_ancestral_sampling_of_a_gaussian_has_its_moments() -> None:
    final = finish(GAUSSIAN, noise(1, 3, 60, 60), respaced(1000, 200), eta=1.0)
    assert final.mean().item() == pytest.approx(0.2, abs=0.02)
    assert final.var().item() == pytest.approx(VARIANCE, rel=0.06)


def test_the_sampler_ends_at_one_of_the_known_pictures() -> None:
    pictures = noise(3, 3, 4, 4).clamp(-1, 1)
    denoiser = PicturesDenoiser(cosine_schedule(), pictures)
    start = add_noise(denoiser.schedule, pictures[1:2], noise(1, 3, 4, 4).flip(3), 300)
    timesteps = skip(respaced(1000, 50), 35)
    assert timesteps[0] == 280
    torch.testing.assert_close(finish(denoiser, start, timesteps, eta=0.5), pictures[1:2])


def test_the_generator_decides_the_ancestral_sample_and_nothing_else_does() -> None:
    start, timesteps = noise(1, 3, 4, 4), respaced(1000, 10)
    samples = []
    for seed in (1, 1, 2):
        torch.manual_seed(len(samples))
        *_, last = sample_ddim(GAUSSIAN, start, timesteps, eta=0.8, generator=generator(seed))
        samples.append(last.x)
    assert torch.equal(samples[0], samples[1])
    assert not torch.allclose(samples[0], samples[2])


def test_the_deterministic_sampler_draws_no_noise() -> None:
    used, untouched = generator(), generator()
    *_, _ = sample_ddim(GAUSSIAN, noise(1, 3, 4, 4), respaced(1000, 10), eta=0, generator=used)
    assert torch.equal(used.get_state(), untouched.get_state())


def test_every_type_of_picture_gets_the_same_noise() -> None:
    start, timesteps = noise(1, 3, 4, 4), respaced(1000, 5)
    single = finish(GAUSSIAN, start.float(), timesteps, eta=1)
    assert single.dtype == torch.float32
    torch.testing.assert_close(single.double(), finish(GAUSSIAN, start, timesteps, eta=1))
