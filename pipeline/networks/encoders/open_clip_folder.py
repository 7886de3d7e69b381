"""Encoders: open_clip architectures behind the `Encoder` protocol.

A folder holds `open_clip_config.json` and `open_clip_model.safetensors`, the names under which
open_clip itself publishes models, and, where the text tower has a vocabulary of its own,
`vocabulary.json`; without it the texts go through open_clip's standard tokenizer.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from pathlib import Path
from typing import Annotated, TypeVar

import torch
from open_clip import SimpleTokenizer
from open_clip.model import CLIP, CustomTextCLIP
from pydantic import AfterValidator, Field
from torch import Tensor, nn
from torch.nn.functional import normalize

from pipeline.catalogue.config import ForeignConfig, read_config
from pipeline.errors import ModelError
from pipeline.networks.encoders.prompt_reader import PromptReader
from pipeline.networks.encoders.tokenizer import load_tokenizer
from pipeline.networks.files.weights import load_network


class ClipEncoder:
    """An open_clip model as an `Encoder`, whose pictures are seen in `dtype`.

    Texts are always read in float32: they are read once, and all guidance aims at them.
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
        features: Tensor = self.model.encode_text(self._reader(texts).to(_place(self.model)))
        return normalize(features, dim=-1)

    def truncating(self) -> ClipEncoder:
        """The same, content with the beginning of a text that is too long."""
        other = copy(self)
        other._reader = self._reader.truncating()
        return other


Model = TypeVar("Model", CLIP, CustomTextCLIP)


def seeing_in(model: Model, dtype: torch.dtype) -> Model:
    """`model`, whose tower for pictures is in `dtype` from before it gets its weights."""
    model.visual.to(dtype)
    return model


def _place(module: nn.Module) -> torch.device:
    """Where its weights are at the moment."""
    return next(module.parameters()).device


def load_encoder(
    folder: Path, device: torch.device, dtype: torch.dtype = torch.float32
) -> ClipEncoder:
    """The encoder in an open_clip folder; `ModelError` names what does not fit."""
    path = folder / "open_clip_config.json"
    config = read_config(path, _ClipConfig)
    model = load_network(
        lambda: seeing_in(CLIP(**config.model_cfg.model_dump(exclude_unset=True)), dtype),
        config=path,
        weights=folder / "open_clip_model.safetensors",
        device=device,
    )
    return ClipEncoder(
        model,
        _reader(folder / "vocabulary.json", config.model_cfg.text_cfg, path),
        size=config.model_cfg.vision_cfg.image_size,
        mean=config.preprocess_cfg.mean,
        std=config.preprocess_cfg.std,
        dtype=dtype,
    )


def _reader(vocabulary: Path, text: _TextConfig, config: Path) -> PromptReader:
    """Reads by the file `vocabulary`, or by the standard one where there is none."""
    own = load_tokenizer(vocabulary) if vocabulary.exists() else None
    tokenizer = own or SimpleTokenizer(context_length=text.context_length)
    for key in ("vocab_size", "context_length"):
        there, expected = getattr(tokenizer, key), getattr(text, key)
        if there != expected:
            raise ModelError(
                f"{config}: model_cfg.text_cfg.{key} is {expected}, but the tokenizer "
                f"({vocabulary.name if own else 'the standard one of open_clip'}) has {there}; "
                f"restore the {vocabulary.name} that the model was trained with"
            )
    # Start and end take two places.
    room = text.context_length - 2
    return PromptReader(str(config.parent), tokenizer, tokenizer.encode, room)


_Count = Annotated[int, Field(ge=1)]
_Positive = Annotated[float, Field(gt=0)]


class _VisionConfig(ForeignConfig):
    image_size: _Count
    # The weights come from the folder; open_clip would fetch others for the tower before that.
    timm_model_pretrained: Annotated[bool, AfterValidator(lambda value: False)] = False


class _TextConfig(ForeignConfig):
    context_length: _Count
    vocab_size: _Count
    # Towers and tokenizers of the transformers library need files that are not in the folder.
    hf_model_name: None = None
    hf_tokenizer_name: None = None
    tokenizer_kwargs: None = None


class _ModelConfig(ForeignConfig):
    embed_dim: _Count
    vision_cfg: _VisionConfig
    text_cfg: _TextConfig


class _Preprocessing(ForeignConfig):
    mean: tuple[float, float, float]
    std: tuple[_Positive, _Positive, _Positive]


class _ClipConfig(ForeignConfig):
    model_cfg: _ModelConfig
    preprocess_cfg: _Preprocessing
