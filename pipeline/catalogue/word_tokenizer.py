"""A compact word tokenizer, for text towers too small to carry a vocabulary of 49,408 pieces.

A text becomes one id a word. A word that the vocabulary does not have falls into one of a fixed
number of buckets by its checksum, so that it takes exactly one place and is the same id everywhere;
the text tower learns in training that buckets mean nothing.

Ids: 0 padding, 1 start, then the buckets, then the words, and last the end mark: open_clip pools
the text at the position of the highest id. Imports no torch.
"""

from __future__ import annotations

import json
import re
import zlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from pipeline.catalogue.config import OwnConfig, read_config

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_START = 1
_FIRST_BUCKET = 2


def words_of(text: str) -> list[str]:
    """The words of a text in small letters, without the signs between them."""
    return _WORD.findall(text.lower())


class WordTokenizer:
    """Texts to `context_length` ids, one a word; words beyond them are left out."""

    def __init__(self, words: Sequence[str], *, buckets: int, context_length: int) -> None:
        first = _FIRST_BUCKET + buckets
        self.words = tuple(words)
        self.buckets = buckets
        self.context_length = context_length
        self._ids = {word: first + index for index, word in enumerate(self.words)}
        self.end = first + len(self.words)

    @property
    def vocab_size(self) -> int:
        """Size of the vocabulary: the number of ids."""
        return self.end + 1

    def encode(self, text: str) -> list[int]:
        """The ids of the words of one text, without start and end; capitals do not count."""
        return [self._word_id(word) for word in words_of(text)]

    def _word_id(self, word: str) -> int:
        bucket = _FIRST_BUCKET + zlib.crc32(word.encode()) % self.buckets
        return self._ids.get(word, bucket)

    def fits(self, text: str, room: int) -> bool:
        """Whether a text has no more than `room` words."""
        return len(self.encode(text)) <= room

    def row(self, text: str) -> list[int]:
        """The `context_length` ids of one text: start, the words that fit, end, and padding."""
        words = self.encode(text)[: self.context_length - 2]
        return [_START, *words, self.end] + [0] * (self.context_length - 2 - len(words))

    def unknown(self, text: str) -> list[str]:
        """The words of a text that the vocabulary does not have, in small letters."""
        return [word for word in words_of(text) if word not in self._ids]

    def save(self, path: Path) -> None:
        """Write the vocabulary as JSON."""
        content = {
            "buckets": self.buckets,
            "context_length": self.context_length,
            "words": self.words,
        }
        path.write_text(json.dumps(content, indent=0) + "\n", encoding="utf-8")


def load_tokenizer(path: Path) -> WordTokenizer:
    """The tokenizer whose vocabulary `path` holds; `ModelError` names a key that does not fit."""
    config = read_config(path, _Vocabulary)
    return WordTokenizer(config.words, buckets=config.buckets, context_length=config.context_length)


def _distinct(words: tuple[str, ...]) -> tuple[str, ...]:
    twice = [word for word, times in Counter(words).items() if times > 1]
    if twice:
        raise ValueError(f'"{twice[0]}" stands here more than once; every word has one id')
    return words


class _Vocabulary(OwnConfig):
    buckets: Annotated[int, Field(ge=1)]
    context_length: Annotated[int, Field(ge=3)]
    """Ids of one text: start, end, and at least one word between them."""
    words: Annotated[tuple[str, ...], AfterValidator(_distinct)]
