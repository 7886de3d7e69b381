"""The text sides with T5 beside diffusers' own pipelines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import (
    DPMSolverMultistepScheduler,
    FlowMatchEulerDiscreteScheduler,
    FluxPipeline,
    IFPipeline,
    PixArtAlphaPipeline,
    PixArtSigmaPipeline,
    StableDiffusion3Pipeline,
)
from torch.testing import assert_close
from transformers import (
    CLIPTextModel,
    CLIPTextModelWithProjection,
    CLIPTokenizer,
    T5EncoderModel,
    T5Tokenizer,
)

from keyframes.prompts import Prompt
from pipeline.errors import ModelError
from pipeline.networks.text_to_image.parts.condition import mixed, stacked
from pipeline.networks.text_to_image.parts.place import Place
from pipeline.networks.text_to_image.texts.load_t5 import (
    load_flux_text,
    load_if_text,
    load_pixart_text,
    load_sd3_text,
)
from tests.pipeline.networks.text_to_image.tiny_texts import (
    save_clip_encoder,
    save_projected_clip_encoder,
    save_t5_encoder,
)

PLACE = Place(torch.device("cpu"), torch.device("cpu"))
EXACT = {"rtol": 0.0, "atol": 1e-6}
PROMPTS = ("a Red  castle (at sea),fog", "An oil painting of a lighthouse!", "a")


def named(folder: Path, kind: str, transformer: dict[str, Any] | None = None) -> Path:
    """`folder` with what a pipeline of the class `kind` says of itself and of its transformer."""
    (folder / "model_index.json").write_text(json.dumps({"_class_name": kind}))
    if transformer is not None:
        (folder / "transformer").mkdir()
        (folder / "transformer" / "config.json").write_text(json.dumps(transformer))
    return folder


def t5(folder: Path, part: str = "") -> T5EncoderModel:
    return T5EncoderModel.from_pretrained(folder / f"text_encoder{part}")


def t5_tokenizer(folder: Path, part: str = "") -> T5Tokenizer:
    return T5Tokenizer.from_pretrained(folder / f"tokenizer{part}")


@torch.no_grad()
def test_deepfloyd_reads_as_its_pipeline_does(tmp_path: Path) -> None:
    save_t5_encoder(tmp_path)
    folder = named(tmp_path, "IFPipeline")
    side = load_if_text(folder, PLACE)
    pipeline = IFPipeline(
        tokenizer=t5_tokenizer(folder),
        text_encoder=t5(folder),
        unet=None,
        scheduler=DPMSolverMultistepScheduler(),
        safety_checker=None,
        feature_extractor=None,
        watermarker=None,
        requires_safety_checker=False,
    )
    for prompt in PROMPTS:
        theirs, nothing = pipeline.encode_prompt(prompt, device="cpu", clean_caption=False)
        ours = side(Prompt(prompt))
        assert ours.mask is None and not ours.vectors
        assert_close(ours.sequence, theirs[0], **EXACT)
        assert_close(side.empty().sequence, nothing[0], **EXACT)


@pytest.mark.parametrize(
    ("kind", "length"), [(PixArtAlphaPipeline, 120), (PixArtSigmaPipeline, 300)]
)
@torch.no_grad()
def test_pixart_reads_as_its_pipelines_do(tmp_path: Path, kind: Any, length: int) -> None:
    save_t5_encoder(tmp_path)
    folder = named(tmp_path, kind.__name__)
    side = load_pixart_text(folder, PLACE)
    pipeline = kind(
        tokenizer=t5_tokenizer(folder),
        text_encoder=t5(folder),
        vae=None,
        transformer=None,
        scheduler=DPMSolverMultistepScheduler(),
    )
    for prompt in PROMPTS:
        theirs, mask, nothing, no_mask = pipeline.encode_prompt(
            prompt, device="cpu", max_sequence_length=length, clean_caption=False
        )
        ours, empty = side(Prompt(prompt)), side.empty()
        assert ours.sequence is not None and len(ours.sequence) == length
        assert_close(ours.sequence, theirs[0], **EXACT)
        assert_close(empty.sequence, nothing[0], **EXACT)
        assert ours.mask is not None and torch.equal(ours.mask, mask[0].bool())
        assert empty.mask is not None and torch.equal(empty.mask, no_mask[0].bool())


@pytest.mark.parametrize(("guided", "length"), [(True, 512), (False, 256)])
@torch.no_grad()
def test_flux_reads_as_its_pipeline_does(tmp_path: Path, guided: bool, length: int) -> None:
    save_clip_encoder(tmp_path)
    save_t5_encoder(tmp_path, "_2")
    folder = named(tmp_path, "FluxPipeline", {"guidance_embeds": guided})
    side = load_flux_text(folder, PLACE)
    pipeline = FluxPipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(),
        vae=None,
        text_encoder=CLIPTextModel.from_pretrained(folder / "text_encoder"),
        tokenizer=CLIPTokenizer.from_pretrained(folder / "tokenizer"),
        text_encoder_2=t5(folder, "_2"),
        tokenizer_2=t5_tokenizer(folder, "_2"),
        transformer=None,
    )
    for prompt in PROMPTS:
        theirs, whole, _ = pipeline.encode_prompt(
            prompt, None, device="cpu", max_sequence_length=length
        )
        ours = side(Prompt(prompt))
        assert ours.sequence is not None and len(ours.sequence) == length and ours.mask is None
        assert_close(ours.sequence, theirs[0], **EXACT)
        assert_close(ours.vectors["pooled_projections"], whole[0], **EXACT)


@pytest.mark.parametrize("third", [True, False])
@torch.no_grad()
def test_stable_diffusion_3_reads_as_its_pipeline_does(tmp_path: Path, third: bool) -> None:
    save_projected_clip_encoder(tmp_path, "", seed=3, width=16, padding="<|endoftext|>")
    save_projected_clip_encoder(tmp_path, "_2")
    if third:
        save_t5_encoder(tmp_path, "_3", width=48)
    folder = named(tmp_path, "StableDiffusion3Pipeline", {"joint_attention_dim": 48})
    side = load_sd3_text(folder, PLACE)
    clip = [
        CLIPTextModelWithProjection.from_pretrained(folder / f"text_encoder{part}")
        for part in ("", "_2")
    ]
    pipeline = StableDiffusion3Pipeline(
        transformer=None,
        scheduler=FlowMatchEulerDiscreteScheduler(),
        vae=None,
        text_encoder=clip[0],
        tokenizer=CLIPTokenizer.from_pretrained(folder / "tokenizer"),
        text_encoder_2=clip[1],
        tokenizer_2=CLIPTokenizer.from_pretrained(folder / "tokenizer_2"),
        text_encoder_3=t5(folder, "_3") if third else None,
        tokenizer_3=t5_tokenizer(folder, "_3") if third else None,
    )
    if not third:
        pipeline.transformer = _Transformer()
    for prompt in ("a Red  castle at sea, fog", "a"):
        theirs, nothing, whole, whole_nothing = pipeline.encode_prompt(
            prompt, None, None, device="cpu"
        )
        ours, empty = side(Prompt(prompt)), side.empty()
        assert ours.sequence is not None and ours.sequence.shape == (77 + 256, 48)
        assert_close(ours.sequence, theirs[0], **EXACT)
        assert_close(ours.vectors["pooled_projections"], whole[0], **EXACT)
        assert_close(empty.sequence, nothing[0], **EXACT)
        assert_close(empty.vectors["pooled_projections"], whole_nothing[0], **EXACT)


@pytest.mark.parametrize("third", [True, False])
def test_prompts_of_more_rows_of_clip_are_blended_token_by_token(
    tmp_path: Path, third: bool
) -> None:
    """T5 tells of each prompt at the same places, however many rows CLIP needs before it."""
    save_projected_clip_encoder(tmp_path, "", seed=3, width=16, padding="<|endoftext|>")
    save_projected_clip_encoder(tmp_path, "_2")
    if third:
        save_t5_encoder(tmp_path, "_3", width=48)
    folder = named(tmp_path, "StableDiffusion3Pipeline", {"joint_attention_dim": 48})
    side = load_sd3_text(folder, PLACE, truncate=True)
    short, long, empty = side(Prompt("a cat")), side(Prompt("red " * 76)), side.empty()
    blend = mixed([short, long], [0.25, 0.75], empty).sequence
    assert blend is not None and short.sequence is not None and long.sequence is not None
    assert empty.sequence is not None and len(long.sequence) == 2 * 77 + 256
    clip = torch.cat([short.sequence[:77], empty.sequence[:77]])
    assert_close(blend[:154], 0.25 * clip + 0.75 * long.sequence[:154], **EXACT)
    t5_tokens = 0.25 * short.sequence[77:] + 0.75 * long.sequence[154:]
    assert_close(blend[154:], t5_tokens, **EXACT)
    assert bool(t5_tokens.any()) == third
    both = stacked([short, long], empty).sequence
    assert both is not None
    assert_close(both[0], torch.cat([clip, short.sequence[77:]]), **EXACT)


class _Transformer:
    """What the pipeline asks a transformer for where there is no T5."""

    class config:
        joint_attention_dim = 48


def test_what_is_too_long_is_refused_or_cut(tmp_path: Path) -> None:
    save_t5_encoder(tmp_path)
    folder = named(tmp_path, "IFPipeline")
    long = "a sea " * 60
    with pytest.raises(ModelError, match="which has room for 76 tokens: it would read up to"):
        load_if_text(folder, PLACE)(Prompt(long))
    cut = load_if_text(folder, PLACE, truncate=True)(Prompt(long))
    assert cut.sequence is not None and len(cut.sequence) == 77


def test_weights_of_words_are_left_out(tmp_path: Path) -> None:
    save_t5_encoder(tmp_path)
    side = load_if_text(named(tmp_path, "IFPipeline"), PLACE)
    weighted, plain = side(Prompt("a (red:1.3) sea")), side(Prompt("a red sea"))
    assert weighted.sequence is not None and plain.sequence is not None
    assert torch.equal(weighted.sequence, plain.sequence)
    with pytest.raises(ModelError, match=r'in a prompt the weight in "\(red:1,3\)" makes no'):
        side(Prompt("a (red:1,3) sea"))


def test_a_folder_without_t5_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="holds no tokenizer of T5; is the model's folder whole"):
        load_pixart_text(named(tmp_path, "PixArtAlphaPipeline"), PLACE)
