"""Frames of PixArt are those of diffusers' pipelines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import DDIMScheduler, DPMSolverMultistepScheduler, Transformer2DModel
from torch import Tensor

from keyframes.prompts import Prompt
from pipeline.diffusion.schedule import add_noise
from pipeline.networks.text_to_image.parts.condition import Condition
from pipeline.networks.text_to_image.parts.network import Steered
from pipeline.networks.text_to_image.parts.place import Place
from pipeline.networks.text_to_image.pixart import load_pixart
from pipeline.spec.denoise import SamplerSpec
from tests.pipeline.networks.text_to_image.frames import drawn, sampled
from tests.pipeline.networks.text_to_image.tiny_transformers import (
    LINEAR,
    TEXT_WIDTH,
    pixart_alpha,
    pixart_sigma,
    prompt_sequence,
)

# diffusers' own, in its DPM-Solver.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

HERE = Place(torch.device("cpu"), torch.device("cpu"))
SHAPE = (1, 4, 12, 8)
MASKS = torch.tensor([[True] * 6 + [False], [True] * 3 + [False] * 4])
STEERED = Steered(*(Condition(prompt_sequence(seed), MASKS[seed]) for seed in (0, 1)))
GIVEN: dict[str, Any] = {
    "negative_prompt": None,
    "prompt_embeds": prompt_sequence(0)[None],
    "prompt_attention_mask": MASKS[:1].long(),
    "negative_prompt_embeds": prompt_sequence(1)[None],
    "negative_prompt_attention_mask": MASKS[1:].long(),
    "use_resolution_binning": False,
    "width": 16,
    "height": 24,
    "num_inference_steps": 5,
    "output_type": "latent",
}
WORDS: dict[str, Any] = {
    "prompt": "a castle in the fog",
    "negative_prompt": "a red cat",
    "width": 16,
    "height": 24,
    "num_inference_steps": 3,
    "output_type": "latent",
    "latents": drawn(SHAPE, 0),
    "use_resolution_binning": False,
    "clean_caption": False,
}
PROMPTS = [Prompt("a castle in the fog", 1.0), Prompt("a red cat", -1.0)]
PIPELINES = {
    "alpha-512": pixart_alpha,
    # By this size the pipeline and the network know that shapes are told.
    "alpha-1024": lambda folder: pixart_alpha(folder, sample_size=128),
    "sigma": pixart_sigma,
}
TRAILING = DDIMScheduler(**LINEAR, clip_sample=False, timestep_spacing="trailing")
SAMPLERS: dict[str, tuple[SamplerSpec, Any]] = {
    # Not evenly over all: diffusers' DDIM steps to other levels than it tells the network next.
    "ddim": (SamplerSpec("ddim", 5, spacing="trailing"), TRAILING),
    "as published": (SamplerSpec("dpmpp_2m", 5), DPMSolverMultistepScheduler(**LINEAR)),
}


def assert_alike(found: Tensor, expected: Tensor) -> None:
    """By the largest number, as latents of random networks reach hundreds out of pure noise."""
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-5 * float(expected.abs().max()))


@pytest.mark.parametrize("name", PIPELINES)
@pytest.mark.parametrize("sampler", SAMPLERS)
@pytest.mark.parametrize("cfg_scale", [1.0, 4.5])
def test_a_frame_from_noise_is_the_pipelines(
    name: str, sampler: str, cfg_scale: float, tmp_path: Path
) -> None:
    theirs = PIPELINES[name](tmp_path)
    theirs.set_progress_bar_config(disable=True)
    theirs.save_pretrained(tmp_path)
    spec, theirs.scheduler = SAMPLERS[sampler]
    expected = theirs(**GIVEN, latents=drawn(SHAPE, 0), guidance_scale=cfg_scale).images
    ours = load_pixart(tmp_path, HERE)
    assert_alike(sampled(ours, STEERED, spec, drawn(SHAPE, 0), cfg_scale=cfg_scale), expected)


def test_a_frame_over_a_picture_is_the_rest_of_the_pipelines_way(tmp_path: Path) -> None:
    theirs = pixart_sigma(tmp_path)
    theirs.set_progress_bar_config(disable=True)
    theirs.save_pretrained(tmp_path)
    ours = load_pixart(tmp_path, HERE)
    sampler = SamplerSpec("dpmpp_2m", 5, skip_steps=2)
    init, noise = drawn(SHAPE, 7), drawn(SHAPE, 0)
    # There is no such pipeline: this one is told the timesteps that are left, and their noise.
    theirs.scheduler.set_timesteps(5)
    left = theirs.scheduler.timesteps[2:]
    noised = theirs.scheduler.add_noise(init, noise, left[:1])
    ready = ours.for_sampling(sampler, (16, 24))
    torch.testing.assert_close(add_noise(ready.schedule, init, noise, 2), noised)
    settings = {**GIVEN, "num_inference_steps": None, "timesteps": left.tolist()}
    expected = theirs(**settings, latents=noised, guidance_scale=4.5).images
    found = sampled(ours, STEERED, sampler, noise, init=init, cfg_scale=4.5)
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-4)


def test_the_layout_in_which_alpha_was_published_is_read(tmp_path: Path) -> None:
    theirs = pixart_alpha(tmp_path, sample_size=128)
    theirs.save_pretrained(tmp_path)
    known = dict(theirs.transformer.config)
    del known["interpolation_scale"], known["use_additional_conditions"]
    early = Transformer2DModel(**known, use_linear_projection=False, only_cross_attention=False)
    early.load_state_dict(theirs.transformer.state_dict())
    # The files hold the training's caption of nothing, which the class had at the time.
    early.caption_projection.register_buffer("y_embedding", torch.ones(120, TEXT_WIDTH))
    early.save_pretrained(tmp_path / "transformer")
    ours = load_pixart(tmp_path, HERE)
    found = sampled(ours, STEERED, SamplerSpec("dpmpp_2m", 5), drawn(SHAPE, 0))
    theirs.set_progress_bar_config(disable=True)
    expected = theirs(**GIVEN, latents=drawn(SHAPE, 0), guidance_scale=1.0).images
    assert_alike(found, expected)


@pytest.mark.parametrize("name", ["alpha-512", "sigma"])
def test_prompts_reach_a_frame_as_the_pipelines(name: str, tmp_path: Path) -> None:
    theirs = PIPELINES[name](tmp_path)
    theirs.set_progress_bar_config(disable=True)
    theirs.save_pretrained(tmp_path)
    expected = theirs(**WORDS, guidance_scale=4.5).images
    ours = load_pixart(tmp_path, HERE)
    steered, sampler = ours.condition(PROMPTS), SamplerSpec("dpmpp_2m", 3)
    assert_alike(sampled(ours, steered, sampler, drawn(SHAPE, 0), cfg_scale=4.5), expected)
