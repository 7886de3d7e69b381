"""The text sides of Stable Diffusion 1, 2 and XL, from a folder or from loaded encoders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import torch
from pydantic import Field
from transformers import CLIPTextModel, CLIPTextModelWithProjection

from pipeline.catalogue.clip_tokenizer import ClipTokenizer, load_clip_tokenizer
from pipeline.catalogue.config import ForeignConfig, read_config
from pipeline.networks.files.part_files import load_part
from pipeline.networks.text_to_image.texts.clip_texts import clip_texts, sdxl_texts
from pipeline.networks.text_to_image.texts.clip_tower import ClipTower
from pipeline.networks.text_to_image.texts.embedding_files import ONLY, words_of
from pipeline.networks.text_to_image.texts.side import Texts

Encoder = tuple[Any, ClipTokenizer]
"""A text encoder of transformers, and its tokenizer."""

NO_FILES: Mapping[str, Path] = MappingProxyType({})


def load_sd_text(
    folder: Path,
    home: torch.device,
    device: torch.device,
    dtype: torch.dtype = torch.float32,
    *,
    clip_skip: int = 0,
    embeddings: Mapping[str, Path] = NO_FILES,
) -> Texts:
    """The text side of Stable Diffusion 1 or 2 in a diffusers folder.

    The encoder lies on `home`, works on `device` and computes in `dtype`. `clip_skip` is how many
    of its last layers are left out, as some fine-tuned networks were trained (web interfaces count
    from 1, so their 2 is 1 here). `embeddings` are files of learned words by the names that stand
    for them in prompts.

    Raises:
        ModelError: a file is missing, damaged or of another kind, or a learned word was made for
            another network.
    """
    model = load_part(folder, "text_encoder", CLIPTextModel, home, dtype)
    encoder = model, load_clip_tokenizer(folder / "tokenizer")
    return sd_text_of(encoder, device, clip_skip=clip_skip, embeddings=embeddings)


def sd_text_of(
    encoder: Encoder,
    device: torch.device,
    *,
    clip_skip: int = 0,
    embeddings: Mapping[str, Path] = NO_FILES,
) -> Texts:
    """`load_sd_text` for an encoder that is loaded."""
    model, tokenizer = encoder
    words = words_of(embeddings, {ONLY: model.config.hidden_size})
    return clip_texts(ClipTower(model, tokenizer, device, last=clip_skip, words=words[ONLY]))


def load_sdxl_text(
    folder: Path,
    home: torch.device,
    device: torch.device,
    dtype: torch.dtype = torch.float32,
    *,
    clip_skip: int = 0,
    embeddings: Mapping[str, Path] = NO_FILES,
) -> Texts:
    """The text side of SDXL in a diffusers folder, or of its refiner, which has one encoder.

    Arguments and errors are those of `load_sd_text`, but that `clip_skip` counts from the last
    layer but one, which SDXL reads.
    """
    encoders: list[Encoder] = []
    if (folder / "text_encoder").is_dir():
        first = load_part(folder, "text_encoder", CLIPTextModel, home, dtype)
        encoders.append((first, load_clip_tokenizer(folder / "tokenizer")))
    second = load_part(folder, "text_encoder_2", CLIPTextModelWithProjection, home, dtype)
    encoders.append((second, load_clip_tokenizer(folder / "tokenizer_2")))
    return sdxl_text_of(
        encoders,
        device,
        clip_skip=clip_skip,
        embeddings=embeddings,
        zeros_for_empty=read_config(folder / "model_index.json", _Index).zeros_for_empty,
    )


def sdxl_text_of(
    encoders: Sequence[Encoder],
    device: torch.device,
    *,
    clip_skip: int = 0,
    embeddings: Mapping[str, Path] = NO_FILES,
    zeros_for_empty: bool = True,
) -> Texts:
    """`load_sdxl_text` for encoders that are loaded: both, or for the refiner the second alone."""
    names = ("clip_l", "clip_g")[-len(encoders) :]
    widths = {
        name: model.config.hidden_size for name, (model, _) in zip(names, encoders, strict=True)
    }
    words = words_of(embeddings, widths)
    towers = [
        ClipTower(model, tokenizer, device, last=1 + clip_skip, normed=False, words=words[name])
        for name, (model, tokenizer) in zip(names, encoders, strict=True)
    ]
    return sdxl_texts(towers, zeros_for_empty=zeros_for_empty)


class _Index(ForeignConfig):
    zeros_for_empty: bool = Field(default=True, alias="force_zeros_for_empty_prompt")
