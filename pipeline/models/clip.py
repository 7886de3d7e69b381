"""Encoders: open_clip architectures behind the `Encoder` protocol.

A folder holds `open_clip_config.json` and `open_clip_model.safetensors`, the names under which
open_clip itself publishes models, and, where the text tower has a vocabulary of its own,
`vocabulary.json`; without it the texts go through open_clip's standard tokenizer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import torch
from open_clip import get_tokenizer
from open_clip.model import CLIP
from torch import Tensor
from torch.nn.functional import normalize

from pipeline.models.tokenizer import load_tokenizer
from pipeline.models.weights import freeze, load_state, read_config, read_weights

Tokenizer = Callable[[Sequence[str]], Tensor]
"""Texts to ids `(N, context_length)`."""


class ClipEncoder:
    """An open_clip model as an `Encoder`."""

    def __init__(
        self,
        model: CLIP,
        tokenizer: Tokenizer,
        *,
        size: int,
        mean: Sequence[float],
        std: Sequence[float],
        device: torch.device,
    ) -> None:
        self.size = size
        self._model = model
        self._tokenizer = tokenizer
        self._device = device
        # Statistics are stated for pictures in [0, 1]; ours are in [-1, 1].
        self._mean = (2 * torch.tensor(mean, device=device) - 1)[:, None, None]
        self._std = (2 * torch.tensor(std, device=device))[:, None, None]

    def encode_pictures(self, pictures: Tensor) -> Tensor:
        """Unit vectors `(N, D)` for pictures `(N, 3, size, size)` in [-1, 1]; differentiable."""
        normalised = (pictures - self._mean.to(pictures)) / self._std.to(pictures)
        features: Tensor = self._model.encode_image(normalised)
        return normalize(features, dim=-1)

    @torch.no_grad()
    def encode_texts(self, texts: Sequence[str]) -> Tensor:
        """Unit vectors `(len(texts), D)`."""
        features: Tensor = self._model.encode_text(self._tokenizer(texts).to(self._device))
        return normalize(features, dim=-1)


def load_encoder(folder: Path, device: torch.device) -> ClipEncoder:
    """The encoder in an open_clip folder; `ModelError` names what does not fit."""
    config = read_config(folder / "open_clip_config.json")
    model = CLIP(**config["model_cfg"])
    weights = folder / "open_clip_model.safetensors"
    load_state(model, read_weights(weights), weights)
    freeze(model)
    vocabulary = folder / "vocabulary.json"
    preprocessing = config["preprocess_cfg"]
    return ClipEncoder(
        model.to(device),
        load_tokenizer(vocabulary) if vocabulary.exists() else get_tokenizer("ViT-B-32"),
        size=config["model_cfg"]["vision_cfg"]["image_size"],
        mean=preprocessing["mean"],
        std=preprocessing["std"],
        device=device,
    )
