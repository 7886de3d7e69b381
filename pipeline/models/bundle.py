"""The networks of one render, in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from pipeline.models.clip import load_encoder
from pipeline.models.denoiser import load_denoiser
from pipeline.models.depth import load_depth
from pipeline.models.registry import Preset
from pipeline.protocols import Denoiser, DepthEstimator, Encoder


class PromptedNetwork(Protocol):
    """A network that becomes a `Denoiser` once it knows its prompt."""

    def bind(self, embedding: Tensor | None) -> Denoiser:
        """The denoiser for one prompt: a unit vector `(D,)`, or None for no prompt at all."""
        ...


@dataclass(frozen=True, slots=True)
class Models:
    """What the frame loop asks."""

    denoiser: PromptedNetwork
    encoder: Encoder
    depth: DepthEstimator | None
    """None where no frame needs it."""
    device: torch.device


def load_models(preset: Preset, device: torch.device, *, with_depth: bool) -> Models:
    """The networks of `preset` on `device`; `ModelError` names a file that does not fit."""
    return Models(
        denoiser=load_denoiser(preset.denoiser, device),
        encoder=load_encoder(preset.encoder, device),
        depth=load_depth(preset.depth, device) if with_depth else None,
        device=device,
    )


def embed_texts(encoder: Encoder, texts: Iterable[str]) -> Mapping[str, Tensor]:
    """A unit vector `(D,)` for each different text; once a plan, not once a frame."""
    distinct = sorted(set(texts))
    return dict(zip(distinct, encoder.encode_texts(distinct), strict=True))
