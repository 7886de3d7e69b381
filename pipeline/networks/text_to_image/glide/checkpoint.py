"""A GLIDE checkpoint as its two networks: the one that reads the prompt, and the U-Net."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch

from pipeline.catalogue.glide_config import GlideConfig
from pipeline.catalogue.glide_shapes import check_glide_shapes, text_shapes
from pipeline.networks.denoisers.guided_unet import GuidedUNet
from pipeline.networks.files.checkpoint import read_checkpoint
from pipeline.networks.files.weights import place, tensor_shapes
from pipeline.networks.text_to_image.glide.text_transformer import GlideText


@dataclass(frozen=True, slots=True, eq=False)
class GlideCheckpoint:
    """The networks of one file of weights."""

    config: GlideConfig
    text: GlideText
    unet: GuidedUNet


def load_glide_checkpoint(
    weights: Path,
    config: GlideConfig,
    device: torch.device,
    dtype: torch.dtype = torch.float32,
) -> GlideCheckpoint:
    """The networks in a checkpoint, on `device`, frozen.

    Convolutions and the transformer's layers run in `dtype`, as in the published half precision;
    normalisations and the embedding of the time stay in float32.

    Raises:
        ModelError: the file is missing, damaged, or does not fit `config`.
    """
    state = read_checkpoint(weights)
    check_glide_shapes(weights, config, tensor_shapes(state))
    with torch.device("meta"):
        text = GlideText(config)
        unet = GuidedUNet(config, channels=config.channels, context=config.xf_width)
    text.cast_layers(dtype)
    unet.cast_convolutions(dtype)
    place(text, {name: state.pop(name) for name in text_shapes(config)}, weights, device)
    place(unet, state, weights, device)
    return GlideCheckpoint(config, text, unet)
