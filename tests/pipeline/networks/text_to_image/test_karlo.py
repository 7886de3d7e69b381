"""Karlo beside diffusers' pipeline, from the same random numbers and prompts."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import UnCLIPScheduler
from PIL import Image

from keyframes.prompts import Prompt
from keyframes.quoting import quoted
from pipeline.diffusion.guidance import static_threshold
from pipeline.diffusion.schedule import linear_schedule
from pipeline.errors import ModelError
from pipeline.networks.text_to_image.karlo import load_karlo
from pipeline.networks.text_to_image.parts.network import TextToImage
from pipeline.networks.text_to_image.parts.place import Place
from pipeline.networks.text_to_image.unclip.image_prompts import IMAGE
from pipeline.networks.text_to_image.unclip.karlo_decoder import TextProjection
from pipeline.networks.text_to_image.unclip.karlo_texts import TEXT
from pipeline.networks.text_to_image.unclip.prior import text_generator
from pipeline.spec.denoise import SamplerSpec
from tests.pipeline.networks.text_to_image.frames import drawn, guided, stepped
from tests.pipeline.networks.text_to_image.tiny_karlo import karlo, text_projection
from tests.pipeline.networks.text_to_image.tiny_unclip import (
    WIDTH,
    image_encoder,
    image_processor,
    with_table,
)

PLACE = Place(torch.device("cpu"), torch.device("cpu"))
PIPELINE = karlo()
PIPELINE.set_progress_bar_config(disable=True)
SEA = (Prompt("sea"),)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("karlo")
    PIPELINE.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def network(folder: Path) -> TextToImage:
    return load_karlo(folder, PLACE)


def test_the_projection_is_that_of_diffusers() -> None:
    theirs = text_projection()
    ours = TextProjection.from_config(theirs.config)
    ours.load_state_dict(theirs.state_dict())
    generator = torch.Generator().manual_seed(0)
    picture, text = torch.randn(2, 2, WIDTH, generator=generator)
    sequence = torch.randn(2, 5, WIDTH, generator=generator)
    with torch.no_grad():
        found = ours(picture, text, sequence)
        expected = theirs(
            image_embeddings=picture,
            prompt_embeds=text,
            text_encoder_hidden_states=sequence,
            do_classifier_free_guidance=False,
        )
    for one, other in zip(found, expected, strict=True):
        assert torch.allclose(one, other, atol=1e-6)


def test_prior_decoder_and_last_stage_are_the_pipeline_s(
    network: TextToImage, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The first timestep of cosine noise magnifies the rounding of float32 by 20 000: not so here.
    levels = linear_schedule()
    decoder = with_table(UnCLIPScheduler(variance_type="learned_range"), levels.alphas_cumprod)
    monkeypatch.setattr(PIPELINE, "decoder_scheduler", decoder)
    network = replace(network, noise=replace(network.noise, schedule=levels))
    expected = PIPELINE(
        "sea",
        decoder_num_inference_steps=4,
        decoder_guidance_scale=8.0,
        generator=text_generator("sea"),
        output_type="np",
    ).images[0]
    known: Any = network.texts
    texts = known.inside
    generator = text_generator("sea")
    picture = texts.prior(texts.texts("sea"), texts.texts(""), generator)
    assert torch.equal(picture, network.condition(SEA).wanted.vectors[IMAGE])
    sampler = SamplerSpec("ddim", 4, eta=1.0)
    denoiser = static_threshold(guided(network, SEA, sampler, 8.0))
    noise = torch.randn(1, 3, 8, 8, generator=generator)
    small = stepped(denoiser, sampler, noise, generator=generator)
    ours = network.finished(small, SEA, generator, (32, 32))[0]
    found = (ours / 2 + 0.5).clamp(0, 1).permute(1, 2, 0).numpy()
    assert abs(found - expected).max() < 1e-4
    assert ((expected > 0.02) & (expected < 0.98)).mean() > 0.2


def test_the_decoder_s_noise_is_its_scheduler_s(network: TextToImage) -> None:
    theirs = PIPELINE.decoder_scheduler
    assert torch.equal(network.noise.schedule.alphas_cumprod, theirs.alphas_cumprod)
    theirs.set_timesteps(7)
    ready = network.for_sampling(SamplerSpec("ddim", 7), (32, 32)).schedule
    assert ready is not None and ready.seen is not None
    assert ready.seen.flip(0).tolist() == theirs.timesteps.tolist()


def test_a_cascade_works_on_a_quarter_of_a_frame_s_sides(network: TextToImage) -> None:
    assert (network.space.channels, network.space.factor) == (3, 4)
    small = drawn((1, 3, 4, 8))
    wide = network.finished(small, SEA, torch.Generator().manual_seed(1), (32, 16))
    again = network.finished(small, SEA, torch.Generator().manual_seed(1), (32, 16))
    assert wide.shape == (1, 3, 16, 32)
    assert torch.equal(wide, again)


def test_no_picture_is_the_learned_embedding(network: TextToImage) -> None:
    empty = network.texts.empty()
    assert network.texts.empty() is empty
    learned = PIPELINE.text_proj.learned_classifier_free_guidance_embeddings
    assert torch.equal(empty.vectors[IMAGE], learned)
    assert empty.mask is not None and empty.mask.sum() == 2


def test_a_picture_prompt_needs_a_picture_tower(folder: Path, tmp_path: Path) -> None:
    Image.effect_noise((24, 40), 80).convert("RGB").save(tmp_path / "noise.png")
    prompt = Prompt(str(tmp_path / "noise.png"), image=True)
    with pytest.raises(ModelError) as caught:
        load_karlo(folder, PLACE).texts(prompt)
    assert str(caught.value) == (
        f'the prompt "{quoted(prompt.text)}" is a picture, and this denoiser has no '
        "image_encoder to see it with; describe the picture in words, or put image_encoder and "
        "feature_extractor of Karlo's model for image variations into its folder"
    )
    copy = tmp_path / "variations"
    shutil.copytree(folder, copy)
    image_encoder().save_pretrained(copy / "image_encoder")
    image_processor().save_pretrained(copy / "feature_extractor")
    variations = load_karlo(copy, PLACE)
    seen = variations.texts(prompt)
    assert seen.vectors[IMAGE].shape == (WIDTH,)
    assert torch.equal(seen.vectors[TEXT], variations.texts.empty().vectors[TEXT])


@pytest.mark.parametrize("part", ["prior", "text_proj", "decoder", "super_res_first"])
def test_a_part_that_is_missing_is_named(folder: Path, tmp_path: Path, part: str) -> None:
    shutil.copytree(folder, tmp_path / "copy")
    shutil.rmtree(tmp_path / "copy" / part)
    with pytest.raises(ModelError) as caught:
        load_karlo(tmp_path / "copy", PLACE)
    assert str(caught.value) == (
        f"{tmp_path / 'copy' / part / 'config.json'}: there is no such file; is the model's folder "
        "whole? fetch the model again"
    )


def test_a_prior_of_another_kind_is_refused(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "copy")
    path = tmp_path / "copy" / "prior_scheduler" / "scheduler_config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "prediction_type": "epsilon"}))
    with pytest.raises(ModelError) as caught:
        load_karlo(tmp_path / "copy", PLACE)
    assert str(caught.value) == (
        f"{path}: this configuration cannot be used:\n"
        "  prediction_type: found \"epsilon\"; it should be 'sample'\n"
        "restore the file, or use another model"
    )


def test_it_computes_in_bfloat16_and_guidance_differentiates_through_it(folder: Path) -> None:
    half = load_karlo(folder, replace(PLACE, dtype=torch.bfloat16))
    denoiser = guided(half, SEA, SamplerSpec("ddim", 4), 3.0)
    x = drawn((1, 3, 8, 8)).requires_grad_()
    denoised = denoiser(x, torch.tensor([1]))
    (gradient,) = torch.autograd.grad(half.space.judged(denoised).square().sum(), x)
    assert denoised.dtype == gradient.dtype == torch.float32
    assert gradient.isfinite().all() and gradient.abs().min() > 0
    picture = half.finished(denoised.detach(), SEA, torch.Generator().manual_seed(0), (32, 32))
    assert picture.dtype == torch.float32 and picture.isfinite().all()
