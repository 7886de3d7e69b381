"""Encoders with gradient checkpointing over chunks of cutouts, for machines with little memory.

The activations of a network grow with its batch. In chunks, the forward pass keeps none, and the
backward pass recomputes those of one chunk after the other: a third more work, the same numbers
but for the order of sums.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from pipeline.networks.memory.offload import Placement, in_place
from pipeline.protocols import Encoder


class CutLimit:
    """The most cutouts that an encoder embeds in one batch; one limit for all of a render."""

    def __init__(self, at_once: int | None = None) -> None:
        """`at_once` is 1 or more; None is no limit."""
        self.at_once = at_once
        self._most = 1
        self._halved = False

    def note(self, count: int) -> None:
        """Record that an encoder was given `count` cutouts."""
        self._most = max(self._most, count if self.at_once is None else min(count, self.at_once))

    def halve(self) -> bool:
        """Limit batches to half of the largest so far; False if that was done before."""
        if self._halved or self._most == 1:
            return False
        self.at_once, self._halved = self._most // 2, True
        return True


class ChunkedEncoder:
    """An encoder under a `CutLimit`; its image and text towers have a `Placement` each."""

    def __init__(
        self,
        encoder: Encoder,
        limit: CutLimit,
        *,
        pictures: Placement = in_place,
        texts: Placement = in_place,
    ) -> None:
        self._encoder = encoder
        self._limit = limit
        self._pictures = pictures
        self._texts = texts

    @property
    def size(self) -> int:
        """Side in pixels of the square pictures that the encoder takes."""
        return self._encoder.size

    def encode_pictures(self, pictures: Tensor) -> Tensor:
        """Unit vectors `(N, D)` for pictures `(N, 3, size, size)`; differentiable once."""
        self._limit.note(len(pictures))
        at_once = self._limit.at_once
        if at_once is None or len(pictures) <= at_once:
            return self._embedded(pictures)
        vectors: Tensor = _InChunks.apply(pictures, self._embedded, at_once, self._pictures)
        return vectors

    def encode_texts(self, texts: Sequence[str]) -> Tensor:
        """Unit vectors `(len(texts), D)`."""
        with self._texts():
            return self._encoder.encode_texts(texts)

    def _embedded(self, pictures: Tensor) -> Tensor:
        with self._pictures():
            return self._encoder.encode_pictures(pictures)


class _InChunks(torch.autograd.Function):
    """`encode(pictures)`, with the activations of at most `at_once` pictures in memory."""

    @staticmethod
    def forward(
        ctx: Any,
        pictures: Tensor,
        encode: Callable[[Tensor], Tensor],
        at_once: int,
        placement: Placement,
    ) -> Tensor:
        ctx.save_for_backward(pictures)
        ctx.encode, ctx.at_once, ctx.placement = encode, at_once, placement
        with placement():
            return torch.cat([encode(chunk) for chunk in torch.split(pictures, at_once)])

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None, None]:
        (pictures,), (gradient,) = ctx.saved_tensors, gradients
        parts = []
        split = (torch.split(each, ctx.at_once) for each in (pictures, gradient))
        with ctx.placement(), torch.enable_grad():
            for chunk, part in zip(*split, strict=True):
                leaf = chunk.detach().requires_grad_()
                parts.append(torch.autograd.grad(ctx.encode(leaf), leaf, part)[0])
        return torch.cat(parts), None, None, None
