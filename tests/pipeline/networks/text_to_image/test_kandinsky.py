"""Kandinsky 2.2 beside diffusers' pipelines, from the same noise and embeddings."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import DDPMScheduler, KandinskyV22Img2ImgPipeline, KandinskyV22Pipeline
from torch import Tensor

from keyframes.prompts import Prompt
from pipeline.diffusion.schedule import linear_schedule
from pipeline.errors import ModelError
from pipeline.networks.text_to_image.kandinsky import KandinskyBackbone, load_kandinsky
from pipeline.networks.text_to_image.parts.condition import Condition
from pipeline.networks.text_to_image.parts.network import TextToImage
from pipeline.networks.text_to_image.parts.place import Place
from pipeline.networks.text_to_image.unclip.image_prompts import IMAGE
from pipeline.spec.denoise import SamplerSpec
from tests.pipeline.networks.text_to_image.frames import drawn, guided, stepped
from tests.pipeline.networks.text_to_image.tiny_unclip import (
    NOISE,
    WIDTH,
    exact,
    kandinsky,
    saved_apart,
)

CPU = torch.device("cpu")
PLACE = Place(CPU, CPU)
PIPELINE = kandinsky()
SCHEDULER = exact(DDPMScheduler(**NOISE), linear_schedule(1000, 0.00085, 0.012))
SEA = (Prompt("sea"),)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return saved_apart(PIPELINE, tmp_path_factory.mktemp("kandinsky"))


@pytest.fixture(scope="module")
def network(folder: Path) -> TextToImage:
    return load_kandinsky(folder, PLACE)


def theirs(kind: type[Any], given: Condition, instead: Condition, **options: Any) -> Tensor:
    """The latents of a pipeline under guidance of scale 4, in 5 ancestral steps."""
    pipe = kind(unet=PIPELINE.unet, scheduler=SCHEDULER, movq=PIPELINE.movq)
    pipe.set_progress_bar_config(disable=True)
    latents: Tensor = pipe(
        image_embeds=given.vectors[IMAGE][None],
        negative_image_embeds=instead.vectors[IMAGE][None],
        num_inference_steps=5,
        guidance_scale=4.0,
        output_type="latent",
        generator=torch.Generator().manual_seed(0),
        **options,
    ).images
    return latents


def test_a_sample_out_of_noise_is_the_pipeline_s(network: TextToImage) -> None:
    condition = network.condition(SEA)
    expected = theirs(
        KandinskyV22Pipeline, condition.wanted, network.texts.empty(), height=32, width=16
    )
    sampler = SamplerSpec("ddim", 5, eta=1.0)
    ours = stepped(guided(network, SEA, sampler, 4.0), sampler, drawn((1, 4, 16, 8)))
    assert ours.shape == (1, 4, 16, 8)
    assert (ours - expected).abs().max() < 1e-4


def test_a_picture_is_painted_over_as_the_pipeline_does(network: TextToImage) -> None:
    picture = torch.rand(1, 3, 32, 32, generator=torch.Generator().manual_seed(4)) * 2 - 1
    condition = network.condition(SEA)
    expected = theirs(
        KandinskyV22Img2ImgPipeline,
        condition.wanted,
        network.texts.empty(),
        image=picture / 2 + 0.5,
        strength=0.6,
        height=32,
        width=32,
    )
    sampler = SamplerSpec("ddim", 5, eta=1.0, skip_steps=2)
    init = network.space.encode(picture)
    ours = stepped(guided(network, SEA, sampler, 4.0), sampler, drawn((1, 4, 16, 16)), init)
    assert (ours - expected).abs().max() < 1e-4


def test_a_negative_prompt_is_the_pipeline_s_negative_picture(network: TextToImage) -> None:
    condition = network.condition((Prompt("sea"), Prompt("fog", -1.0)))
    fog = network.texts(Prompt("fog"))
    assert torch.equal(condition.unwanted.vectors[IMAGE], fog.vectors[IMAGE])
    expected = theirs(KandinskyV22Pipeline, condition.wanted, fog, height=16, width=16)
    sampler = SamplerSpec("ddim", 5, eta=1.0)
    denoiser = guided(network, (Prompt("sea"), Prompt("fog", -1.0)), sampler, 4.0)
    ours = stepped(denoiser, sampler, drawn((1, 4, 8, 8)))
    assert (ours - expected).abs().max() < 1e-4


def test_latents_are_movq_s_own_and_guidance_differentiates_through_them(
    network: TextToImage,
) -> None:
    space, movq = network.space, PIPELINE.movq
    assert (space.channels, space.factor) == (4, 2)
    x = drawn((2, 4, 8, 8)).requires_grad_()
    judged = space.judged(x)
    assert torch.allclose(judged, movq.decode(x, force_not_quantize=True).sample, atol=1e-5)
    (gradient,) = torch.autograd.grad(judged.square().sum(), x)
    assert gradient.abs().min() > 0
    picture = torch.rand(1, 3, 16, 16, generator=torch.Generator().manual_seed(4)) * 2 - 1
    with torch.no_grad():
        assert torch.equal(space.encode(picture), movq.encode(picture).latents)


def test_the_backbone_drops_the_variance() -> None:
    unet = PIPELINE.unet
    wanted = torch.randn(2, WIDTH, generator=torch.Generator().manual_seed(8))
    x, t = drawn((2, 4, 8, 8)), torch.tensor([500.0, 20.0])
    with torch.no_grad():
        noise = KandinskyBackbone(unet)(x, t, Condition(vectors={IMAGE: wanted}))
        whole = unet(x, t, None, added_cond_kwargs={"image_embeds": wanted}).sample
    assert whole.shape == (2, 8, 8, 8)
    assert torch.equal(noise, whole[:, :4])


@pytest.mark.parametrize("part", ["movq", "unet", "prior/image_encoder", "prior/text_encoder"])
def test_a_part_that_is_missing_is_named(folder: Path, tmp_path: Path, part: str) -> None:
    shutil.copytree(folder, tmp_path / "copy")
    shutil.rmtree(tmp_path / "copy" / part)
    with pytest.raises(ModelError) as caught:
        load_kandinsky(tmp_path / "copy", PLACE)
    assert str(caught.value) == (
        f"{tmp_path / 'copy' / part / 'config.json'}: there is no such file; is the model's folder "
        "whole? fetch the model again"
    )


@pytest.mark.parametrize("part", ["tokenizer", "image_processor"])
def test_what_prepares_prompts_is_missed_too(folder: Path, tmp_path: Path, part: str) -> None:
    shutil.copytree(folder, tmp_path / "copy")
    shutil.rmtree(tmp_path / "copy" / "prior" / part)
    with pytest.raises(ModelError, match=f"prior/{part}"):
        load_kandinsky(tmp_path / "copy", PLACE)


def test_it_computes_in_bfloat16_and_guidance_differentiates_through_it(folder: Path) -> None:
    half = load_kandinsky(folder, replace(PLACE, dtype=torch.bfloat16))
    denoiser = guided(half, SEA, SamplerSpec("ddim", 4), 3.0)
    x = drawn((1, 4, 8, 8)).requires_grad_()
    denoised = denoiser(x, torch.tensor([1]))
    (gradient,) = torch.autograd.grad(half.space.judged(denoised).square().sum(), x)
    assert denoised.dtype == gradient.dtype == torch.float32
    assert gradient.isfinite().all() and gradient.abs().min() > 0
    picture = half.finished(denoised.detach(), SEA, torch.Generator().manual_seed(0), (16, 16))
    assert picture.dtype == torch.float32 and picture.isfinite().all()
