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
from pipeline.diffusion.schedule import (
    NoiseSchedule,
    add_noise,
    cosine_schedule,
    linear_schedule,
)
from pipeline.diffusion.steps import Step
from pipeline.protocols import Denoiser
from pipeline.spec.samplers import SAMPLER_FACTS, SamplerName, respaced, skip
from tests.pipeline.diffusion.analytic import GaussianDenoiser, PicturesDenoiser
from tests.pipeline.diffusion.toy_denoisers import EpsDenoiser, Watched

SCHEDULE = linear_schedule()
NETWORK = EpsDenoiser(SCHEDULE)
MEAN, VARIANCE = torch.tensor(0.2, dtype=torch.float64), 1.5
GAUSSIAN = GaussianDenoiser(SCHEDULE, MEAN, VARIANCE)
TINY = {name: 1e-4 if name == "lcm" else 0.0 for name in get_args(SamplerName)}
"""How far the last x may be from the last estimate: `lcm` mixes both."""
EACH = pytest.mark.parametrize("name", get_args(SamplerName))
NOISY = [name for name, facts in SAMPLER_FACTS.items() if facts.draws_noise]


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
    if name != "lcm" or timesteps[-1]:
        # A consistency model keeps x as it is at the timestep 0.
        torch.testing.assert_close(steps[-1].x, steps[-1].denoised, rtol=0, atol=TINY[name])


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
    torch.testing.assert_close(last.denoised, pictures[1:2])


@pytest.mark.parametrize(
    ("sampler", "order"),
    [
        (partial(run, "ddim"), 1),
        *((partial(run, name), 2) for name in ("dpmpp_2m", "heun")),
        *((partial(sample_plms, order=order), 2) for order in (2, 4)),
    ],
    ids=["ddim", "dpmpp_2m", "heun", "plms of order 2", "plms of order 4"],
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


def test_the_corrector_adds_an_order() -> None:
    start, errors = noise(1, 3, 4, 4), []
    for gap in (20, 10, 5):
        *_, at_the_last_timestep, _ = run("unipc", GAUSSIAN, start, tuple(range(900, 99, -gap)))
        errors.append((at_the_last_timestep.x - exact(start, 900, 100)).abs().max().item())
    for coarse, fine in pairwise(errors):
        assert log2(coarse / fine) == pytest.approx(3, abs=0.15)


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
@pytest.mark.parametrize("name", NOISY)
def test_an_eta_out_of_range_is_refused_at_the_call(name: str, eta: float) -> None:
    with pytest.raises(ValueError) as error:
        run(name, NETWORK, noise(1, 3, 4, 4), (10, 0), eta)
    expected = f"eta is {eta:g}; it goes from 0 (deterministic) to 1 (ancestral)"
    assert str(error.value) == expected


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("plms", "PLMS"),
        ("euler", "Euler's sampler"),
        ("heun", "Heun's sampler"),
        ("unipc", "UniPC"),
    ],
)
def test_what_draws_no_noise_refuses_it_rather_than_ignore_it(name: str, called: str) -> None:
    with pytest.raises(ValueError) as error:
        run(name, NETWORK, noise(1, 3, 4, 4), (10, 0), 0.8)
    assert str(error.value) == f"eta is 0.8; {called} draws no noise, so it is 0"


@EACH
@pytest.mark.parametrize("timesteps", [(0,), (700,), (700, 0), (999, 640, 300, 20)])
def test_the_denoiser_is_asked_where_the_facts_say(name: str, timesteps: tuple[int, ...]) -> None:
    watched = Watched(NETWORK, [])
    *_, _ = run(name, watched, noise(1, 3, 4, 4), timesteps)
    assert tuple(t for t, _ in watched.asked) == SAMPLER_FACTS[name].asked(timesteps)


@pytest.mark.parametrize("name", NOISY)
def test_eta_draws_noise_wherever_the_facts_say(name: str) -> None:
    used = generator()
    *_, _ = SAMPLERS[name](NETWORK, noise(1, 3, 4, 4), (90, 50, 0), eta=0.5, generator=used)
    assert not torch.equal(used.get_state(), generator().get_state())


@pytest.mark.parametrize("name", sorted({*SAMPLERS} - {"lcm", "unipc"}))
def test_a_schedule_may_end_before_the_clean_picture(name: str) -> None:
    """At its own first level the last step leads nowhere; half way to it some noise stays."""
    table = SCHEDULE.alphas_cumprod[[100, 400, 700]]
    x = noise(1, 3, 4, 4)
    for final, ends in ((table[0].item(), False), (0.95, True), (1.0, True)):
        schedule = NoiseSchedule(table, SCHEDULE.alphas_cumprod.new_tensor([100, 400, 700]), final)
        network = EpsDenoiser(schedule)
        *_, before, last = run(name, network, x, (2, 1, 0))
        assert torch.allclose(last.x, before.x) is not ends
        eps = (before.x - sqrt(table[0]) * last.denoised) / sqrt(1 - table[0])
        expected = sqrt(final) * last.denoised + sqrt(1 - final) * eps
        torch.testing.assert_close(last.x, expected)
