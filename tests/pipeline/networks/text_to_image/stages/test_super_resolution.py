"""The second stage of DeepFloyd IF beside diffusers' pipeline, from the same random numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import torch
from diffusers import DDPMScheduler, IFSuperResolutionPipeline
from torch import Tensor

from pipeline.diffusion.schedule import cosine_schedule
from pipeline.networks.text_to_image.parts.condition import Condition
from pipeline.networks.text_to_image.parts.network import Steered
from pipeline.networks.text_to_image.stages.stage_noise import StageScheduler
from pipeline.networks.text_to_image.stages.super_resolution import SuperResolution
from tests.pipeline.networks.text_to_image.tiny_cascade import (
    TOKENS,
    WIDTH,
    if_scheduler,
    second_unet,
)
from tests.pipeline.networks.text_to_image.tiny_unclip import exact

CPU = torch.device("cpu")
UNET = second_unet()


def prompts() -> Tensor:
    return torch.randn(2, TOKENS, WIDTH, generator=torch.Generator().manual_seed(8))


def stage(scheduler: DDPMScheduler) -> SuperResolution:
    read = StageScheduler.model_validate_json(scheduler.to_json_string())
    return SuperResolution(UNET, read, cosine_schedule(), CPU, steps=4)


def small() -> Tensor:
    return torch.rand(1, 3, 8, 4, generator=torch.Generator().manual_seed(2)) * 2 - 1


def theirs(scheduler: DDPMScheduler, **options: Any) -> Tensor:
    pipe = IFSuperResolutionPipeline(
        tokenizer=None,
        text_encoder=None,
        unet=UNET,
        scheduler=exact(scheduler),
        image_noising_scheduler=DDPMScheduler(beta_schedule="squaredcos_cap_v2"),
        safety_checker=None,
        feature_extractor=None,
        watermarker=None,
        requires_safety_checker=False,
    )
    pipe.set_progress_bar_config(disable=True)
    wanted, unwanted = prompts().chunk(2)
    usual: dict[str, Any] = {
        "image": small(),
        "prompt_embeds": wanted,
        "negative_prompt_embeds": unwanted,
        "num_inference_steps": 4,
        "height": 32,
        "width": 16,
        "output_type": "pt",
        "generator": torch.Generator().manual_seed(0),
    }
    pictures: Tensor = pipe(**{**usual, **options}).images
    return pictures


def ours(finish: SuperResolution) -> Tensor:
    condition = Steered(*(Condition(sequence=one) for one in prompts()))
    return finish(small(), condition, torch.Generator().manual_seed(0), (16, 32))


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"thresholding": False},
        {"thresholding": False, "clip_sample": False, "variance_type": "fixed_small"},
        {"variance_type": "fixed_small_log", "sample_max_value": 1.0},
    ],
)
def test_a_small_picture_becomes_the_pipeline_s(settings: dict[str, Any]) -> None:
    scheduler = if_scheduler(**settings)
    expected = theirs(scheduler)
    found = ours(stage(scheduler))
    assert found.shape == (1, 3, 32, 16)
    assert (found - expected).abs().max() < 1e-4 * max(1.0, float(expected.abs().max()))


def test_level_and_scale_are_the_pipeline_s() -> None:
    scheduler = if_scheduler()
    expected = theirs(scheduler, noise_level=40, guidance_scale=1.7)
    found = ours(replace(stage(scheduler), noise_level=40, scale=1.7))
    assert (found - expected).abs().max() < 1e-4
    assert (found - ours(stage(scheduler))).abs().max() > 1e-2
