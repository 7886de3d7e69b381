"""The networks of one render, in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from pipeline.diffusion.perceptual import Features
from pipeline.errors import ModelError
from pipeline.models.clip import load_encoder
from pipeline.models.denoiser import load_denoiser
from pipeline.models.depth import load_depth
from pipeline.models.lpips import load_lpips
from pipeline.models.registry import Preset
from pipeline.models.secondary import SecondaryModel
from pipeline.models.store import find_store
from pipeline.protocols import Denoiser, DepthEstimator, Encoder


class PromptedNetwork(Protocol):
    """A network that becomes a `Denoiser` once it knows its prompt."""

    def bind(self, embedding: Tensor | None) -> Denoiser:
        """The denoiser for one prompt: a unit vector `(D,)`, or None for no prompt at all.

        `(N, D)` is a prompt for each picture of the batches that it will take; zeros are no prompt.
        """
        ...


@dataclass(frozen=True, slots=True)
class Models:
    """What the frame loop asks."""

    denoiser: PromptedNetwork
    encoder: Encoder
    depth: DepthEstimator | None
    """None where no frame needs it."""
    device: torch.device
    secondary: SecondaryModel | None = None
    """None where no frame guides through it."""
    lpips: Features | None = None
    """None where no frame keeps to a picture by LPIPS."""


def required_secondary(model: SecondaryModel | None) -> SecondaryModel:
    """`model`, for a scene that guides through it.

    Raises:
        ModelError: there is none.
    """
    if model is None:
        raise ModelError(
            "guidance.gradient is secondary, but there is no secondary model; "
            "write gradient: denoiser or gradient: none, or name models that have a secondary one"
        )
    return model


def load_models(
    preset: Preset,
    device: torch.device,
    *,
    with_depth: bool,
    with_secondary: bool = False,
    with_lpips: bool = False,
) -> Models:
    """The networks of `preset` on `device`.

    Raises:
        ModelError: a file is missing or does not fit, the denoiser listens to other embeddings
            than the encoder gives, or a secondary model or LPIPS is wanted and not here.
    """
    # No preset brings one yet, and nobody shall wait for the other networks to learn that.
    secondary = required_secondary(None) if with_secondary else None
    lpips = load_lpips(find_store(), device) if with_lpips else None
    denoiser = load_denoiser(preset.denoiser, device)
    encoder = load_encoder(preset.encoder, device)
    _, given = encoder.encode_texts([""]).shape
    if denoiser.prompt_size not in (None, given):
        raise ModelError(
            f"{preset.denoiser}: listens to embeddings of {denoiser.prompt_size} numbers, but the "
            f"encoder {preset.encoder} gives {given}; the two are trained together: use the "
            "encoder that came with this denoiser"
        )
    return Models(
        denoiser=denoiser,
        encoder=encoder,
        depth=load_depth(preset.depth, device) if with_depth else None,
        device=device,
        secondary=secondary,
        lpips=lpips,
    )


def embed_texts(encoder: Encoder, texts: Iterable[str]) -> Mapping[str, Tensor]:
    """A unit vector `(D,)` for each different text; once a plan, not once a frame."""
    # One at a time: in a batch, the last bits of a vector depend on how many others there are, and
    # a render that continues has fewer texts left than one in a single go.
    return {text: encoder.encode_texts([text])[0] for text in sorted(set(texts))}
