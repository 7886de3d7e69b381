"""Frames of Stable Diffusion 3 are those of diffusers' pipelines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import FlowMatchEulerDiscreteScheduler, StableDiffusion3Img2ImgPipeline

from keyframes.prompts import Prompt
from pipeline.networks.text_to_image.parts.condition import Condition
from pipeline.networks.text_to_image.parts.network import Steered
from pipeline.networks.text_to_image.parts.place import Place
from pipeline.networks.text_to_image.stable_diffusion_3 import (
    load_stable_diffusion_3,
)
from pipeline.networks.text_to_image.texts.t5_texts import POOLED
from pipeline.spec.denoise import SamplerSpec
from tests.pipeline.networks.text_to_image.frames import drawn, sampled
from tests.pipeline.networks.text_to_image.tiny_transformers import (
    prompt_sequence,
    prompt_vector,
    stable_diffusion_3,
)

HERE = Place(torch.device("cpu"), torch.device("cpu"))
SHAPE = (1, 4, 12, 8)
WORDS: dict[str, Any] = {
    "prompt": "a castle in the fog",
    "negative_prompt": "a red cat",
    "width": 16,
    "height": 24,
    "num_inference_steps": 3,
    "output_type": "latent",
    "latents": drawn(SHAPE, 0),
}
PROMPTS = [Prompt("a castle in the fog", 1.0), Prompt("a red cat", -1.0)]
STEERED = Steered(
    *(Condition(prompt_sequence(seed), vectors={POOLED: prompt_vector(seed)}) for seed in (0, 1))
)
GIVEN: dict[str, Any] = {
    "prompt_embeds": prompt_sequence(0)[None],
    "pooled_prompt_embeds": prompt_vector(0)[None],
    "negative_prompt_embeds": prompt_sequence(1)[None],
    "negative_pooled_prompt_embeds": prompt_vector(1)[None],
    "width": 16,
    "height": 24,
    "num_inference_steps": 4,
    "output_type": "latent",
}
SCHEDULERS: dict[str, dict[str, Any]] = {
    "as published": {"shift": 3.0},
    "unshifted": {},
    "by size": {"use_dynamic_shifting": True, "base_image_seq_len": 4, "max_image_seq_len": 64},
    "karras": {"shift": 3.0, "use_karras_sigmas": True},
}


@pytest.mark.parametrize("scheduler", SCHEDULERS)
@pytest.mark.parametrize("cfg_scale", [1.0, 5.0])
def test_a_frame_from_noise_is_the_pipelines(
    scheduler: str, cfg_scale: float, tmp_path: Path
) -> None:
    chosen = FlowMatchEulerDiscreteScheduler(**SCHEDULERS[scheduler])
    theirs = stable_diffusion_3(tmp_path, scheduler=chosen)
    theirs.set_progress_bar_config(disable=True)
    theirs.save_pretrained(tmp_path)
    expected = theirs(**GIVEN, latents=drawn(SHAPE, 0), guidance_scale=cfg_scale).images
    ours = load_stable_diffusion_3(tmp_path, HERE)
    found = sampled(ours, STEERED, SamplerSpec("euler", 4), drawn(SHAPE, 0), cfg_scale=cfg_scale)
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-4)


@pytest.mark.parametrize(("strength", "skip_steps"), [(0.75, 1), (0.25, 3), (1.0, 0)])
def test_a_frame_over_a_picture_is_the_pipelines(
    strength: float, skip_steps: int, tmp_path: Path
) -> None:
    made = stable_diffusion_3(tmp_path)
    made.save_pretrained(tmp_path)
    theirs = StableDiffusion3Img2ImgPipeline(**made.components)
    theirs.set_progress_bar_config(disable=True)
    ours = load_stable_diffusion_3(tmp_path, HERE)
    init = ours.space.encode(drawn((1, 3, 24, 16), 7).clamp(-1, 1))
    generator = torch.Generator().manual_seed(5)
    expected = theirs(
        **GIVEN, image=init, strength=strength, generator=generator, guidance_scale=5.0
    ).images
    sampler = SamplerSpec("euler", 4, skip_steps=skip_steps)
    found = sampled(ours, STEERED, sampler, drawn(SHAPE, 5), init=init, cfg_scale=5.0)
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-4)


def test_latents_become_pictures_and_back_as_in_the_pipeline(tmp_path: Path) -> None:
    theirs = stable_diffusion_3(tmp_path)
    theirs.set_progress_bar_config(disable=True)
    theirs.save_pretrained(tmp_path)
    settings = {**GIVEN, "latents": drawn(SHAPE, 0), "guidance_scale": 1.0}
    expected = theirs(**{**settings, "output_type": "pt"}).images
    space = load_stable_diffusion_3(tmp_path, HERE).space
    picture = space.decode(theirs(**settings).images)
    torch.testing.assert_close((picture / 2 + 0.5).clamp(0, 1), expected, rtol=0, atol=1e-4)
    config = theirs.vae.config
    mean = theirs.vae.encode(picture).latent_dist.mode()
    encoded = (mean - config.shift_factor) * config.scaling_factor
    torch.testing.assert_close(space.encode(picture), encoded, rtol=0, atol=1e-5)


@pytest.mark.parametrize("t5", [True, False], ids=["with T5", "without T5"])
def test_prompts_reach_a_frame_as_the_pipelines(t5: bool, tmp_path: Path) -> None:
    theirs = stable_diffusion_3(tmp_path, t5=t5)
    theirs.set_progress_bar_config(disable=True)
    theirs.save_pretrained(tmp_path)
    expected = theirs(**WORDS, guidance_scale=5.0).images
    ours = load_stable_diffusion_3(tmp_path, HERE)
    steered, sampler = ours.condition(PROMPTS), SamplerSpec("euler", 3)
    found = sampled(ours, steered, sampler, drawn(SHAPE, 0), cfg_scale=5.0)
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-4)
