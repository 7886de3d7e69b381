from __future__ import annotations

import pytest
import torch
from diffusers import PNDMScheduler
from torch import Tensor

from pipeline.diffusion.guidance import guide
from pipeline.diffusion.plms import sample_plms
from pipeline.diffusion.schedule import linear_schedule
from pipeline.diffusion.steps import noise_in
from pipeline.spec.samplers import respaced, skip
from tests.pipeline.diffusion.toy_denoisers import EpsDenoiser, Watched
from tools.references.samplers import toy_eps, toy_gradient

SCHEDULE = linear_schedule()
NETWORK = EpsDenoiser(SCHEDULE)


def noise(*shape: int) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(7), dtype=torch.float64)


def their_trajectory(
    x: Tensor, steps: int, timesteps: tuple[int, ...], *, guided: bool
) -> list[Tensor]:
    """x after each but the last of our steps, by diffusers, which asks at the second one twice."""
    theirs = PNDMScheduler(skip_prk_steps=True, set_alpha_to_one=True)
    theirs.alphas_cumprod = SCHEDULE.alphas_cumprod
    theirs.set_timesteps(steps)
    trajectory = []
    for t in (timesteps[0], timesteps[1], *timesteps[1:-1]):
        time = torch.full((len(x),), t)
        eps = toy_eps(x, time)
        if guided:
            eps = eps - SCHEDULE.sigma(t, x.dtype) * toy_gradient(x, time)
        x = theirs.step(eps, t, x).prev_sample
        trajectory.append(x)
    # The first is only where the improved Euler step looks ahead.
    return trajectory[1:]


@pytest.mark.parametrize("guided", [False, True])
@pytest.mark.parametrize(("steps", "skip_steps"), [(2, 0), (10, 0), (50, 0), (50, 30), (250, 242)])
def test_every_step_but_the_last_equals_that_of_diffusers(
    steps: int, skip_steps: int, guided: bool
) -> None:
    """Theirs extrapolates once more at the end; ours ends with the estimate, as Disco's does."""
    timesteps, start = skip(respaced(1000, steps), skip_steps), noise(2, 3, 4, 4)
    denoiser = guide(NETWORK, NETWORK.cond_fn) if guided else NETWORK
    *ours, _ = sample_plms(denoiser, start, timesteps, order=4)
    expected = their_trajectory(start, steps, timesteps, guided=guided)
    for step, x in zip(ours, expected, strict=True):
        torch.testing.assert_close(step.x, x, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("order", [2, 3, 4])
def test_a_step_mixes_as_many_estimates_as_the_order(order: int) -> None:
    """The weights by Lagrange: exact for eps that are a polynomial of the step's number."""
    timesteps, start = respaced(1000, 6), noise(1, 3, 4, 4)
    steps = list(sample_plms(NETWORK, start, timesteps, order=order))
    levels = [SCHEDULE.alphas_cumprod[t].item() for t in timesteps]
    xs = [start, *(step.x for step in steps)]
    eps = [noise_in(xs[i], steps[i].denoised, levels[i]) for i in range(5)]
    places = torch.arange(order, dtype=torch.float64)
    powers = places.expand(order, -1) ** places[:, None]
    # The mean of each power over the step ahead, from place 0 to place -1.
    means = (-1.0) ** places / (places + 1)
    weights = torch.linalg.solve(powers, means)
    mixed = sum(weight * eps[4 - i] for i, weight in enumerate(weights))
    denoised = (xs[4] - (1 - levels[4]) ** 0.5 * mixed) / levels[4] ** 0.5
    expected = levels[5] ** 0.5 * denoised + (1 - levels[5]) ** 0.5 * mixed
    torch.testing.assert_close(xs[5], expected)


def test_it_asks_once_a_step_and_once_more_at_the_second_timestep() -> None:
    watched = Watched(NETWORK, [])
    *_, _ = sample_plms(watched, noise(1, 3, 4, 4), (90, 60, 30, 0))
    assert [t for t, _ in watched.asked] == [90, 60, 60, 30, 0]


@pytest.mark.parametrize("order", [1, 5])
def test_an_order_without_weights_is_refused_at_the_call(order: int) -> None:
    with pytest.raises(ValueError) as error:
        sample_plms(NETWORK, noise(1, 3, 4, 4), (10, 0), order=order)
    assert str(error.value) == f"order is {order}; it is 2, 3 or 4"
