"""The text sides of Stable Diffusion 1, 2 and XL beside diffusers' own pipelines."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import DDIMScheduler, StableDiffusionPipeline, StableDiffusionXLPipeline
from torch import Tensor
from torch.testing import assert_close
from transformers import CLIPTextModel, CLIPTextModelWithProjection, CLIPTokenizer

from keyframes.prompts import Prompt
from pipeline.catalogue.stable_diffusion_folder import read_index
from pipeline.errors import ModelError
from pipeline.networks.text_to_image.parts.condition import mixed, stacked
from pipeline.networks.text_to_image.parts.place import Place
from pipeline.networks.text_to_image.texts.load_clip import load_encoders, sd_text_of, sdxl_text_of
from pipeline.networks.text_to_image.texts.side import Texts
from tests.pipeline.networks.text_to_image.tiny_texts import (
    save_clip_encoder,
    save_projected_clip_encoder,
)

CPU = torch.device("cpu")
PLACE = Place(CPU, CPU)
PROMPTS = ("a red cat at sea", "Über 12 lighthouses, don't?", " ".join(["at"] * 75))
EXACT = {"rtol": 0.0, "atol": 1e-6}


def sd_folder(folder: Path) -> Path:
    save_clip_encoder(folder)
    return folder


def sdxl_folder(folder: Path, index: str = "{}") -> Path:
    save_clip_encoder(folder)
    save_projected_clip_encoder(folder)
    (folder / "model_index.json").write_text(index)
    return folder


def sd_text(folder: Path, dtype: torch.dtype = torch.float32, **options: Any) -> Texts:
    (encoder,) = load_encoders(folder, Place(CPU, CPU, dtype))
    return sd_text_of(encoder, CPU, **options)


def sdxl_text(folder: Path, **options: Any) -> Texts:
    encoders = load_encoders(folder, PLACE)
    zeros = read_index(folder).zeros_for_empty
    return sdxl_text_of(encoders, CPU, zeros_for_empty=zeros, **options)


def sd_pipeline(folder: Path) -> StableDiffusionPipeline:
    """diffusers' pipeline around the encoder in a folder, without the rest."""
    return StableDiffusionPipeline(
        vae=None,
        text_encoder=CLIPTextModel.from_pretrained(folder / "text_encoder"),
        tokenizer=CLIPTokenizer.from_pretrained(folder / "tokenizer"),
        unet=None,
        scheduler=DDIMScheduler(steps_offset=1, clip_sample=False),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )


def sdxl_pipeline(folder: Path, *, zeros: bool = True) -> StableDiffusionXLPipeline:
    second = CLIPTextModelWithProjection.from_pretrained(folder / "text_encoder_2")
    return StableDiffusionXLPipeline(
        vae=None,
        text_encoder=CLIPTextModel.from_pretrained(folder / "text_encoder"),
        text_encoder_2=second,
        tokenizer=CLIPTokenizer.from_pretrained(folder / "tokenizer"),
        tokenizer_2=CLIPTokenizer.from_pretrained(folder / "tokenizer_2"),
        unet=None,
        scheduler=DDIMScheduler(steps_offset=1, clip_sample=False),
        force_zeros_for_empty_prompt=zeros,
        add_watermarker=False,
    )


def encoded(pipeline: Any, prompt: str, **options: Any) -> Sequence[Tensor]:
    """What a pipeline makes of a prompt, and of none; without the batch dimension."""
    with torch.no_grad():
        tensors = pipeline.encode_prompt(
            prompt=prompt,
            device=CPU,
            num_images_per_prompt=1,
            do_classifier_free_guidance=True,
            **options,
        )
    return [tensor[0] for tensor in tensors]


def sequence(side: Texts, text: str) -> Tensor:
    found = side(Prompt(text)).sequence
    assert found is not None
    return found


def test_stable_diffusion_reads_as_its_pipeline_does(tmp_path: Path) -> None:
    folder = sd_folder(tmp_path)
    side, pipeline = sd_text(folder), sd_pipeline(folder)
    for prompt in PROMPTS:
        theirs, nothing = encoded(pipeline, prompt)
        ours = side(Prompt(prompt))
        assert ours.sequence is not None and ours.mask is None and not ours.vectors
        assert_close(ours.sequence, theirs, **EXACT)
        assert_close(side.empty().sequence, nothing, **EXACT)


def test_layers_that_are_left_out_might_as_well_not_be_there(tmp_path: Path) -> None:
    folder = sd_folder(tmp_path)
    skipping = sd_text(folder, clip_skip=1)
    # As Stable Diffusion 2 was published: OpenCLIP's last layer is not in the file.
    shallow = CLIPTextModel.from_pretrained(folder / "text_encoder")
    shallow.encoder.layers = shallow.encoder.layers[:-1]
    shallow.config.num_hidden_layers -= 1
    shallow.save_pretrained(folder / "text_encoder")
    assert len(shallow.encoder.layers) == 2
    side = sd_text(folder)
    assert_close(sequence(skipping, "a cat"), sequence(side, "a cat"), **EXACT)
    assert_close(encoded(sd_pipeline(folder), "a cat")[0], sequence(side, "a cat"), **EXACT)


