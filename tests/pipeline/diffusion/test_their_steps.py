"""Every sampler beside diffusers' scheduler of its name, on the noise of Stable Diffusion."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import torch

from pipeline.diffusion.schedule import scaled_linear_schedule, zero_terminal_snr
from pipeline.diffusion.spacing import spaced
from pipeline.diffusion.trained_noise import TrainedNoise
from pipeline.spec.samplers import SAMPLER_FACTS, SamplerName, Spacing
from tests.pipeline.diffusion.their_steps import (
    CLASSES,
    STABLE,
    our_steps,
    start,
    their_scheduler,
    their_steps,
)

SCHEDULE = scaled_linear_schedule()
WITH_KARRAS: tuple[SamplerName, ...] = ("euler", "heun", "dpmpp_2m", "dpmpp_2m_sde", "unipc")
# What diffusers asks of numpy.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


def pairs() -> Iterator[tuple[SamplerName, Spacing | None]]:
    yield "lcm", None
    # Its own steps go by 1000 // steps timesteps, which is off its own list with linspace.
    yield from (("ddim", "leading"), ("ddim", "trailing"))
    for name in CLASSES.keys() - {"ddim", "lcm"}:
        yield from ((name, spacing) for spacing in ("leading", "trailing", "linspace"))
    yield from ((name, "karras") for name in WITH_KARRAS)


def options_of(name: SamplerName, spacing: Spacing | None, **others: object) -> dict[str, Any]:
    extra: dict[str, Any] = {"clip_sample": False} if name == "ddim" else {}
    if spacing == "karras":
        extra |= {"use_karras_sigmas": True, "timestep_spacing": "leading"}
    elif spacing is not None:
        extra |= {"timestep_spacing": spacing}
    return {**STABLE, **extra, **others}


def compared(
    name: SamplerName,
    spacing: Spacing | None,
    noise: TrainedNoise,
    *,
    steps: int,
    skip: int = 0,
    eta: float | None = None,
    within: float = 1e-4,
    **others: object,
) -> None:
    eta = SAMPLER_FACTS[name].eta if eta is None else eta
    options = options_of(name, spacing, prediction_type=noise.prediction, **others)
    scheduler = their_scheduler(name, options)
    scheduler.set_timesteps(steps)
    theirs = their_steps(name, scheduler, start(), eta=eta, skip=skip)
    schedule = spaced(noise, name, steps, spacing)
    ours = our_steps(name, schedule, start(), prediction=noise.prediction, eta=eta, skip=skip)
    assert len(schedule) == steps
    for our, their in zip(ours, theirs, strict=True):
        # Theirs rounds x, noise levels and timesteps to float32.
        torch.testing.assert_close(our, their, rtol=within, atol=within)


@pytest.mark.parametrize("prediction", ["epsilon", "v_prediction"])
@pytest.mark.parametrize(("steps", "skip"), [(1, 0), (2, 0), (5, 0), (20, 0), (20, 7)])
@pytest.mark.parametrize(("name", "spacing"), sorted(pairs(), key=str))
def test_every_step_equals_that_of_diffusers(
    name: SamplerName, spacing: Spacing | None, steps: int, skip: int, prediction: str
) -> None:
    noise = TrainedNoise(SCHEDULE, prediction, steps_offset=1)
    compared(name, spacing, noise, steps=steps, skip=skip)


@pytest.mark.parametrize("steps", [1, 2, 20])
@pytest.mark.parametrize(
    ("name", "spacing"), sorted((pair for pair in pairs() if pair[0] != "heun"), key=str)
)
def test_from_pure_noise_too(name: SamplerName, spacing: Spacing | None, steps: int) -> None:
    """Theirs counts in sigma, which is 4096 there, and leaves it no more digits."""
    noise = TrainedNoise(zero_terminal_snr(SCHEDULE), "v_prediction", steps_offset=1)
    compared(name, spacing, noise, steps=steps, rescale_betas_zero_snr=True, within=2e-3)


@pytest.mark.parametrize("eta", [0.0, 1.0])
@pytest.mark.parametrize("steps", [7, 30])
def test_ddim_may_end_at_the_least_noisy_level(steps: int, eta: float) -> None:
    noise = TrainedNoise(SCHEDULE, steps_offset=1, set_alpha_to_one=False)
    assert spaced(noise, "ddim", steps).final == SCHEDULE.alphas_cumprod[0]
    compared("ddim", None, noise, steps=steps, eta=eta, set_alpha_to_one=False)


@pytest.mark.parametrize("steps", [3, 14, 15, 20])
@pytest.mark.parametrize("spacing", ["leading", "karras"])
@pytest.mark.parametrize("name", ["euler", "dpmpp_2m", "unipc"])
def test_others_may_end_there_by_another_setting(
    name: SamplerName, spacing: Spacing, steps: int
) -> None:
    noise = TrainedNoise(SCHEDULE, steps_offset=1, sigma_to_zero=False)
    compared(name, spacing, noise, steps=steps, final_sigmas_type="sigma_min")


@pytest.mark.parametrize("name", ["euler", "dpmpp_2m", "lcm"])
def test_the_network_is_told_the_timesteps_of_its_training(name: SamplerName) -> None:
    scheduler = their_scheduler(name, dict(STABLE))
    scheduler.set_timesteps(7)
    spacing: Spacing | None = None if name == "lcm" else "linspace"
    schedule = spaced(TrainedNoise(SCHEDULE, steps_offset=1), name, 7, spacing)
    told = schedule.told(torch.arange(6, -1, -1))
    torch.testing.assert_close(told, scheduler.timesteps.float(), rtol=1e-6, atol=1e-4)


@pytest.mark.parametrize(("name", "spacing"), sorted(pairs(), key=str))
def test_a_sampling_from_nothing_begins_as_that_of_diffusers(
    name: SamplerName, spacing: Spacing | None
) -> None:
    scheduler = their_scheduler(name, options_of(name, spacing))
    scheduler.set_timesteps(5)
    schedule = spaced(TrainedNoise(SCHEDULE, steps_offset=1), name, 5, spacing)
    counts_in_sigma = name in ("euler", "euler_a", "heun")
    alpha = schedule.alpha(4).item() if counts_in_sigma else 1.0
    ours = 1.0 if schedule.unit else schedule.sigma(4).item()
    assert ours == pytest.approx(float(scheduler.init_noise_sigma) * alpha, rel=1e-5)


@pytest.mark.parametrize("original", [25, 100])
def test_a_distillation_may_have_had_other_timesteps(original: int) -> None:
    noise = TrainedNoise(SCHEDULE, distilled_steps=original)
    compared("lcm", None, noise, steps=4, original_inference_steps=original, steps_offset=0)
