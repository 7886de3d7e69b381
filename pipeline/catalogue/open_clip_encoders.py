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
    pretrained,
)
from pipeline.catalogue.prompt_reader import PromptReader
from pipeline.catalogue.published import PUBLISHED
from pipeline.catalogue.published_tokenizers import CONFIG, VOCABULARY, tokenizer_file
from pipeline.catalogue.store import ModelStore
from pipeline.errors import ModelError

_MARKS = 2
"""Ids of a text's start and end, beside those of its words."""

_OPTIONS = {"clean", "strip_sep_token"}
"""What our tokenizers know of open_clip's settings for them."""


def listed_names() -> list[str]:
    """Every `architecture/pretrained` that open_clip lists."""
    return [f"{built_by}/{tag}" for built_by, tags in pretrained().items() for tag in tags]


def is_listed(name: str) -> bool:
    """Whether an encoder is published by this name, in any spelling of its tag.

    Where the tags of this release of open_clip cannot be read, its architecture decides.
    """
    built_by, _, tag = name.partition("/")
    if entry := PUBLISHED.get(f"{built_by.removesuffix(QUICK_GELU)}/{tag}"):
        return name == entry.name or built_by == entry.architecture
    tags = pretrained()
    if not tags:
        return architecture(built_by) is not None
    return _plain_tag(tag) in tags.get(built_by, ())


def check_usable(name: str) -> None:
    """Raises ModelError if a render could not load an encoder that open_clip lists."""
    config = _architecture_of(name)
    tokenizer_repository(name, config)
    picture_side(name, config)


def named_reader(name: str, store: ModelStore) -> PromptReader | None:
    """How a published encoder reads; None as long as its tokenizer is not in `store`.

    Raises:
        ModelError: its architecture is unknown or of no use, or its tokenizer is damaged.
    """
    config = _architecture_of(name)
    repository = tokenizer_repository(name, config)
    ends = (VOCABULARY, CONFIG) if repository else ()
    files = [tokenizer_file(repository, end) for end in ends]
    if not all(store.has(file) for file in files):
        return None
    return published_reader(name, config, [store.path(file) for file in files])


def _architecture_of(name: str) -> dict[str, Any]:
    entry = PUBLISHED.get(name)
    return plain_architecture(name, entry.architecture if entry else name.partition("/")[0])


def _plain_tag(tag: str) -> str:
    """A tag as open_clip reads it, in any case, with hyphens or not."""
    return tag.lower().replace("-", "_")


def tokenizer_repository(name: str, config: Mapping[str, Any]) -> str:
    """The hub's repository of the tokenizer of the encoder `name`; "" for OpenAI's.

    Raises:
        ModelError: its architecture, `config`, is one that needs other libraries.
    """
    text = config["text_cfg"]
    foreign = "multimodal_cfg" in config or "hf_model_name" in text or text.get("tokenizer_mode")
    if foreign or text.get("tokenizer_kwargs", {}).keys() - _OPTIONS:
        raise ModelError(
            f"{name}: this architecture needs more than its weights and a tokenizer; use an "
            "encoder whose text tower is open_clip's own, such as ViT-L-14/openai"
        )
    repository: str = text.get("hf_tokenizer_name") or ""
    return repository


def picture_side(name: str, config: Mapping[str, Any]) -> int:
    """Side in pixels of the squares that an encoder looks at; `ModelError` if they are none."""
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
