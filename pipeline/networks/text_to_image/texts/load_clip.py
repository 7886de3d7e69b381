"""The text encoders of Stable Diffusion 1, 2 and XL, and the text sides that are made of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import torch
from transformers import CLIPTextModel, CLIPTextModelWithProjection

from pipeline.catalogue.clip_tokenizer import ClipTokenizer, load_clip_tokenizer
from pipeline.catalogue.part_files import has_part
from pipeline.catalogue.word_files import ONLY
from pipeline.networks.files.part_files import load_part
from pipeline.networks.text_to_image.parts.place import Place
from pipeline.networks.text_to_image.texts.clip_texts import clip_texts, sdxl_texts
from pipeline.networks.text_to_image.texts.clip_tower import ClipTower
from pipeline.networks.text_to_image.texts.embedding_files import words_of
from pipeline.networks.text_to_image.texts.side import Texts

Encoder = tuple[Any, ClipTokenizer]
"""A text encoder of transformers, and its tokenizer."""

NO_FILES: Mapping[str, Path] = MappingProxyType({})


def load_encoders(folder: Path, place: Place) -> list[Encoder]:
    """The text encoders in a diffusers folder, each with its tokenizer: one, or for SDXL two.

    Raises:
        ModelError: a file is missing, damaged or of another kind.
    """
    kinds = {"": CLIPTextModel, "_2": CLIPTextModelWithProjection}
    return [
        (
            load_part(folder, f"text_encoder{number}", kind, place.home, place.dtype),
            load_clip_tokenizer(folder / f"tokenizer{number}"),
        )
        for number, kind in kinds.items()
        if not number or has_part(folder, f"text_encoder{number}")
    ]


def sd_text_of(
    encoder: Encoder,
    device: torch.device,
    *,
    clip_skip: int = 0,
    embeddings: Mapping[str, Path] = NO_FILES,
) -> Texts:
    """The text side of Stable Diffusion 1 or 2.

    The encoder works on `device`. `clip_skip` is how many of its last layers are left out, as some
    fine-tuned networks were trained (web interfaces count from 1, so their 2 is 1 here).
    `embeddings` are files of learned words by the names that stand for them in prompts.

    Raises:
        ModelError: a file of a learned word is missing, damaged, or made for another network.
    """
    model, tokenizer = encoder
    words = words_of(embeddings, {ONLY: model.config.hidden_size})
    return clip_texts(ClipTower(model, tokenizer, device, last=clip_skip, words=words[ONLY]))


def sdxl_text_of(
    encoders: Sequence[Encoder],
    device: torch.device,
    *,
    clip_skip: int = 0,
    embeddings: Mapping[str, Path] = NO_FILES,
    zeros_for_empty: bool = True,
) -> Texts:
    """The text side of SDXL with both encoders, or of its refiner with the second alone.

    The encoders work on `device`. `clip_skip` is how many layers are left out before the last layer
    but one, which SDXL reads. `embeddings` are files of learned words by the names that stand for
    them in prompts. With `zeros_for_empty` zeros stand for no prompt, otherwise the empty text.

    Raises:
        ModelError: a file of a learned word is missing, damaged, or made for another network.
    """
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
