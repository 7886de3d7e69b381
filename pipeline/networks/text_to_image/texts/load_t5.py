"""The text sides of DeepFloyd IF, PixArt, Stable Diffusion 3 and Flux from a diffusers folder.

Each encoder lies, works and computes as its `place` says. A prompt that is longer than T5 reads is
refused, or with `truncate` cut; `pipeline.catalogue.text_readers` says how long that is.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from transformers import CLIPTextModel, CLIPTextModelWithProjection, T5EncoderModel

from pipeline.catalogue.clip_tokenizer import load_clip_tokenizer
from pipeline.catalogue.config import ForeignConfig, read_config
from pipeline.catalogue.text_readers import t5_reader, t5_use
from pipeline.errors import ModelError
from pipeline.networks.files.part_files import load_part
from pipeline.networks.text_to_image.parts.place import Place
from pipeline.networks.text_to_image.texts.clip_tower import ClipTower
from pipeline.networks.text_to_image.texts.side import Texts
from pipeline.networks.text_to_image.texts.t5_texts import (
    flux_texts,
    if_texts,
    pixart_texts,
    sd3_texts,
)
from pipeline.networks.text_to_image.texts.t5_tower import T5Tower

_SD3_LENGTH = 256
"""Tokens of T5 in Stable Diffusion 3, also where zeros stand in for it."""


def load_if_text(folder: Path, place: Place, *, truncate: bool = False) -> Texts:
    """The text side of DeepFloyd IF.

    Raises:
        ModelError: a file is missing, damaged or of another kind.
    """
    return if_texts(_t5(folder, "", place, masked=True, truncate=truncate))


def load_pixart_text(folder: Path, place: Place, *, truncate: bool = False) -> Texts:
    """The text side of PixArt-alpha or PixArt-sigma.

    Raises:
        ModelError: a file is missing, damaged or of another kind.
    """
    return pixart_texts(_t5(folder, "", place, masked=True, truncate=truncate))


def load_flux_text(folder: Path, place: Place, *, truncate: bool = False) -> Texts:
    """The text side of Flux.

    Raises:
        ModelError: a file is missing, damaged or of another kind.
    """
    model = load_part(folder, "text_encoder", CLIPTextModel, place.home, place.dtype)
    clip = ClipTower(model, load_clip_tokenizer(folder / "tokenizer"), place.device)
    return flux_texts(clip, _t5(folder, "_2", place, masked=False, truncate=truncate))


def load_sd3_text(folder: Path, place: Place, *, truncate: bool = False) -> Texts:
    """The text side of Stable Diffusion 3, with its third encoder where the folder has that.

    Raises:
        ModelError: a file is missing, damaged or of another kind.
    """
    towers = [_sd3_clip(folder, suffix, place) for suffix in ("", "_2")]
    t5 = None
    if (folder / "text_encoder_3").is_dir():
        t5 = _t5(folder, "_3", place, masked=False, truncate=truncate)
    width = read_config(folder / "transformer" / "config.json", _Transformer).joint_attention_dim
    return sd3_texts(towers, t5, width=width, length=_SD3_LENGTH)


def _sd3_clip(folder: Path, suffix: str, place: Place) -> ClipTower:
    part = f"text_encoder{suffix}"
    model = load_part(folder, part, CLIPTextModelWithProjection, place.home, place.dtype)
    tokenizer = load_clip_tokenizer(folder / f"tokenizer{suffix}")
    return ClipTower(model, tokenizer, place.device, last=1, normed=False)


def _t5(folder: Path, suffix: str, place: Place, *, masked: bool, truncate: bool) -> T5Tower:
    use = t5_use(folder)
    if use is None:
        raise ModelError(
            f"{folder}: holds no tokenizer{suffix} of T5; is the model's folder whole?"
        )
    reader = t5_reader(folder, use)
    model = load_part(folder, f"text_encoder{suffix}", T5EncoderModel, place.home, place.dtype)
    return T5Tower(model, reader.truncating() if truncate else reader, place.device, masked=masked)


class _Transformer(ForeignConfig):
    joint_attention_dim: int = Field(default=4096, ge=1)
