"""How an encoder reads prompts: its tokenizer, and what becomes of a text that is too long for it.

Imports no torch: `check` and a render ask the same reader.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from keyframes.quoting import quoted, quoted_end
from pipeline.errors import ModelError


class Tokenizer(Protocol):
    """A tokenizer: texts to ids."""

    @property
    def context_length(self) -> int:
        """Context length: how many ids a text tower takes."""
        ...

    def fits(self, text: str, room: int) -> bool:
        """Whether `encode` gives no more than `room` ids."""
        ...

    def row(self, text: str) -> list[int]:
        """The `context_length` ids of one text, padded or cut."""
        ...


@dataclass(frozen=True, slots=True)
class TooLong:
    """Why an encoder does not read a prompt."""

    read: int
    """Characters of the prompt that the encoder would read."""
    message: str


@dataclass(frozen=True, slots=True)
class PromptReader:
    """A tokenizer, and how much of a text it has room for."""

    encoder: str
    """Name of the encoder, for messages."""
    tokenizer: Tokenizer
    room: int
    """Ids of a text that there is room for."""
    truncate: bool = False
    """Whether a text that is too long is cut, instead of refused."""

    def rows(self, texts: Iterable[str]) -> list[Sequence[int]]:
        """The ids of each text, `context_length` of them.

        Raises:
            ModelError: a text is too long; the message shows how far it would be read.
        """
        rows: list[Sequence[int]] = []
        for text in texts:
            too_long = self.too_long(text)
            if too_long is not None:
                raise ModelError(too_long.message)
            rows.append(self.tokenizer.row(text))
        return rows

    def truncating(self) -> PromptReader:
        """A reader that cuts texts that are too long, instead of refusing them."""
        return replace(self, truncate=True)

    def too_long(self, text: str) -> TooLong | None:
        """Why the encoder does not read a text; None where it has room for all of it."""
        if self.truncate or self.tokenizer.fits(text, self.room):
            return None
        ends = [word.end() for word in re.finditer(r"\S+", text)]
        # More words are never fewer ids.
        fitting = bisect_right(ends, False, key=lambda end: not self._fits(text[:end]))
        end = ends[fitting - 1] if fitting else 0
        return TooLong(
            end,
            f"a prompt is longer than the encoder {self.encoder} reads, which has room for "
            f'{self.room} tokens: it would read up to "{quoted_end(text[:end])}" and leave out '
            f'"{quoted(text[end:].strip())}"; '
            "shorten it, split it into several prompts with weights, or write "
            "models: {truncate_prompts: true} to have it cut there",
        )

    def _fits(self, beginning: str) -> bool:
        return self.tokenizer.fits(beginning, self.room)
