"""Words that were learned from pictures (textual inversion): vectors beside a vocabulary.

Gal et al. 2022, arXiv:2208.01618. A word is one vector or several, which stand in a prompt where
its name does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any

import torch
from torch import Tensor, nn


@dataclass(frozen=True, slots=True, eq=False)
class LearnedWords:
    """Names, found in a prompt as whole words in letters of any case, and their vectors."""

    vectors: Mapping[str, Tensor]
    """`(n, D)` for each name."""
    first: int
    """The id of the first vector: the size of the vocabulary."""

    def rows(self) -> Tensor:
        """All vectors, `(N, D)`, in the order of their ids."""
        return torch.cat(list(self.vectors.values()))

    def ids(self, text: str, others: Callable[[str], list[int]]) -> Iterator[tuple[int, ...]]:
        """The ids of a text: those of a learned word together, and the `others` each alone."""
        at = 0
        for start, end, ids in self._found(text):
            yield from ((one,) for one in others(text[at:start]))
            yield ids
            at = end
        yield from ((one,) for one in others(text[at:]))

    def _found(self, text: str) -> Iterator[tuple[int, int, tuple[int, ...]]]:
        """Where each learned word of a text begins and ends, and its ids."""
        if not self.vectors:
            return
        names = sorted(self.vectors, key=len, reverse=True)
        known = self._ids_by_name()
        pattern = "|".join(f"({_whole(name)})" for name in names)
        for match in re.finditer(pattern, text, re.IGNORECASE):
            yield match.start(), match.end(), known[names[(match.lastindex or 1) - 1]]

    def _ids_by_name(self) -> dict[str, tuple[int, ...]]:
        counts = [len(vectors) for vectors in self.vectors.values()]
        ends = accumulate(counts, initial=self.first)
        spans = (tuple(range(start, end)) for start, end in pairwise(ends))
        return dict(zip(self.vectors, spans, strict=True))


def _whole(name: str) -> str:
    """The pattern of a name that is no part of a longer word."""
    before = r"(?<!\w)" if re.match(r"\w", name) else ""
    after = r"(?!\w)" if re.search(r"\w\Z", name) else ""
    return before + re.escape(name) + after


def with_rows(model: Any, words: LearnedWords) -> Any:
    """`model`, a text encoder, whose table of embeddings goes on with the vectors of `words`."""
    if words.vectors:
        table = model.get_input_embeddings().weight
        rows = torch.cat([table.detach(), words.rows().to(table)])
        longer = nn.Embedding(len(rows), rows.shape[1], device="meta")
        longer.weight = nn.Parameter(rows, requires_grad=False)
        model.set_input_embeddings(longer)
    return model
