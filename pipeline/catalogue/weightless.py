"""Readers that know no weights of words: they read `a (red:1.3) barn` as `a red barn`. No torch."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace

from keyframes.word_weights import plain_text
from pipeline.catalogue.prompt_reader import PromptReader, Tokenizer


def without_weights(reader: PromptReader) -> PromptReader:
    """`reader`, which gets the plain words of a prompt.

    Its `rows` raise ValueError where a weight makes no sense; its `too_long` then judges the text
    as it is written.
    """
    return replace(reader, tokenizer=_Weightless(reader.tokenizer))


@dataclass(frozen=True, slots=True)
class _Weightless:
    tokenizer: Tokenizer

    @property
    def context_length(self) -> int:
        return self.tokenizer.context_length

    def fits(self, text: str, room: int) -> bool:
        with suppress(ValueError):
            text = plain_text(text)
        return self.tokenizer.fits(text, room)

    def row(self, text: str) -> list[int]:
        return self.tokenizer.row(plain_text(text))
