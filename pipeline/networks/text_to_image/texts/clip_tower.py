"""CLIP's text encoders as text-to-image networks ask them: token by token, and the whole prompt.

Convention:
    A prompt is read in rows of as many tokens as the encoder takes, 75 and the marks of beginning
    and end, one after the other, and what it gives for the tokens is put behind each other, as web
    interfaces do. What tells the whole prompt comes from the first row.

    The weight of words multiplies what the encoder gives for their tokens. Where the encoder ends
    in its layer norm, the row is then multiplied so that its mean is as it was: `z' = w z`,
    `z'' = z' mean(z) / mean(z')`, the "original" way of AUTOMATIC1111's web interface
    (modules/sd_emphasis.py); without that norm means are near 0, and it recommends to leave them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import torch
from torch import Tensor

from keyframes.word_weights import weighted_words
from pipeline.catalogue.clip_tokenizer import ClipTokenizer
from pipeline.networks.memory.offload import loaded_on
from pipeline.networks.text_to_image.texts.chunks import Chunk, Token, chunked
from pipeline.networks.text_to_image.texts.learned_words import LearnedWords, with_rows


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What an encoder makes of a prompt, in float32."""

    sequence: Tensor
    """`(L, D)`, one vector a token; L is the number of rows times the tokens of one."""
    whole: Tensor
    """`(K,)`, the whole prompt: projected where the encoder has a projection, else `(D,)`."""


class ClipTower:
    """A text encoder of transformers, `CLIPTextModel` or the same with a projection, and its ids.

    `last` counts from the last layer which layer's output stands for the tokens: 0 is the last one;
    with `normed` it goes through the encoder's final layer norm. The weights stay where they are,
    but for while the encoder works on `device`. `words` are the vectors, `(n, D)`, of learned words
    by their names; the table of `model` grows by them.
    """

    def __init__(
        self,
        model: Any,
        tokenizer: ClipTokenizer,
        device: torch.device,
        *,
        last: int = 0,
        normed: bool = True,
        words: Mapping[str, Tensor] = MappingProxyType({}),
    ) -> None:
        self.tokenizer = tokenizer
        self.device = device
        self.width = int(model.config.hidden_size)
        self._last = last
        self._normed = normed
        self._words = LearnedWords(words, model.get_input_embeddings().num_embeddings)
        self.model = with_rows(model, self._words)
        self._set_end()

    def _set_end(self) -> None:
        # Where early configurations say 2, transformers takes the greatest id for the end, which
        # a learned word would be.
        text_model = _text_model(self.model)
        if text_model.eos_token_id == 2:
            text_model.eos_token_id = self.tokenizer.end

    def tokens(self, text: str) -> list[Token]:
        """The tokens of a prompt, with the weights of its words; learned words are one each.

        Raises:
            ValueError: a weight makes no sense.
        """
        return [
            Token(ids, words.weight)
            for words in weighted_words(text)
            for ids in self._words.ids(words.text, self.tokenizer.ids)
        ]

    @torch.no_grad()
    def __call__(self, text: str) -> Reading:
        """What the encoder makes of a prompt, however long.

        Raises:
            ValueError: a weight of its words makes no sense.
        """
        chunks = chunked(self.tokens(text), self.tokenizer)
        with self.placed():
            # One at a time: in a batch the last bits depend on how many others there are.
            rows = [self._read(chunk) for chunk in chunks]
        return Reading(torch.cat([row.sequence for row in rows]), rows[0].whole)

    def placed(self) -> AbstractContextManager[None]:
        """The context in which the encoder is on its device."""
        return loaded_on(self.model, self.device)

    def _read(self, chunk: Chunk) -> Reading:
        ids = torch.tensor([chunk.ids], device=self.device)
        output = self.model(ids, output_hidden_states=True)
        hidden = output.hidden_states[-1 - self._last]
        if self._normed:
            hidden = _text_model(self.model).final_layer_norm(hidden)
        whole = output.text_embeds if "text_embeds" in output else output.pooler_output
        sequence = hidden[0].float()
        if chunk.is_weighted:
            sequence = _weighted(sequence, chunk.weights, keep_mean=self._normed)
        return Reading(sequence, whole[0].float())


_NO_MEAN = 1e-4
"""A mean that is a smaller part of the spread is chance, and what restores it may be anything."""


def _weighted(sequence: Tensor, weights: Sequence[float], *, keep_mean: bool) -> Tensor:
    weighted = sequence * torch.tensor(weights, device=sequence.device)[:, None]
    mean = weighted.mean()
    if not keep_mean or mean.abs() < _NO_MEAN * weighted.std():
        return weighted
    return weighted * (sequence.mean() / mean)


def _text_model(model: Any) -> Any:
    """The layers of an encoder, which lie one level deeper in some classes and releases."""
    return getattr(model, "text_model", model)
