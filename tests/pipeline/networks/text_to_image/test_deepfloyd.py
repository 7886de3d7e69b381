"""DeepFloyd IF beside diffusers' pipelines, from the same noise and prompts."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import IFImg2ImgPipeline, IFPipeline
from torch import Tensor
from transformers import T5EncoderModel, T5Tokenizer

from keyframes.prompts import Prompt
from pipeline.diffusion.guidance import with_schedule
from pipeline.errors import ModelError
from pipeline.networks.text_to_image.deepfloyd import load_deepfloyd
from pipeline.networks.text_to_image.parts.network import TextToImage
from pipeline.networks.text_to_image.parts.place import Place
from pipeline.networks.text_to_image.stages.stage_noise import StageScheduler
from pipeline.protocols import Denoiser
from pipeline.spec.denoise import SamplerSpec
from tests.pipeline.networks.text_to_image.frames import drawn, guided, stepped
from tests.pipeline.networks.text_to_image.tiny_cascade import (
    if_scheduler,
    if_unet,
    save_first,
    save_second,
)
from tests.pipeline.networks.text_to_image.tiny_unclip import exact

CPU = torch.device("cpu")
PLACE = Place(CPU, CPU)
# What samplers add is not for the network to say: the noise of a step is DDIM's with eta 1.
SCHEDULER = exact(if_scheduler(variance_type="fixed_small"))
SEA = (Prompt("A red cat"),)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("if")
    save_first(folder / "first")
    save_second(folder / "second")
    return folder


@pytest.fixture(scope="module")
def network(folder: Path) -> TextToImage:
    return load_deepfloyd(folder / "first", PLACE)


def theirs(folder: Path, kind: type[Any], **options: Any) -> Tensor:
    """The picture of a pipeline under guidance of scale 7, in 5 ancestral steps."""
    pipe = kind(
        tokenizer=T5Tokenizer.from_pretrained(folder / "first" / "tokenizer"),
        text_encoder=T5EncoderModel.from_pretrained(folder / "first" / "text_encoder"),
        unet=if_unet(),
        scheduler=SCHEDULER,
        safety_checker=None,
        feature_extractor=None,
        watermarker=None,
        requires_safety_checker=False,
    )
    pipe.set_progress_bar_config(disable=True)
    pictures: Tensor = pipe(
        prompt="A red cat",
        num_inference_steps=5,
        guidance_scale=7.0,
        output_type="pt",
        clean_caption=False,
        generator=torch.Generator().manual_seed(0),
        **options,
    ).images
    return pictures


def thresholded(denoiser: Denoiser) -> Denoiser:
    """`denoiser` under the thresholding of the published scheduler."""
    kept = StageScheduler.model_validate_json(SCHEDULER.to_json_string()).kept
    return with_schedule(denoiser.schedule, lambda x, t: kept(denoiser(x, t)))


def test_a_picture_out_of_noise_is_the_pipeline_s(folder: Path, network: TextToImage) -> None:
    expected = theirs(folder, IFPipeline, height=8, width=16)
    sampler = SamplerSpec("ddim", 5, eta=1.0)
    denoiser = thresholded(guided(network, SEA, sampler, 7.0))
    ours = stepped(denoiser, sampler, drawn((1, 3, 8, 16)))
    assert (ours - expected).abs().max() < 1e-4


def test_a_picture_is_painted_over_as_the_pipeline_does(folder: Path, network: TextToImage) -> None:
    picture = torch.rand(1, 3, 16, 8, generator=torch.Generator().manual_seed(4)) * 2 - 1
    expected = theirs(folder, IFImg2ImgPipeline, image=picture, strength=0.6)
    sampler = SamplerSpec("ddim", 5, eta=1.0, skip_steps=2)
    denoiser = thresholded(guided(network, SEA, sampler, 7.0))
    ours = stepped(denoiser, sampler, drawn((1, 3, 16, 8)), picture)
    assert (ours - expected).abs().max() < 1e-4


def test_without_a_second_stage_frames_are_the_first_one_s(network: TextToImage) -> None:
    x = drawn((1, 3, 8, 8))
    assert network.space.factor == 1
    assert network.finished(x, SEA, torch.Generator(), (8, 8)) is x


def test_the_second_stage_finishes_a_frame_the_same_way_again(folder: Path) -> None:
    cascade = load_deepfloyd(folder / "first", PLACE, second=folder / "second")
    assert cascade.space.factor == 4
    stage: Any = cascade.finish
    cascade = replace(cascade, finish=replace(stage, steps=3))
    small = drawn((1, 3, 4, 8)).clamp(-1, 1)

    def finished(seed: int, text: str = "A red cat", *unwanted: Prompt) -> Tensor:
        generator = torch.Generator().manual_seed(seed)
        return cascade.finished(small, (Prompt(text), *unwanted), generator, (32, 16))

    assert finished(0).shape == (1, 3, 16, 32)
    assert torch.equal(finished(0), finished(0))
    assert (finished(0) - finished(1)).abs().max() > 0.1
    assert (finished(0) - finished(0, "fog")).abs().max() > 1e-3
    assert (finished(0) - finished(0, "A red cat", Prompt("fog", -0.5))).abs().max() > 1e-3


def change(path: Path, **settings: object) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), **settings}))


def test_another_network_is_no_second_stage(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        load_deepfloyd(folder / "first", PLACE, second=folder / "first")
    assert str(caught.value) == (
        f"{folder / 'first' / 'unet' / 'config.json'}: in_channels: found 3; allowed: 6, a picture "
        "beside the small one that it is made of; use the second stage that belongs to this "
        "denoiser"
    )
    shutil.copytree(folder / "second", tmp_path / "second")
    config = tmp_path / "second" / "unet" / "config.json"
    change(config, sample_size=12)
    with pytest.raises(ModelError) as caught:
        load_deepfloyd(folder / "first", PLACE, second=tmp_path / "second")
    assert str(caught.value) == (
        f"{config}: sample_size: found 12; allowed: a multiple of the first stage's 8; use the "
        "second stage that belongs to this denoiser"
    )


def test_a_second_stage_that_is_not_whole_is_refused(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder / "second", tmp_path / "second")
    noising = tmp_path / "second" / "image_noising_scheduler"
    shutil.rmtree(noising)
    with pytest.raises(ModelError) as caught:
        load_deepfloyd(folder / "first", PLACE, second=tmp_path / "second")
    assert str(caught.value) == (
        f"{noising / 'scheduler_config.json'}: cannot be read (No such file or directory); "
        "is the model's folder whole?"
    )


def test_it_computes_in_bfloat16_and_guidance_differentiates_through_it(folder: Path) -> None:
    place = replace(PLACE, dtype=torch.bfloat16)
    half = load_deepfloyd(folder / "first", place, second=folder / "second")
    stage: Any = half.finish
    half = replace(half, finish=replace(stage, steps=2))
    denoiser = guided(half, SEA, SamplerSpec("ddim", 4), 3.0)
    x = drawn((1, 3, 8, 8)).requires_grad_()
    denoised = denoiser(x, torch.tensor([1]))
    (gradient,) = torch.autograd.grad(half.space.judged(denoised).square().sum(), x)
    assert denoised.dtype == gradient.dtype == torch.float32
    assert gradient.isfinite().all() and gradient.abs().min() > 0
    picture = half.finished(denoised.detach(), SEA, torch.Generator().manual_seed(0), (32, 32))
    assert picture.dtype == torch.float32 and picture.isfinite().all()
