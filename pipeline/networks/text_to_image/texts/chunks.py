"""A prompt cut into as many rows of ids as an encoder needs, with a weight for each id."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.catalogue.clip_tokenizer import ClipTokenizer


@dataclass(frozen=True, slots=True)
class Token:
    """Ids that stay in one row, with their weight: one, or those of an embedding together."""

    ids: tuple[int, ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Chunk:
    """One row for an encoder, as long as it reads."""

    ids: list[int]
    weights: list[float] = field(default_factory=list)
    """The weight of each id; 1 for beginning, end and padding."""

    @property
    def is_weighted(self) -> bool:
        """Whether any weight is not 1."""
        return any(weight != 1 for weight in self.weights)


def chunked(tokens: Iterable[Token], tokenizer: ClipTokenizer) -> list[Chunk]:
    """The rows of a prompt, each between a beginning and an end of its own; at least one."""
    return [_framed(row, tokenizer) for row in _rows(tokens, tokenizer.room)]


def _rows(tokens: Iterable[Token], room: int) -> Iterator[list[Token]]:
    row: list[Token] = []
    length = 0
    for token in tokens:
        if length + len(token.ids) > room:
            yield row
            row, length = [], 0
        row.append(token)
        length += len(token.ids)
    yield row


def _framed(row: Sequence[Token], tokenizer: ClipTokenizer) -> Chunk:
    ids = tokenizer.framed([one for token in row for one in token.ids])
    weights = [token.weight for token in row for _ in token.ids]
    rest = tokenizer.length - 1 - len(weights)
    return Chunk(ids, [1.0, *weights, *[1.0] * rest])
