"""What the files beside a tokenizer say of it: marks, length. Imports no torch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tokenizers import Tokenizer

from pipeline.catalogue.config import ForeignConfig, read_config
from pipeline.errors import ModelError

_UNBOUNDED = 100_000
"""Lengths above this say that the tokenizer has none: transformers writes 10^30."""


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of a tokenizer, and how many ids its encoder takes at once (None: not said)."""

    begin: str
    end: str
    padding: str
    unknown: str
    length: int | None


def read_marks(folder: Path) -> Marks:
    """The marks that `tokenizer_config.json` and `special_tokens_map.json` name, where they are.

    What neither says is as CLIP has it.

    Raises:
        ModelError: a file is damaged.
    """
    files = [folder / "special_tokens_map.json", folder / "tokenizer_config.json"]
    found = [read_config(path, _Marks) for path in files if path.is_file()]
    said = {
        key: value
        for marks in found
        for key in _Marks.model_fields
        if (value := getattr(marks, key)) is not None
    }
    end = mark_text(said.get("eos_token", "<|endoftext|>"))
    length = said.get("model_max_length")
    return Marks(
        begin=mark_text(said.get("bos_token", "<|startoftext|>")),
        end=end,
        padding=mark_text(said.get("pad_token", end)),
        unknown=mark_text(said.get("unk_token", end)),
        length=None if length is None or length > _UNBOUNDED else int(length),
    )


def read_tokenizer(path: Path, others: str) -> Tokenizer:
    """The tokenizer in a file of the tokenizers library, without padding and truncation.

    `others` are the files that might stand in its place, for the message.

    Raises:
        ModelError: the file is missing or damaged.
    """
    if not path.is_file():
        raise ModelError(
            f"{path.parent}: holds no tokenizer; allowed: {others}, or {path.name}; "
            "is the model's folder whole?"
        )
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # The library raises nothing narrower.
        raise ModelError(
            f"{path}: is no tokenizer ({error}); fetch the model's files again"
        ) from error
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


class Mark(ForeignConfig):
    """A mark that is written with its settings."""

    content: str


class _Marks(ForeignConfig):
    bos_token: str | Mark | None = None
    eos_token: str | Mark | None = None
    pad_token: str | Mark | None = None
    unk_token: str | Mark | None = None
    model_max_length: float | None = None


def mark_text(mark: object) -> str:
    """The mark itself, whichever way it is written."""
    return mark.content if isinstance(mark, Mark) else str(mark)
