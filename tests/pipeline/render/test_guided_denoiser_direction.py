"""Guidance pulls the finished picture the right way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from torch import Tensor

from keyframes.prompts import Prompt
from pipeline.diffusion.losses import range_loss, saturation_loss, spherical_distance, tv_loss
from pipeline.networks.bundle import Networks
from pipeline.render.guided_denoiser import guided_denoiser
from pipeline.render.sampling import sample
from pipeline.spec.denoise import GuidanceSpec
from pipeline.spec.step_schedule import StepSchedule
from tests.pipeline.plans import painted
from tests.pipeline.render.guided import VECTORS, over
from tests.pipeline.toy_networks import CPU, NO_GUIDANCE, QuartersEncoder, flat, toy_spec


def picture(guidance: GuidanceSpec, prompt: Prompt, models: Networks) -> Tensor:
    spec = painted(toy_spec(guidance=guidance), prompts=(prompt,))
    *_, last = sample(None, spec, guided_denoiser(models, spec), CPU)
    return last.x


def distance(picture: Tensor, colour: str) -> float:
    seen = QuartersEncoder().encode_pictures(picture)
    return spherical_distance(seen, VECTORS[colour]).item()


GUIDED_BY_CLIP = replace(NO_GUIDANCE, clip_guidance_scale=StepSchedule.constant(100.0))


@pytest.mark.parametrize("colour", ["red", "green", "blue"])
def test_clip_brings_the_picture_nearer_to_its_prompt(models: Networks, colour: str) -> None:
    far, middle, near = (
        distance(picture(guidance, Prompt(colour, weight), models), colour)
        for guidance, weight in ((GUIDED_BY_CLIP, -1.0), (NO_GUIDANCE, 1.0), (GUIDED_BY_CLIP, 1.0))
    )
    assert near < 0.8 * middle and middle < 0.9 * far


@pytest.mark.parametrize("colour", ["red", "green", "blue"])
def test_a_larger_cfg_scale_brings_the_picture_nearer_to_its_prompt(
    models: Networks, colour: str
) -> None:
    scales = (
        replace(NO_GUIDANCE, cfg_scale=StepSchedule.constant(scale)) for scale in (0.0, 0.5, 1.0)
    )
    distances = [distance(picture(g, Prompt(colour, 1.0), models), colour) for g in scales]
    assert distances == sorted(distances, reverse=True) and distances[-1] < distances[0] / 3


@pytest.mark.parametrize(
    ("name", "scale", "loss"),
    [
        ("tv_scale", 100.0, tv_loss),
        ("range_scale", 300.0, range_loss),
        ("sat_scale", 300.0, saturation_loss),
    ],
)
def test_a_penalty_makes_less_of_what_it_penalises(
    models: Networks, name: str, scale: float, loss: Callable[[Tensor], Tensor]
) -> None:
    guidance = replace(
        NO_GUIDANCE, cfg_scale=StepSchedule.constant(1.0), clamp_max=StepSchedule.constant(1.0)
    )
    plain, penalised = (
        loss(picture(g, Prompt("red", 1.0), models)).item()
        for g in (guidance, replace(guidance, **{name: StepSchedule.constant(scale)}))
    )
    assert plain > 0.05 and penalised < 0.8 * plain


@pytest.mark.parametrize("perceptual", ["pyramid", "lpips"])
def test_a_larger_init_scale_brings_the_picture_nearer_to_its_init(
    models: Networks, perceptual: str
) -> None:
    init = flat("blue")

    def away(scale: float) -> float:
        guidance = replace(
            NO_GUIDANCE,
            cfg_scale=StepSchedule.constant(1.0),
            clamp_max=StepSchedule.constant(1.0),
            init_scale=StepSchedule.constant(scale),
            perceptual=perceptual,
        )
        spec = toy_spec(guidance=guidance)
        *_, last = sample(init, spec, guided_denoiser(models, spec, over(init)), CPU)
        return (last.x - init).abs().mean().item()

    distances = [away(scale) for scale in (0.0, 5.0, 50.0)]
    assert distances == sorted(distances, reverse=True) and distances[-1] < 0.8 * distances[0]
