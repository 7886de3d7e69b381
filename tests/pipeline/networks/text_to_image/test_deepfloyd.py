"""The first stage of DeepFloyd IF beside diffusers' pipelines, from the same embeddings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from diffusers import IFImg2ImgPipeline, IFPipeline
from torch import Tensor

from pipeline.diffusion.ddim import sample_ddim
from pipeline.diffusion.guidance import classifier_free, with_schedule
from pipeline.diffusion.schedule import add_noise, cosine_schedule
from pipeline.networks.text_to_image.condition import Condition
from pipeline.networks.text_to_image.deepfloyd import IfBackbone
from pipeline.networks.text_to_image.stage_noise import StageScheduler
from tests.pipeline.networks.text_to_image.tiny_cascade import (
    TOKENS,
    WIDTH,
    if_scheduler,
    if_unet,
)
from tests.pipeline.networks.text_to_image.tiny_unclip import exact

UNET = if_unet()
SCHEDULE = cosine_schedule()
# What samplers add is not for the network to say: the noise of a step is DDIM's with eta 1.
SCHEDULER = exact(if_scheduler(variance_type="fixed_small"))


def prompts() -> Tensor:
    """The tokens of a wanted and an unwanted prompt, `(2, L, D)`."""
    return torch.randn(2, TOKENS, WIDTH, generator=torch.Generator().manual_seed(8))


def sampled(x: Tensor, times: Sequence[int], generator: torch.Generator) -> Tensor:
    """A picture sampled ancestrally under guidance of scale 7, with their thresholding."""
    backbone, given = IfBackbone(UNET), Condition(sequence=prompts())

    def both(x: Tensor, t: Tensor) -> Tensor:
        alpha, sigma = SCHEDULE.at(x, t)
        return (x - sigma * backbone(x, t, given)) / alpha

    guided = classifier_free(with_schedule(SCHEDULE, both), 7.0)
    kept = StageScheduler.model_validate_json(SCHEDULER.to_json_string()).kept
    denoiser = with_schedule(SCHEDULE, lambda x, t: kept(guided(x, t)))
    *_, last = sample_ddim(denoiser, x, times, eta=1.0, generator=generator)
    return last.x


def asked(kind: type[Any], **options: Any) -> Tensor:
    pipe = kind(
        tokenizer=None,
        text_encoder=None,
        unet=UNET,
        scheduler=SCHEDULER,
        safety_checker=None,
        feature_extractor=None,
        watermarker=None,
        requires_safety_checker=False,
    )
    pipe.set_progress_bar_config(disable=True)
    wanted, unwanted = prompts().chunk(2)
    pictures: Tensor = pipe(
        prompt_embeds=wanted,
        negative_prompt_embeds=unwanted,
        num_inference_steps=5,
        guidance_scale=7.0,
        output_type="pt",
        generator=torch.Generator().manual_seed(0),
        **options,
    ).images
    return pictures


def test_a_picture_out_of_noise_is_the_pipeline_s() -> None:
    theirs = asked(IFPipeline, height=8, width=16)
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(1, 3, 8, 16, generator=generator)
    ours = sampled(x, SCHEDULER.timesteps.tolist(), generator)
    assert (ours - theirs).abs().max() < 1e-4


def test_a_picture_is_painted_over_as_the_pipeline_does() -> None:
    picture = torch.rand(1, 3, 16, 8, generator=torch.Generator().manual_seed(4)) * 2 - 1
    theirs = asked(IFImg2ImgPipeline, image=picture, strength=0.6)
    generator = torch.Generator().manual_seed(0)
    times = SCHEDULER.timesteps.tolist()[2:]
    noise = torch.randn(1, 3, 16, 8, generator=generator)
    ours = sampled(add_noise(SCHEDULE, picture, noise, times[0]), times, generator)
    assert (ours - theirs).abs().max() < 1e-4