def test_sdxl_reads_as_its_pipeline_does(tmp_path: Path) -> None:
    folder = sdxl_folder(tmp_path)
    side, pipeline = sdxl_text(folder), sdxl_pipeline(folder)
    for prompt in PROMPTS:
        theirs, nothing, whole, whole_nothing = encoded(pipeline, prompt)
        ours, empty = side(Prompt(prompt)), side.empty()
        assert_close(ours.sequence, theirs, **EXACT)
        assert_close(ours.vectors["text_embeds"], whole, **EXACT)
        assert_close(empty.sequence, nothing, **EXACT)
        assert_close(empty.vectors["text_embeds"], whole_nothing, **EXACT)
        assert not whole_nothing.any() and whole.any()


def test_sdxl_may_read_the_empty_text(tmp_path: Path) -> None:
    folder = sdxl_folder(tmp_path, '{"force_zeros_for_empty_prompt": false}')
    _, nothing, _, whole_nothing = encoded(sdxl_pipeline(folder, zeros=False), "a cat")
    empty = sdxl_text(folder).empty()
    assert_close(empty.sequence, nothing, **EXACT)
    assert_close(empty.vectors["text_embeds"], whole_nothing, **EXACT)


def test_a_refiner_has_the_second_encoder_alone(tmp_path: Path) -> None:
    folder = sdxl_folder(tmp_path)
    both = sdxl_text(folder)(Prompt("a cat"))
    _, second = load_encoders(folder, PLACE)
    alone = sdxl_text_of([second], CPU)(Prompt("a cat"))
    assert alone.sequence is not None and both.sequence is not None
    assert torch.equal(alone.sequence, both.sequence[:, 16:])
    assert torch.equal(alone.vectors["text_embeds"], both.vectors["text_embeds"])


def test_a_long_prompt_is_read_in_rows(tmp_path: Path) -> None:
    side = sd_text(sd_folder(tmp_path))
    first, second = " ".join(["red"] * 75), "a cat"
    ours = sequence(side, f"{first} {second}")
    assert torch.equal(ours, torch.cat([sequence(side, first), sequence(side, second)]))
    assert sequence(side, " ".join(["red"] * 151)).shape == (3 * 77, 16)


def test_the_whole_of_a_long_prompt_is_that_of_its_first_row(tmp_path: Path) -> None:
    side = sdxl_text(sdxl_folder(tmp_path))
    first = " ".join(["red"] * 75)
    ours = side(Prompt(f"{first} a cat"))
    assert ours.sequence is not None and ours.sequence.shape == (154, 40)
    assert torch.equal(ours.vectors["text_embeds"], side(Prompt(first)).vectors["text_embeds"])


def test_a_short_prompt_of_sdxl_goes_on_with_the_empty_text(tmp_path: Path) -> None:
    """Beside a long opposite, and in a blend; no prompt at all is zeros, however long."""
    folder = sdxl_folder(tmp_path)
    side = sdxl_text(folder)
    short, long, none = side(Prompt("a cat")), side(Prompt(" ".join(["red"] * 76))), side.empty()
    nothing = (
        sdxl_text_of(load_encoders(folder, PLACE), CPU, zeros_for_empty=False).empty().sequence
    )
    assert short.sequence is not None and long.sequence is not None and nothing is not None
    both = stacked([short, long, none], none).sequence
    assert both is not None
    assert_close(both[0], torch.cat([short.sequence, nothing]), **EXACT)
    assert not both[2].any()
    blend = mixed([short, long], [0.25, 0.75], none).sequence
    assert blend is not None
    assert_close(blend[77:], 0.25 * nothing + 0.75 * long.sequence[77:], **EXACT)


def test_what_texts_go_on_with_is_read_again_by_encoders_that_have_changed(tmp_path: Path) -> None:
    side = sdxl_text(sdxl_folder(tmp_path))
    filler = side(Prompt("a cat")).filler
    assert filler is not None and side(Prompt("a red cat")).filler is filler
    assert side.empty().filler is None
    anew = side.anew()(Prompt("a cat")).filler
    assert anew is not None and anew is not filler and torch.equal(anew, filler)


def test_bfloat16_gives_float32(tmp_path: Path) -> None:
    folder = sd_folder(tmp_path)
    ours = sequence(sd_text(folder, torch.bfloat16), "a red cat")
    exact = sequence(sd_text(folder), "a red cat")
    assert ours.dtype == torch.float32
    assert 0 < (ours - exact).abs().max() < 0.1


def test_each_prompt_is_encoded_once(tmp_path: Path) -> None:
    side = sd_text(sd_folder(tmp_path))
    assert side(Prompt("a cat")) is side(Prompt("a cat", weight=-0.5))
    assert side.empty() is side.empty()


def test_a_picture_is_no_prompt_for_it(tmp_path: Path) -> None:
    side = sd_text(sd_folder(tmp_path))
    with pytest.raises(ModelError, match=r'the prompt "cat\.png" is a picture, and this denoiser'):
        side(Prompt("cat.png", image=True))


def test_a_weight_without_sense_is_told(tmp_path: Path) -> None:
    side = sd_text(sd_folder(tmp_path))
    with pytest.raises(ModelError, match=r'in a prompt the weight in "\(red:1,3\)" makes no'):
        side(Prompt("a (red:1,3) cat"))
