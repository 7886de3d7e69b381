"""The tokenizers of T5 in diffusers folders: pieces of words by their likelihood, and an end mark.

A folder holds `tokenizer.json`, in the format of the tokenizers library, or `spiece.model`, that of
sentencepiece (Kudo and Richardson 2018, arXiv:1808.06226), in which T5 was published. Imports no
torch.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipeline.catalogue.tokenizer_marks import read_tokenizer
from pipeline.errors import ModelError

PADDING = 0
END = 1
"""Ids of the marks, which all of T5's vocabularies begin with."""

_PIECES = "spiece.model"
_JSON = "tokenizer.json"


def as_written(text: str) -> str:
    """The text itself."""
    return text


@dataclass(frozen=True, slots=True)
class T5Tokenizer:
    """Texts to ids, an end mark, and padding up to a length."""

    pieces: Callable[[str], list[int]]
    """The ids of a text, however many, without the end mark."""
    length: int
    """Ids that the network takes, with the end mark."""
    clean: Callable[[str], str] = as_written

    @property
    def context_length(self) -> int:
        """Ids that the network takes, with the end mark."""
        return self.length

    @property
    def room(self) -> int:
        """Ids of a text that there is room for."""
        return self.length - 1

    def fits(self, text: str, room: int) -> bool:
        """Whether a text has no more than `room` ids, without the end mark."""
        return len(self.pieces(self.clean(text))) <= room

    def row(self, text: str) -> list[int]:
        """The `length` ids of one text, padded or cut; one that is cut keeps its end."""
        ids = [*self.pieces(self.clean(text))[: self.room], END]
        return ids + [PADDING] * (self.length - len(ids))


def load_t5_tokenizer(
    folder: Path, length: int, clean: Callable[[str], str] = as_written
) -> T5Tokenizer:
    """The tokenizer in one folder of a diffusers folder, such as `tokenizer_2`.

    Raises:
        ModelError: a file is missing, damaged, or of another kind.
    """
    file = folder / _PIECES
    if file.is_file() and not (folder / _JSON).is_file():
        return T5Tokenizer(_read_pieces(file), length, clean)
    tokenizer = read_tokenizer(folder / _JSON, _PIECES)

    def pieces(text: str) -> list[int]:
        ids: list[int] = tokenizer.encode(text, add_special_tokens=False).ids
        return ids

    return T5Tokenizer(pieces, length, clean)


def _read_pieces(path: Path) -> Callable[[str], list[int]]:
    from sentencepiece import SentencePieceProcessor

    try:
        processor = SentencePieceProcessor(model_proto=path.read_bytes())
    except Exception as error:  # The library raises nothing narrower.
        raise ModelError(
            f"{path}: is no model of sentencepiece ({error}); fetch the model's files again"
        ) from error

    def pieces(text: str) -> list[int]:
        ids: list[int] = processor.encode(text)
        return ids

    return pieces
