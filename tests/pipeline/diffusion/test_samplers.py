"""What holds for every sampler."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from math import log2, sqrt
from typing import get_args

import pytest
import torch
from torch import Tensor

from pipeline.diffusion.plms import sample_plms
from pipeline.diffusion.samplers import SAMPLERS
from pipeline.diffusion.schedule import add_noise, cosine_schedule, linear_schedule
from pipeline.diffusion.steps import Step
from pipeline.protocols import Denoiser
from pipeline.spec.samplers import SamplerName, respaced, skip
from tests.pipeline.diffusion.analytic import GaussianDenoiser, PicturesDenoiser
from tests.pipeline.diffusion.toy_denoisers import EpsDenoiser, Watched

SCHEDULE = linear_schedule()
NETWORK = EpsDenoiser(SCHEDULE)
MEAN, VARIANCE = torch.tensor(0.2, dtype=torch.float64), 1.5
GAUSSIAN = GaussianDenoiser(SCHEDULE, MEAN, VARIANCE)
EACH = pytest.mark.parametrize("name", get_args(SamplerName))


def generator() -> torch.Generator:
    return torch.Generator().manual_seed(0)


def noise(*shape: int) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(7), dtype=torch.float64)


def run(
    name: str, denoiser: Denoiser, x: Tensor, timesteps: tuple[int, ...], eta: float = 0.0
) -> Iterator[Step]:
    return SAMPLERS[name](denoiser, x, timesteps, eta=eta, generator=generator())


def test_every_name_of_a_scene_has_its_sampler() -> None:
    assert set(SAMPLERS) == set(get_args(SamplerName))


@EACH
@pytest.mark.parametrize("timesteps", [(0,), (700,), (700, 0), (999, 640, 300, 20)])
def test_there_is_a_step_for_each_timestep_and_the_last_sample_is_the_last_estimate(
    name: str, timesteps: tuple[int, ...]
) -> None:
    steps = list(run(name, NETWORK, noise(2, 3, 4, 4), timesteps))
    assert [(step.index, step.t) for step in steps] == list(enumerate(timesteps))
    assert torch.equal(steps[-1].x, steps[-1].denoised)


@EACH
def test_a_steps_estimate_is_that_of_the_sample_before_it(name: str) -> None:
    x = noise(2, 3, 4, 4)
    for step in run(name, NETWORK, x, respaced(1000, 8)):
        assert torch.equal(step.denoised, NETWORK(x, torch.full((2,), step.t)))
        x = step.x


@EACH
def test_gradients_are_off_inside_and_left_as_they_were_outside(name: str) -> None:
    watched = Watched(NETWORK, [])
    for _ in run(name, watched, noise(1, 3, 4, 4), (20, 10, 0)):
        assert torch.is_grad_enabled()
    assert {t for t, _ in watched.asked} == {20, 10, 0}
    assert not any(with_gradients for _, with_gradients in watched.asked)


@EACH
def test_without_eta_no_noise_is_drawn(name: str) -> None:
    used = generator()
    *_, _ = SAMPLERS[name](NETWORK, noise(1, 3, 4, 4), (90, 50, 0), eta=0, generator=used)
    assert torch.equal(used.get_state(), generator().get_state())


@EACH
def test_every_type_of_picture_is_kept(name: str) -> None:
    timesteps, start = respaced(1000, 5), noise(1, 3, 4, 4)
    *_, single = run(name, NETWORK, start.float(), timesteps)
    *_, double = run(name, NETWORK, start, timesteps)
    assert single.x.dtype == single.denoised.dtype == torch.float32
    torch.testing.assert_close(single.x.double(), double.x, rtol=1e-4, atol=1e-5)


@EACH
def test_it_ends_at_one_of_the_known_pictures(name: str) -> None:
    pictures = noise(3, 3, 4, 4).clamp(-1, 1)
    denoiser = PicturesDenoiser(cosine_schedule(), pictures)
    start = add_noise(denoiser.schedule, pictures[1:2], noise(1, 3, 4, 4).flip(3), 280)
    *_, last = run(name, denoiser, start, skip(respaced(1000, 50), 35))
    torch.testing.assert_close(last.x, pictures[1:2])


@pytest.mark.parametrize(
    ("sampler", "order"),
    [
        (partial(run, "ddim"), 1),
        (partial(run, "dpmpp_2m"), 2),
        *((partial(sample_plms, order=order), 2) for order in (2, 4)),
    ],
    ids=["ddim", "dpmpp_2m", "plms of order 2", "plms of order 4"],
)
def test_halving_the_steps_divides_the_error_by_two_to_the_order(
    sampler: Callable[..., Iterator[Step]], order: int
) -> None:
    """On the probability flow of a Gaussian, up to the last timestep: see `exact`."""
    start, errors = noise(1, 3, 4, 4), []
    for gap in (40, 20, 10):
        timesteps = tuple(range(900, 299, -gap))
        *_, at_the_last_timestep, _ = sampler(GAUSSIAN, start, timesteps)
        errors.append((at_the_last_timestep.x - exact(start, 900, 300)).abs().max().item())
    for coarse, fine in pairwise(errors):
        assert log2(coarse / fine) == pytest.approx(order, abs=0.1)


def exact(x: Tensor, t: int, t_next: int) -> Tensor:
    """The flow keeps (x - alpha mean) / sqrt(alpha^2 variance + sigma^2)."""
    abar, abar_next = SCHEDULE.alphas_cumprod[[t, t_next]].tolist()
    unit = (x - sqrt(abar) * MEAN) / sqrt(abar * VARIANCE + 1 - abar)
    return sqrt(abar_next) * MEAN + sqrt(abar_next * VARIANCE + 1 - abar_next) * unit


@EACH
@pytest.mark.parametrize(
    ("timesteps", "message"),
    [
        ((), "there are no timesteps; a picture takes at least one"),
        ((0, 10), "the timesteps [0, 10] do not descend"),
        ((10, 10), "the timesteps [10, 10] do not descend"),
        ((1000, 0), "the timesteps go from 1000 to 0; this network knows 999 to 0"),
        ((10, -1), "the timesteps go from 10 to -1; this network knows 999 to 0"),
    ],
)
def test_timesteps_that_cannot_be_visited_are_refused_at_the_call(
    name: str, timesteps: tuple[int, ...], message: str
) -> None:
    with pytest.raises(ValueError) as error:
        run(name, NETWORK, noise(1, 3, 4, 4), timesteps)
    assert str(error.value) == message


@pytest.mark.parametrize("eta", [-0.1, 1.2])
@pytest.mark.parametrize("name", ["ddim", "dpmpp_2m"])
def test_an_eta_out_of_range_is_refused_at_the_call(name: str, eta: float) -> None:
    with pytest.raises(ValueError) as error:
        run(name, NETWORK, noise(1, 3, 4, 4), (10, 0), eta)
    expected = f"eta is {eta:g}; it goes from 0 (deterministic) to 1 (ancestral)"
    assert str(error.value) == expected


def test_plms_refuses_noise_rather_than_ignore_it() -> None:
    with pytest.raises(ValueError) as error:
        run("plms", NETWORK, noise(1, 3, 4, 4), (10, 0), 0.8)
    assert str(error.value) == "eta is 0.8; PLMS draws no noise, so it is 0"
