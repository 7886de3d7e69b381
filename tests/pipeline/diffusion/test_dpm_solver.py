from __future__ import annotations

import pytest
import torch
from diffusers import DPMSolverMultistepScheduler
from torch import Tensor

from pipeline.diffusion.ddim import sample_ddim
from pipeline.diffusion.dpm_solver import sample_dpmpp_2m
from pipeline.diffusion.guidance import guide
from pipeline.diffusion.schedule import linear_schedule
from pipeline.spec.samplers import respaced, skip
from tests.pipeline.diffusion.analytic import GaussianDenoiser
from tests.pipeline.diffusion.toy_denoisers import EpsDenoiser
from tools.references.samplers import toy_eps, toy_gradient

SCHEDULE = linear_schedule()
NETWORK = EpsDenoiser(SCHEDULE)


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def noise(*shape: int) -> Tensor:
    return torch.randn(*shape, generator=generator(7), dtype=torch.float64)


def their_trajectory(
    x: Tensor, timesteps: tuple[int, ...], *, algorithm: str, guided: bool
) -> list[Tensor]:
    """x after each step, by diffusers, with the noise that `generator()` draws."""
    theirs = DPMSolverMultistepScheduler(algorithm_type=algorithm, solver_order=2)
    theirs.alphas_cumprod = SCHEDULE.alphas_cumprod
    theirs.set_timesteps(timesteps=list(timesteps))
    drawn, trajectory = generator(), []
    for t in timesteps:
        time = torch.full((len(x),), t)
        eps = toy_eps(x, time)
        if guided:
            eps = eps - SCHEDULE.sigma(t, x.dtype) * toy_gradient(x, time)
        fresh = torch.randn(x.shape, generator=drawn)
        x = theirs.step(eps, t, x, variance_noise=fresh).prev_sample
        trajectory.append(x)
    return trajectory


# What diffusers asks of numpy.
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
@pytest.mark.parametrize("guided", [False, True])
@pytest.mark.parametrize(("eta", "algorithm"), [(0.0, "dpmsolver++"), (1.0, "sde-dpmsolver++")])
@pytest.mark.parametrize(
    ("steps", "skip_steps"), [(1, 0), (2, 0), (10, 0), (50, 0), (50, 30), (250, 242)]
)
def test_every_step_equals_that_of_diffusers(
    steps: int, skip_steps: int, eta: float, algorithm: str, guided: bool
) -> None:
    timesteps, start = skip(respaced(1000, steps), skip_steps), noise(2, 3, 4, 4)
    denoiser = guide(NETWORK, NETWORK.cond_fn) if guided else NETWORK
    ours = sample_dpmpp_2m(denoiser, start, timesteps, eta=eta, generator=generator())
    expected = their_trajectory(start, timesteps, algorithm=algorithm, guided=guided)
    for step, x in zip(ours, expected, strict=True):
        # Theirs rounds x and the noise levels to float32.
        torch.testing.assert_close(step.x, x, rtol=1e-4, atol=1e-4)


def test_the_first_step_is_that_of_ddim_whatever_eta() -> None:
    timesteps, start = respaced(1000, 5), noise(1, 3, 4, 4)
    for eta in (0.0, 0.4, 1.0):
        ours, theirs = (
            next(sampler(NETWORK, start, timesteps, eta=eta, generator=generator()))
            for sampler in (sample_dpmpp_2m, sample_ddim)
        )
        assert torch.equal(ours.x, theirs.x)


@pytest.mark.parametrize("eta", [0.4, 1.0])
def test_samples_of_a_gaussian_have_its_moments(eta: float) -> None:
    denoiser = GaussianDenoiser(SCHEDULE, torch.tensor(0.2, dtype=torch.float64), 0.3)
    *_, last = sample_dpmpp_2m(
        denoiser, noise(1, 3, 60, 60), respaced(1000, 200), eta=eta, generator=generator()
    )
    assert last.x.mean().item() == pytest.approx(0.2, abs=0.02)
    assert last.x.var().item() == pytest.approx(0.3, rel=0.06)


def test_the_generator_decides_the_noise() -> None:
    start, timesteps = noise(1, 3, 4, 4), respaced(1000, 10)
    one, again, other = (
        list(sample_dpmpp_2m(NETWORK, start, timesteps, eta=0.5, generator=generator(seed)))[-1].x
        for seed in (1, 1, 2)
    )
    assert torch.equal(one, again)
    assert not torch.allclose(one, other)
