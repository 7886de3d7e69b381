"""Whether a render can use an encoder of open_clip, and how it reads texts. Imports no torch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline.catalogue.byte_pair_tokenizer import BytePairTokenizer
from pipeline.catalogue.open_clip_files import (
    QUICK_GELU,
    architecture,
    open_clip_version,
)
from pipeline.catalogue.prompt_reader import PromptReader
from pipeline.errors import ModelError

_MARKS = 2
"""Start and end, beside the words of a text."""


def tokenizer_repository(name: str, config: Mapping[str, Any]) -> str:
    """The hub's repository of the tokenizer of the encoder `name`; "" for OpenAI's.

    Raises:
        ModelError: its architecture, `config`, is one that needs other libraries.
    """
    text = config["text_cfg"]
    if "multimodal_cfg" in config or "hf_model_name" in text or text.get("tokenizer_mode"):
        raise ModelError(
            f"{name}: this architecture needs more than its weights and a tokenizer; use an "
            "encoder whose text tower is open_clip's own, such as ViT-L-14/openai"
        )
    repository: str = text.get("hf_tokenizer_name") or ""
    return repository


def picture_side(name: str, config: Mapping[str, Any]) -> int:
    """The side in pixels of the squares that it looks at; `ModelError` if they are none."""
    size: int | Sequence[int] = config["vision_cfg"]["image_size"]
    width, height = (size, size) if isinstance(size, int) else size
    if width != height:
        raise ModelError(
            f"{name}: looks at pictures of {width}x{height}, not at squares; use another encoder"
        )
    return width


def plain_architecture(name: str, built_by: str) -> dict[str, Any]:
    """The configuration of the architecture of the encoder `name`, whatever its activation.

    Raises:
        ModelError: open_clip does not know `built_by`.
    """
    plain = built_by.removesuffix(QUICK_GELU)
    config = architecture(plain)
    if config is None:
        raise ModelError(
            f"{name}: open_clip {open_clip_version()} does not know the architecture "
            f"{plain}; update open_clip_torch, or use another encoder"
        )
    return dict(config)


def published_reader(
    name: str, config: Mapping[str, Any], tokenizer: Sequence[Path]
) -> PromptReader:
    """How the encoder `name` reads, whose architecture is `config`.

    `tokenizer` are the vocabulary and the configuration of one from the hub, if it reads by one.

    Raises:
        ModelError: one of these two is missing or damaged.
    """
    text = config["text_cfg"]
    length, options = text.get("context_length", 77), text.get("tokenizer_kwargs", {})
    if not tokenizer:
        return PromptReader(name, BytePairTokenizer(length, **options), length - _MARKS)
    # A thirtieth of a second, which few encoders ask for.
    from pipeline.catalogue.hub_tokenizer import load_hub_tokenizer

    vocabulary, marks = tokenizer
    hub = load_hub_tokenizer(vocabulary, marks, length=length, **options)
    return PromptReader(name, hub, length)
