"""The published networks behind LPIPS, out of their files."""

from __future__ import annotations

from pathlib import Path

import torch

from pipeline.diffusion.perceptual import LpipsFeatures, lpips_state
from pipeline.errors import ModelError
from pipeline.networks.files.checkpoint import read_checkpoint
from pipeline.networks.files.weights import built_light, check_finite, load_state


def load_lpips(vgg16: Path, heads: Path, device: torch.device) -> LpipsFeatures:
    """LPIPS on `device`: the network VGG16, and the linear heads on it.

    Raises:
        ModelError: one of the two files is missing, damaged, or not what it is named.
    """
    weighing = read_checkpoint(heads)
    check_finite(weighing, heads)
    try:
        state = lpips_state(read_checkpoint(vgg16), weighing)
    except ValueError as error:
        raise ModelError(f"{heads}: {error}; pull the model again") from error
    features = built_light(LpipsFeatures)
    load_state(features, state, vgg16, device)
    return features
