"""The tokenizer of OpenAI's CLIP and of most that open_clip has: byte pairs, most frequent first.

A text becomes words and signs, each of them the characters of its bytes, of which the pair that
stands earliest in a list is merged again and again (Sennrich et al. 2016, arXiv:1508.07909). The
list ships inside open_clip, and is read from there without importing it. Imports no torch.
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline.catalogue.clean_text import Clean, cleaned, is_plain
from pipeline.catalogue.open_clip_files import open_clip_folder
from pipeline.errors import ModelError

if TYPE_CHECKING:
    from regex import Pattern

VOCAB_SIZE = 49_408
_MARKS = ("<start_of_text>", "<end_of_text>")
_MERGES = VOCAB_SIZE - 2 * 256 - len(_MARKS)
_LAST = "</w>"
"""Mark behind the last character of a word."""
_WORD = rf"{'|'.join(_MARKS)}|'(?:s|t|re|ve|m|ll|d)|\p{{L}}+|\p{{N}}|[^\s\p{{L}}\p{{N}}]+"
"""The ends of English words, letters, single digits, and whatever else stands together."""


@dataclass(frozen=True, slots=True)
class BytePairTokenizer:
    """Texts to ids between the marks of start and end, filled up with 0."""

    context_length: int = 77
    clean: Clean = "lower"

    @property
    def vocab_size(self) -> int:
        """Size of the vocabulary: the number of ids."""
        return VOCAB_SIZE

    def fits(self, text: str, room: int) -> bool:
        """Whether a text has no more than `room` ids, without start and end."""
        # A letter is one token at most, so a short text need not wait for the list.
        return (is_plain(text) and len(text) <= room) or len(self.encode(text)) <= room

    def encode(self, text: str) -> list[int]:
        """The ids of one text, however many, without start and end."""
        tables = _tables()
        words = tables.word.findall(cleaned(text, self.clean))
        return [tables.ids[token] for word in words for token in _tokens(word, tables)]

    def row(self, text: str) -> list[int]:
        """The `context_length` ids of one text: start, as many ids as fit, end, and padding."""
        start, end = (_tables().ids[mark] for mark in _MARKS)
        ids = [start, *self.encode(text)[: self.context_length - len(_MARKS)], end]
        return ids + [0] * (self.context_length - len(ids))


@dataclass(frozen=True, slots=True)
class _Tables:
    ids: Mapping[str, int]
    ranks: Mapping[tuple[str, str], int]
    """Rank of each pair: how many are merged before it."""
    word: Pattern[str]


@lru_cache(maxsize=1)
def _tables() -> _Tables:
    # Python's own expressions know no classes of letters.
    import regex

    path = open_clip_folder() / "bpe_simple_vocab_16e6.txt.gz"
    try:
        _, *lines = gzip.decompress(path.read_bytes()).decode().split("\n", _MERGES + 1)
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise ModelError(f"{path}: cannot be read; install open_clip_torch again") from error
    pairs = [(first, second) for first, _, second in (line.partition(" ") for line in lines[:-1])]
    letters = list(LETTERS.values())
    tokens = [*letters, *(letter + _LAST for letter in letters), *map("".join, pairs), *_MARKS]
    return _Tables(
        {token: number for number, token in enumerate(tokens)},
        {pair: rank for rank, pair in enumerate(pairs)},
        regex.compile(_WORD, regex.IGNORECASE),
    )


def _letters() -> dict[int, str]:
    """A character for each byte: its own in Latin-1 if that can be seen, else one above them."""
    visible = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    hidden = sorted(set(range(0x100)) - set(visible))
    above = {byte: chr(0x100 + place) for place, byte in enumerate(hidden)}
    return {byte: chr(byte) for byte in visible} | above


LETTERS = _letters()
"""The character that stands for each byte."""


def _tokens(word: str, tables: _Tables) -> list[str]:
    if word in _MARKS:
        return [word]
    *parts, last = (LETTERS[byte] for byte in word.encode())
    parts.append(last + _LAST)
    while len(parts) > 1:
        known = [pair for pair in pairwise(parts) if pair in tables.ranks]
        if not known:
            break
        parts = _merged(parts, min(known, key=tables.ranks.__getitem__))
    return parts


def _merged(parts: list[str], pair: tuple[str, str]) -> list[str]:
    """`parts` with every `pair` of neighbours in one, from the left."""
    merged: list[str] = []
    for part in parts:
        if merged and (merged[-1], part) == pair:
            merged[-1] += part
        else:
            merged.append(part)
    return merged
