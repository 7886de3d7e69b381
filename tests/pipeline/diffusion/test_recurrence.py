"""Steps that are taken several times: `pipeline.diffusion.recurrence`."""

from __future__ import annotations

from functools import partial
from math import sqrt
from typing import get_args

import pytest
import torch
from torch import Tensor

from pipeline.diffusion.changes import Sampler
from pipeline.diffusion.recurrence import recurring
from pipeline.diffusion.samplers import SAMPLERS
from pipeline.diffusion.schedule import NoiseSchedule, add_noise, linear_schedule
from pipeline.protocols import Denoiser
from pipeline.spec.samplers import SamplerName, respaced
from pipeline.spec.step_schedule import StepSchedule
from tests.pipeline.diffusion.analytic import GaussianDenoiser
from tests.pipeline.diffusion.toy_denoisers import EpsDenoiser

SCHEDULE = linear_schedule()
NETWORK = EpsDenoiser(SCHEDULE)
TIMESTEPS = respaced(1000, 6)
EACH = pytest.mark.parametrize("name", get_args(SamplerName))
TWICE_AT_FIRST = StepSchedule(((0, 2), (0.5, 1)))


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def noise(*shape: int) -> Tensor:
    return torch.randn(*shape, generator=generator(7), dtype=torch.float64)


def sampler(name: SamplerName, denoiser: Denoiser = NETWORK, eta: float = 0.0) -> Sampler:
    return partial(SAMPLERS[name], denoiser, eta=eta, generator=generator(1))


@EACH
def test_once_is_the_sampler_itself(name: SamplerName) -> None:
    used = generator()
    once = recurring(sampler(name), SCHEDULE, StepSchedule.constant(1), used)
    made, expected = (list(run(noise(1, 3, 4, 4), TIMESTEPS)) for run in (once, sampler(name)))
    for step, same in zip(made, expected, strict=True):
        assert (step.index, step.t) == (same.index, same.t)
        assert torch.equal(step.x, same.x) and torch.equal(step.denoised, same.denoised)
    assert torch.equal(used.get_state(), generator().get_state())


@EACH
@pytest.mark.parametrize("recurrence", [TWICE_AT_FIRST, StepSchedule.constant(3)])
def test_what_comes_out_is_a_step_for_each_timestep(
    name: SamplerName, recurrence: StepSchedule
) -> None:
    x = noise(1, 3, 4, 4)
    steps = list(recurring(sampler(name), SCHEDULE, recurrence, generator())(x, TIMESTEPS))
    assert [(step.index, step.t) for step in steps] == list(enumerate(TIMESTEPS))
    assert not torch.equal(steps[-1].x, [*sampler(name)(x, TIMESTEPS)][-1].x)


def test_noise_leads_back_to_the_level_where_the_step_began() -> None:
    x, (abar, after) = noise(1, 3, 4, 4), SCHEDULE.alphas_cumprod[[600, 300]].tolist()
    once = StepSchedule(((0, 1), (0.5, 1)))
    (first, _) = recurring(sampler("ddim"), SCHEDULE, once, generator())(x, (600, 300))
    drawn = torch.randn(1, 3, 4, 4, generator=generator())
    back = sqrt(abar / after) * first.x + sqrt(1 - abar / after) * drawn
    expected, _ = sampler("ddim")(back, (600, 300))
    again = StepSchedule(((0, 2), (0.5, 1)))
    (second, _) = recurring(sampler("ddim"), SCHEDULE, again, generator())(x, (600, 300))
    torch.testing.assert_close(second.x, expected.x)


def test_where_the_last_step_leads_nowhere_no_noise_leads_back() -> None:
    table = SCHEDULE.alphas_cumprod[[100, 400]]
    schedule = NoiseSchedule(table, table.new_tensor([100, 400]), table[0].item())
    last = StepSchedule(((0, 1), (0.5, 3)))
    x, used = noise(1, 3, 4, 4), generator()
    network = EpsDenoiser(schedule)
    run = recurring(sampler("ddim", network), schedule, last, used)
    for step, expected in zip(run(x, (1, 0)), sampler("ddim", network)(x, (1, 0)), strict=True):
        torch.testing.assert_close(step.x, expected.x)


def test_pictures_are_spread_as_they_were() -> None:
    """Without guidance steps that are taken several times draw from the same distribution."""
    mean, variance = 0.2, 1.5
    gaussian = GaussianDenoiser(SCHEDULE, torch.tensor(mean, dtype=torch.float64), variance)
    pictures = mean + sqrt(variance) * noise(16, 3, 32, 32)
    x = add_noise(SCHEDULE, pictures, noise(16, 3, 32, 32).flip(0), 900)
    run = recurring(sampler("ddim", gaussian), SCHEDULE, StepSchedule.constant(3), generator())
    *_, last = run(x, tuple(range(900, -1, -5)))
    assert last.x.mean().item() == pytest.approx(mean, abs=0.02)
    # Steps of five timesteps lose 1.4% of it when they are taken once, too.
    assert last.x.var().item() == pytest.approx(variance, rel=0.03)
