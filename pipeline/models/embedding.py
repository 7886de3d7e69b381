"""Prompts as directions: each different one encoded once a render, by each encoder that asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from torch import Tensor

from keyframes.prompts import Prompt
from pipeline.models.bundle import Models
from pipeline.protocols import Encoder

Vectors = Mapping[str, Tensor]
"""A prompt's text -> unit vector `(D,)`."""


@dataclass(frozen=True, slots=True, eq=False)
class Embeddings:
    """The vectors of a render's prompts."""

    told: Vectors
    """What the denoiser is told; none for one that takes no prompts."""
    sought: Mapping[str, Vectors]
    """What the picture shall look like, by the name of each encoder."""


def embed_prompts(models: Models, prompts: Iterable[Prompt]) -> Embeddings:
    """The vectors of all `prompts`, by each encoder.

    Raises:
        ModelError: a text is longer than an encoder reads.
    """
    texts = {prompt.text: prompt for prompt in prompts}
    wanted = [texts[text] for text in sorted(texts)]
    asked = [encoder for encoder in (models.prompt_encoder, *models.encoders.values()) if encoder]
    # One network may do both.
    networks = {id(encoder): encoder for encoder in asked}
    vectors = {key: embed(encoder, wanted) for key, encoder in networks.items()}
    return Embeddings(
        told=vectors.get(id(models.prompt_encoder), {}),
        sought={name: vectors[id(encoder)] for name, encoder in models.encoders.items()},
    )


def embed(encoder: Encoder, prompts: Iterable[Prompt]) -> Vectors:
    """A unit vector `(D,)` for each of `prompts`."""
    # One at a time: in a batch, the last bits of a vector depend on how many others there are, and
    # a render that continues has fewer texts left than one in a single go.
    return {prompt.text: encoder.encode_texts([prompt.text])[0] for prompt in prompts}
