"""A CLIP text tower with its tokenizer, as a diffusion prior is conditioned on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor
from transformers import CLIPTextModelWithProjection

from pipeline.catalogue.clip_tokenizer import load_clip_tokenizer
from pipeline.catalogue.prompt_reader import PromptReader
from pipeline.catalogue.weightless import without_weights
from pipeline.errors import ModelError
from pipeline.networks.memory.offload import loaded_on


@dataclass(frozen=True, slots=True, eq=False)
class ReadText:
    """A text as the tower reads it, with L the length of its context."""

    pooled: Tensor
    """Embedding of the whole text in the space of pictures, `(D,)`."""
    sequence: Tensor
    """Embeddings of the tokens, `(L, D)`."""
    mask: Tensor
    """True at the tokens that are not padding, `(L,)`."""


@dataclass(frozen=True, slots=True, eq=False)
class ClipReader:
    """Reads texts one by one; the tower's weights are on `device` only while it works."""

    reader: PromptReader
    end: int
    """The id of the mark behind a text."""
    tower: CLIPTextModelWithProjection
    device: torch.device

    @torch.no_grad()
    def __call__(self, text: str) -> ReadText:
        """A text, encoded; one that is empty is allowed. Weights of its words are left out.

        Raises:
            ModelError: it is longer than the tower's context, or a weight makes no sense.
        """
        try:
            [row] = self.reader.rows([text])
        except ValueError as error:
            raise ModelError(f"in a prompt {error}") from error
        with loaded_on(self.tower, self.device):
            read = self.tower(torch.tensor([row], device=self.device))
        mask = torch.arange(len(row), device=self.device) <= row.index(self.end)
        return ReadText(read.text_embeds[0], read.last_hidden_state[0], mask)


def clip_reader(
    name: str,
    folder: Path,
    tower: CLIPTextModelWithProjection,
    device: torch.device,
    *,
    truncate: bool,
) -> ClipReader:
    """A tower with the tokenizer in `folder`; with `truncate` texts that are too long are cut.

    `name` is what errors call the network.

    Raises:
        ModelError: a file of the tokenizer is missing or damaged.
    """
    tokenizer = load_clip_tokenizer(folder)
    reader = without_weights(PromptReader(name, tokenizer, tokenizer.room))
    return ClipReader(reader.truncating() if truncate else reader, tokenizer.end, tower, device)


def stacked_texts(texts: Sequence[ReadText], dtype: torch.dtype) -> tuple[Tensor, Tensor, Tensor]:
    """Texts as a batch: `(N, D)` pooled, `(N, L, D)` tokens and `(N, L)` masks."""
    return (
        torch.stack([text.pooled for text in texts]).to(dtype),
        torch.stack([text.sequence for text in texts]).to(dtype),
        torch.stack([text.mask for text in texts]),
    )
