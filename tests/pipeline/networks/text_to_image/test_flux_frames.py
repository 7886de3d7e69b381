"""Frames of Flux are those of diffusers' pipelines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import FluxImg2ImgPipeline

from keyframes.prompts import Prompt
from pipeline.networks.text_to_image.flux import load_flux, packed, unpacked
from pipeline.networks.text_to_image.parts.condition import Condition
from pipeline.networks.text_to_image.parts.network import Steered
from pipeline.networks.text_to_image.parts.place import Place
from pipeline.networks.text_to_image.texts.t5_texts import POOLED
from pipeline.spec.denoise import SamplerSpec
from tests.pipeline.networks.text_to_image.frames import drawn, sampled
from tests.pipeline.networks.text_to_image.tiny_transformers import (
    flux,
    prompt_sequence,
    prompt_vector,
)

HERE = Place(torch.device("cpu"), torch.device("cpu"))
STEERED = Steered(
    *(Condition(prompt_sequence(seed), vectors={POOLED: prompt_vector(seed)}) for seed in (0, 1))
)
GIVEN: dict[str, Any] = {
    "prompt_embeds": prompt_sequence(0)[None],
    "pooled_prompt_embeds": prompt_vector(0)[None],
    "width": 16,
    "height": 24,
    "num_inference_steps": 4,
    "output_type": "latent",
}
AGAINST: dict[str, Any] = {
    "negative_prompt_embeds": prompt_sequence(1)[None],
    "negative_pooled_prompt_embeds": prompt_vector(1)[None],
    "true_cfg_scale": 3.0,
}
SHAPE = (1, 4, 12, 8)
WORDS: dict[str, Any] = {
    "prompt": "a castle in the fog",
    "negative_prompt": "a red cat",
    "width": 16,
    "height": 24,
    "num_inference_steps": 3,
    "output_type": "latent",
    "latents": packed(drawn(SHAPE, 0)),
}
PROMPTS = [Prompt("a castle in the fog", 1.0), Prompt("a red cat", -1.0)]


@pytest.mark.parametrize("dev", [True, False], ids=["dev", "schnell"])
@pytest.mark.parametrize("cfg_scale", [1.0, 3.0])
def test_a_frame_from_noise_is_the_pipelines(dev: bool, cfg_scale: float, tmp_path: Path) -> None:
    theirs = flux(tmp_path, dev=dev)
    theirs.set_progress_bar_config(disable=True)
    theirs.save_pretrained(tmp_path)
    against = AGAINST if cfg_scale > 1 else {}
    expected = theirs(
        **GIVEN, **against, latents=packed(drawn(SHAPE, 0)), guidance_scale=2.0
    ).images
    ours = load_flux(tmp_path, HERE, guidance_scale=2.0)
    found = sampled(ours, STEERED, SamplerSpec("euler", 4), drawn(SHAPE, 0), cfg_scale=cfg_scale)
    torch.testing.assert_close(found, unpacked(expected, 6), rtol=0, atol=1e-4)


@pytest.mark.parametrize("dev", [True, False], ids=["dev", "schnell"])
@pytest.mark.parametrize(("strength", "skip_steps"), [(0.75, 1), (0.25, 3), (1.0, 0)])
def test_a_frame_over_a_picture_is_the_pipelines(
    dev: bool, strength: float, skip_steps: int, tmp_path: Path
) -> None:
    made = flux(tmp_path, dev=dev)
    made.save_pretrained(tmp_path)
    theirs = FluxImg2ImgPipeline(**made.components)
    theirs.set_progress_bar_config(disable=True)
    init = drawn(SHAPE, 7)
    generator = torch.Generator().manual_seed(5)
    expected = theirs(
        **GIVEN, image=init, strength=strength, generator=generator, guidance_scale=3.5
    )
    sampler = SamplerSpec("euler", 4, skip_steps=skip_steps)
    found = sampled(load_flux(tmp_path, HERE), STEERED, sampler, drawn(SHAPE, 5), init=init)
    torch.testing.assert_close(found, unpacked(expected.images, 6), rtol=0, atol=1e-4)


def test_latents_become_pictures_and_back_as_in_the_pipeline(tmp_path: Path) -> None:
    theirs = flux(tmp_path, dev=False)
    theirs.set_progress_bar_config(disable=True)
    theirs.save_pretrained(tmp_path)
    settings = {**GIVEN, "latents": packed(drawn(SHAPE, 0)), "guidance_scale": 1.0}
    latents = unpacked(theirs(**settings).images, 6)
    expected = theirs(**{**settings, "output_type": "pt"}).images
    space = load_flux(tmp_path, HERE).space
    picture = space.decode(latents)
    torch.testing.assert_close((picture / 2 + 0.5).clamp(0, 1), expected, rtol=0, atol=1e-4)
    config = theirs.vae.config
    mean = theirs.vae.encode(picture).latent_dist.mode()
    encoded = (mean - config.shift_factor) * config.scaling_factor
    torch.testing.assert_close(space.encode(picture), encoded, rtol=0, atol=1e-5)


def test_prompts_reach_a_frame_as_the_pipelines(tmp_path: Path) -> None:
    theirs = flux(tmp_path, dev=True)
    theirs.set_progress_bar_config(disable=True)
    theirs.save_pretrained(tmp_path)
    expected = theirs(**WORDS, true_cfg_scale=3.0, guidance_scale=3.5).images
    ours = load_flux(tmp_path, HERE)
    steered, sampler = ours.condition(PROMPTS), SamplerSpec("euler", 3)
    found = sampled(ours, steered, sampler, drawn(SHAPE, 0), cfg_scale=3.0)
    torch.testing.assert_close(found, unpacked(expected, 6), rtol=0, atol=1e-4)
