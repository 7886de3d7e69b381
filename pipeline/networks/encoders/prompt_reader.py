"""Texts to the ids of an encoder, and what becomes of a text that is too long for it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from torch import Tensor

from pipeline.errors import ModelError


@dataclass(frozen=True, slots=True)
class PromptReader:
    """A tokenizer, and how much of a text it has room for."""

    encoder: str
    """Whose it is, for messages."""
    tokenize: Callable[[Sequence[str]], Tensor]
    """Texts to ids `(N, context length)`, padded; reads the beginning of a text that is longer."""
    encode: Callable[[str], Sequence[int]]
    """One text to its ids, however many."""
    room: int
    """How many of these fit."""
    truncate: bool = False
    """Whether the beginning of a long text is enough."""

    def __call__(self, texts: Sequence[str]) -> Tensor:
        """The ids of the texts, `(N, context length)`.

        Raises:
            ModelError: one is too long; the message shows how far it would be read.
        """
        for text in texts:
            if not self.truncate and len(self.encode(text)) > self.room:
                raise self._too_long(text)
        return self.tokenize(texts)

    def truncating(self) -> PromptReader:
        """The same, content with the beginning of a long text."""
        return replace(self, truncate=True)

    def _too_long(self, text: str) -> ModelError:
        ends = [word.end() for word in re.finditer(r"\S+", text)]
        # More words are never fewer ids.
        fitting = bisect_right(ends, self.room, key=lambda end: len(self.encode(text[:end])))
        end = ends[fitting - 1] if fitting else 0
        return ModelError(
            f"a prompt is longer than the encoder {self.encoder} reads, which has room for "
            f"{self.room} tokens. It would read\n  {text[:end]}\nand leave out\n"
            f"  {text[end:].strip()}\n"
            "shorten it, split it into several prompts with weights, or write "
            "models: {truncate_prompts: true} to have it cut there"
        )
