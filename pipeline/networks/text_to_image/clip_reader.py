"""A CLIP text tower with its tokenizer, as a diffusion prior is conditioned on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from transformers import CLIPTextModelWithProjection, CLIPTokenizer

from keyframes.quoting import quoted
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

    tokenizer: Any
    tower: CLIPTextModelWithProjection
    device: torch.device
    truncate: bool = False
    """Whether a text that is too long is cut, instead of refused."""

    @torch.no_grad()
    def __call__(self, text: str) -> ReadText:
        """A text, encoded; one that is empty is allowed.

        Raises:
            ModelError: it is longer than the tower's context.
        """
        length = int(self.tokenizer.model_max_length)
        self._check_length(text, length)
        tokens = self.tokenizer(
            [text], padding="max_length", max_length=length, truncation=True, return_tensors="pt"
        )
        with loaded_on(self.tower, self.device):
            read = self.tower(tokens.input_ids.to(self.device))
        mask = tokens.attention_mask[0].bool().to(self.device)
        return ReadText(read.text_embeds[0], read.last_hidden_state[0], mask)

    def _check_length(self, text: str, length: int) -> None:
        found = len(self.tokenizer(text, verbose=False).input_ids)
        if self.truncate or found <= length:
            return
        raise ModelError(
            f"the prompt {quoted(text)} has {found} tokens; the text encoder of this network reads "
            f"{length}, with those that mark its beginning and end: shorten the prompt"
        )


def load_tokenizer(folder: Path) -> Any:
    """The tokenizer in a folder, as transformers saves it.

    Raises:
        ModelError: a file is missing, or makes no tokenizer.
    """
    try:
        return CLIPTokenizer.from_pretrained(folder, local_files_only=True)
    except Exception as error:
        # What transformers raises over files that are missing or damaged is its own to choose.
        raise ModelError(
            f"{folder}: no tokenizer can be made of this folder ({type(error).__name__}); "
            "it holds vocab.json and merges.txt, or tokenizer.json: fetch the model again"
        ) from error


def stacked_texts(texts: Sequence[ReadText], dtype: torch.dtype) -> tuple[Tensor, Tensor, Tensor]:
    """Texts as a batch: `(N, D)` pooled, `(N, L, D)` tokens and `(N, L)` masks."""
    return (
        torch.stack([text.pooled for text in texts]).to(dtype),
        torch.stack([text.sequence for text in texts]).to(dtype),
        torch.stack([text.mask for text in texts]),
    )
