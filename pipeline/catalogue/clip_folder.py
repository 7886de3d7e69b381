"""The configuration in an open_clip folder, and how its encoder reads texts. Imports no torch."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from keyframes.mistakes import found
from pipeline.catalogue.byte_pair_tokenizer import BytePairTokenizer
from pipeline.catalogue.config import ForeignConfig, read_config
from pipeline.catalogue.facts import CLIP_CONFIG, CLIP_VOCABULARY, STARTER_FOLDERS
from pipeline.catalogue.prompt_reader import PromptReader
from pipeline.catalogue.publication import Role
from pipeline.catalogue.word_tokenizer import load_tokenizer
from pipeline.errors import ModelError
from pipeline.spec.sources import STARTER

_Count = Annotated[int, Field(ge=1)]
_Positive = Annotated[float, Field(gt=0)]


def _from_here(name: str | None) -> str | None:
    # timm asks the network for "hf-hub:someone/something", and other files for "local-dir:...".
    if name is None or re.fullmatch(r"[\w.-]*", name):
        return name
    raise ValueError(
        f"found {found(name)}, a place to fetch from or read; allowed: the plain name of an "
        "architecture of timm, such as vit_base_patch16_224, as nothing is fetched for a folder"
    )


class _VisionConfig(ForeignConfig):
    image_size: _Count
    timm_model_name: Annotated[str | None, AfterValidator(_from_here)] = None
    # The weights come from the folder; open_clip would fetch others for the tower before that.
    timm_model_pretrained: Annotated[bool, AfterValidator(lambda value: False)] = False


class _TextConfig(ForeignConfig):
    context_length: _Count
    vocab_size: _Count
    # Towers and tokenizers of the transformers library need files that are not in the folder.
    hf_model_name: None = None
    hf_tokenizer_name: None = None
    tokenizer_kwargs: None = None


class _ModelConfig(ForeignConfig):
    embed_dim: _Count
    vision_cfg: _VisionConfig
    text_cfg: _TextConfig


class _Preprocessing(ForeignConfig):
    mean: tuple[float, float, float]
    std: tuple[_Positive, _Positive, _Positive]


class ClipConfig(ForeignConfig):
    """`open_clip_config.json`, as open_clip writes it beside its weights."""

    model_cfg: _ModelConfig
    preprocess_cfg: _Preprocessing


def read_clip_config(folder: Path) -> ClipConfig:
    """The configuration in `folder`; `ModelError` names what does not fit."""
    return read_config(folder / CLIP_CONFIG, ClipConfig)


def clip_folder_reader(folder: Path, config: ClipConfig) -> PromptReader:
    """The reader by the vocabulary in `folder`, or by open_clip's standard one without one.

    Raises:
        ModelError: the vocabulary cannot be used, or is not the one of `config`.
    """
    vocabulary, text = folder / CLIP_VOCABULARY, config.model_cfg.text_cfg
    own = load_tokenizer(vocabulary) if vocabulary.exists() else None
    tokenizer = own or BytePairTokenizer(text.context_length)
    whose = CLIP_VOCABULARY if own else "the standard one of open_clip"
    for key in ("vocab_size", "context_length"):
        there, expected = getattr(tokenizer, key), getattr(text, key)
        if there != expected:
            raise ModelError(
                f"{folder / CLIP_CONFIG}: model_cfg.text_cfg.{key} is {expected}, but the "
                f"tokenizer ({whose}) has {there}; "
                f"restore the {CLIP_VOCABULARY} that the model was trained with"
            )
    ships = folder == STARTER_FOLDERS[Role.ENCODER]
    # Start and end take two places.
    return PromptReader(STARTER if ships else str(folder), tokenizer, text.context_length - 2)
