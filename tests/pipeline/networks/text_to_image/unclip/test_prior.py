"""The prior beside diffusers' pipeline, from the same random numbers."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from PIL import Image

from keyframes.prompts import Prompt
from pipeline.catalogue.text_readers import text_reader
from pipeline.errors import ModelError
from pipeline.networks.text_to_image.kandinsky import load_image_prompts
from pipeline.networks.text_to_image.parts.condition import mixed
from pipeline.networks.text_to_image.parts.place import Place
from pipeline.networks.text_to_image.texts.side import Texts
from pipeline.networks.text_to_image.unclip.image_prompts import IMAGE, ImagePrompts
from pipeline.networks.text_to_image.unclip.prior import spread_timesteps, text_generator
from tests.pipeline.networks.text_to_image.tiny_unclip import (
    CONTEXT,
    WIDTH,
    kandinsky,
    prior_scheduler,
    saved_apart,
)

CPU = torch.device("cpu")
PLACE = Place(CPU, CPU)
PIPELINE = kandinsky()
PRIOR = PIPELINE.prior_pipe
PRIOR.set_progress_bar_config(disable=True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return saved_apart(PIPELINE, tmp_path_factory.mktemp("apart"))


@pytest.fixture(scope="module")
def texts(folder: Path) -> ImagePrompts:
    return load_image_prompts(folder, PLACE)


def test_a_text_becomes_the_embedding_of_the_pipeline(texts: ImagePrompts) -> None:
    theirs = PRIOR("sea", generator=text_generator("sea"), num_inference_steps=25)
    ours = texts(Prompt("sea")).vectors[IMAGE]
    assert ours.shape == (WIDTH,)
    assert (ours - theirs.image_embeds[0]).abs().max() < 1e-5


def test_other_steps_and_scales_are_those_of_the_pipeline(texts: ImagePrompts) -> None:
    theirs = PRIOR("fog", generator=text_generator("a"), num_inference_steps=7, guidance_scale=2.0)
    prior = replace(texts.prior, steps=7, scale=2.0)
    ours = prior(texts.texts("fog"), texts.texts(""), text_generator("a"))
    assert (ours - theirs.image_embeds[0]).abs().max() < 1e-5
    assert (ours - texts(Prompt("fog")).vectors[IMAGE]).abs().max() > 1e-2


def test_the_empty_prompt_is_the_pipeline_s_picture_of_nothing(texts: ImagePrompts) -> None:
    theirs = PRIOR("sea", num_inference_steps=2).negative_image_embeds
    assert torch.equal(texts.empty().vectors[IMAGE], theirs[0])


def test_a_picture_goes_straight_through_the_picture_tower(
    texts: ImagePrompts, tmp_path: Path
) -> None:
    picture = Image.effect_noise((24, 40), 80).convert("RGB")
    picture.save(tmp_path / "noise.png")
    values = PRIOR.image_processor(picture, return_tensors="pt").pixel_values
    with torch.no_grad():
        theirs = PRIOR.image_encoder(values).image_embeds[0]
    ours = texts(Prompt(str(tmp_path / "noise.png"), image=True)).vectors[IMAGE]
    assert (ours - theirs).abs().max() < 1e-5


def test_weighted_prompts_are_mixed_as_pictures(texts: ImagePrompts) -> None:
    sea, fog = texts(Prompt("sea")), texts(Prompt("fog"))
    both = mixed([sea, fog], [0.75, 0.25], texts.empty()).vectors[IMAGE]
    expected = 0.75 * sea.vectors[IMAGE] + 0.25 * fog.vectors[IMAGE]
    assert torch.allclose(both, expected)


def test_a_text_means_the_same_picture_whatever_came_before(texts: ImagePrompts) -> None:
    first = texts(Prompt("sea"))
    texts(Prompt("fog"))
    assert torch.equal(first.vectors[IMAGE], texts(Prompt("sea", -0.5)).vectors[IMAGE])


def test_a_prompt_is_embedded_once(texts: ImagePrompts) -> None:
    kept = Texts(texts)
    assert kept(Prompt("sea")) is kept(Prompt("sea", 0.1))
    assert kept.empty() is kept.empty()


def test_timesteps_are_those_of_unclip_s_scheduler() -> None:
    scheduler = prior_scheduler()
    for steps in (2, 7, 25, 100):
        scheduler.set_timesteps(steps)
        assert spread_timesteps(1000, steps) == scheduler.timesteps.tolist()
    assert spread_timesteps(1000, 1) == [999]


def test_a_text_that_is_too_long_is_refused_or_cut(texts: ImagePrompts, folder: Path) -> None:
    with pytest.raises(ModelError) as caught:
        texts(Prompt("sea fog sea fog"))
    assert str(caught.value) == (
        f"a prompt is longer than the encoder {folder} reads, which has room for "
        f'{CONTEXT - 2} tokens: it would read up to "sea fog sea" and leave out "fog"; shorten it, '
        "split it into several prompts with weights, or write models: {truncate_prompts: true} to "
        "have it cut there"
    )
    cutting = load_image_prompts(folder, PLACE, truncate=True)
    cut = cutting.texts("sea fog sea fog")
    assert torch.equal(cut.sequence, cutting.texts("sea fog sea fx").sequence)
    assert cut.mask.all()


def test_weights_of_words_are_left_out(texts: ImagePrompts) -> None:
    weighted, plain = texts.texts("a (sea:1.3)"), texts.texts("a sea")
    assert torch.equal(weighted.sequence, plain.sequence)


def test_both_layouts_of_a_folder_are_the_same_network(texts: ImagePrompts, tmp_path: Path) -> None:
    PIPELINE.save_pretrained(tmp_path)
    together = load_image_prompts(tmp_path, PLACE)
    assert torch.equal(texts(Prompt("sea")).vectors[IMAGE], together(Prompt("sea")).vectors[IMAGE])


def test_a_folder_without_a_prior_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        load_image_prompts(tmp_path, PLACE)
    assert str(caught.value) == (
        f"{tmp_path}: holds a decoder and no prior, without which no text becomes a picture; "
        "looked for prior_prior/config.json and prior/prior/config.json: put the prior's pipeline "
        "into a folder named prior beside unet, or save both as one with diffusers"
    )


def test_check_reads_prompts_as_a_render_does(
    texts: ImagePrompts, folder: Path, tmp_path: Path
) -> None:
    PIPELINE.save_pretrained(tmp_path)
    copied = shutil.copytree(folder, tmp_path / "apart")
    index = {"_class_name": "KandinskyV22Pipeline"}
    (copied / "model_index.json").write_text(json.dumps(index), encoding="utf-8")
    for known in (tmp_path, copied):
        reader = text_reader(known)
        assert reader is not None
        assert reader.room == texts.texts.reader.room == CONTEXT - 2
        assert reader.rows(["a (sea:1.3)"]) == texts.texts.reader.rows(["a sea"])
