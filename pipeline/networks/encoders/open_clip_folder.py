"""Encoders: open_clip architectures behind the `Encoder` protocol.

A folder holds `open_clip_config.json` and `open_clip_model.safetensors`, the names under which
open_clip itself publishes models, and, where the text tower has a vocabulary of its own,
`vocabulary.json`; without it the texts go through open_clip's standard tokenizer.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from pathlib import Path
from typing import TypeVar

import torch
from open_clip.model import CLIP, CustomTextCLIP
from torch import Tensor, nn
from torch.nn.functional import normalize

from pipeline.catalogue.clip_folder import clip_folder_reader, read_clip_config
from pipeline.catalogue.facts import CLIP_CONFIG, CLIP_WEIGHTS
from pipeline.catalogue.prompt_reader import PromptReader
from pipeline.networks.encoders.ids import id_tensor
from pipeline.networks.files.weights import load_network


class ClipEncoder:
    """An open_clip model as an `Encoder`, whose image tower computes in `dtype`.

    The text tower always computes in float32: it runs once a prompt, and all guidance aims at them.
    """

    def __init__(
        self,
        model: CLIP | CustomTextCLIP,
        reader: PromptReader,
        *,
        size: int,
        mean: Sequence[float],
        std: Sequence[float],
        dtype: torch.dtype = torch.float32,
    ) -> None:
        self.size = size
        self.model = model
        self._reader = reader
        self._dtype = dtype
        model.visual.to(dtype)
        # Statistics are stated for pictures in [0, 1]; ours are in [-1, 1].
        self._mean = (2 * torch.tensor(mean) - 1)[:, None, None]
        self._std = (2 * torch.tensor(std))[:, None, None]

    def encode_pictures(self, pictures: Tensor) -> Tensor:
        """Unit vectors `(N, D)` for pictures `(N, 3, size, size)` in [-1, 1]; differentiable."""
        pictures = pictures.to(_place(self.model.visual))
        normalised = (pictures - self._mean.to(pictures)) / self._std.to(pictures)
        features: Tensor = self.model.encode_image(normalised.to(self._dtype))
        return normalize(features.float(), dim=-1)

    @torch.no_grad()
    def encode_texts(self, texts: Sequence[str]) -> Tensor:
        """Unit vectors `(len(texts), D)`.

        Raises:
            ModelError: a text is longer than the encoder reads.
        """
        ids = id_tensor(self._reader.rows(texts), self._reader.tokenizer.context_length)
        features: Tensor = self.model.encode_text(ids.to(_place(self.model)))
        return normalize(features, dim=-1)

    def truncating(self) -> ClipEncoder:
        """This encoder, truncating texts that are longer than its context."""
        other = copy(self)
        other._reader = self._reader.truncating()
        return other


Model = TypeVar("Model", CLIP, CustomTextCLIP)


def seeing_in(model: Model, dtype: torch.dtype) -> Model:
    """`model` with its image tower cast to `dtype`, before it gets its weights."""
    model.visual.to(dtype)
    return model


def _place(module: nn.Module) -> torch.device:
    """The device where the weights of `module` are at the moment."""
    return next(module.parameters()).device


def load_encoder(
    folder: Path, device: torch.device, dtype: torch.dtype = torch.float32
) -> ClipEncoder:
    """The encoder in an open_clip folder; `ModelError` names what does not fit."""
    config = read_clip_config(folder)
    model = load_network(
        lambda: seeing_in(CLIP(**config.model_cfg.model_dump(exclude_unset=True)), dtype),
        config=folder / CLIP_CONFIG,
        weights=folder / CLIP_WEIGHTS,
        device=device,
    )
    return ClipEncoder(
        model,
        clip_folder_reader(folder, config),
        size=config.model_cfg.vision_cfg.image_size,
        mean=config.preprocess_cfg.mean,
        std=config.preprocess_cfg.std,
        dtype=dtype,
    )
