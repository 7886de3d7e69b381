"""Published encoders: open_clip's architectures with weights from files that are already here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import open_clip
import torch
from open_clip.model import CLIP, CustomTextCLIP, convert_to_custom_text_state_dict
from torch import Tensor, nn

from pipeline.catalogue.open_clip_encoders import (
    picture_side,
    plain_architecture,
    published_reader,
)
from pipeline.catalogue.open_clip_files import QUICK_GELU
from pipeline.catalogue.publication import Published
from pipeline.networks.encoders.open_clip_folder import ClipEncoder, seeing_in
from pipeline.networks.files.checkpoint import read_checkpoint
from pipeline.networks.files.torchscript import is_torchscript
from pipeline.networks.files.weights import built_light, load_state


def load_published_encoder(
    path: Path,
    entry: Published,
    device: torch.device,
    dtype: torch.dtype = torch.float32,
    *,
    tokenizer: Sequence[Path] = (),
) -> ClipEncoder:
    """The encoder `entry`, whose weights are the file `path`; its image tower computes in `dtype`.

    `tokenizer` are the vocabulary and the configuration of one from the hub, if it uses one.

    Raises:
        ModelError: open_clip does not know the architecture; a file is damaged, or does not fit.
    """
    architecture, _, pretrained = entry.name.partition("/")
    config = _architecture(entry)
    network = built_light(lambda: seeing_in(_build(config), dtype))
    load_state(network, _fitted(read_checkpoint(path), network, path), path, device)
    published: Mapping[str, Any] = open_clip.get_pretrained_cfg(architecture, pretrained) or {}
    return ClipEncoder(
        network,
        published_reader(entry.name, config, tokenizer),
        size=picture_side(entry.name, config),
        mean=published.get("mean", open_clip.OPENAI_DATASET_MEAN),
        std=published.get("std", open_clip.OPENAI_DATASET_STD),
        dtype=dtype,
    )


def build_encoder(entry: Published) -> CLIP | CustomTextCLIP:
    """The network of `entry`, untrained; `ModelError` if open_clip has no such architecture."""
    return _build(_architecture(entry))


def _architecture(entry: Published) -> dict[str, Any]:
    """The configuration that open_clip has for `entry`, with the activation of its training."""
    config = plain_architecture(entry.name, entry.architecture)
    if entry.architecture.endswith(QUICK_GELU):
        config["quick_gelu"] = True
    return config


def _build(config: Mapping[str, Any]) -> CLIP | CustomTextCLIP:
    arguments = {key: value for key, value in config.items() if key != "custom_text"}
    # The weights come from the file; open_clip would fetch others for the tower before that.
    arguments["vision_cfg"] = {**config["vision_cfg"], "timm_model_pretrained": False}
    return CustomTextCLIP(**arguments) if config.get("custom_text") else CLIP(**arguments)


def _fitted(state: dict[str, Tensor], network: nn.Module, path: Path) -> dict[str, Tensor]:
    """The weights as today's open_clip names and shapes them."""
    if isinstance(network, CustomTextCLIP):
        state = convert_to_custom_text_state_dict(state)
    expected = network.state_dict()
    if is_torchscript(path):
        # A TorchScript program has more tensors than weights: its sizes and masks.
        state = {key: value for key, value in state.items() if key in expected}
    # Scalars may be written as one number or as a list of one.
    single = {"logit_scale", "logit_bias"} & state.keys() & expected.keys()
    return {**state, **{key: state[key].reshape(expected[key].shape) for key in single}}
