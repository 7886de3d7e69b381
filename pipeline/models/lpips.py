"""The published networks behind LPIPS, out of the store of models."""

from __future__ import annotations

import torch

from pipeline.diffusion.perceptual import LpipsFeatures, lpips_state
from pipeline.errors import ModelError
from pipeline.models.checkpoint import read_checkpoint
from pipeline.models.published import PUBLISHED
from pipeline.models.store import ModelStore, missing_error, missing_for
from pipeline.models.weights import load_state

NAMES = ("vgg16", "lpips_vgg")
"""Of the published models: the network, and the linear heads on it."""


def load_lpips(store: ModelStore, device: torch.device) -> LpipsFeatures:
    """LPIPS over VGG16 on `device`, from the files in `store`.

    Raises:
        ModelError: one of the two files is missing, not verified, damaged, or not what it is named.
    """
    entries = [PUBLISHED[name] for name in NAMES]
    if missing := missing_for(entries, store):
        raise missing_error(missing, store, " ".join(entry.name for entry in missing))
    vgg16, heads = (store.path(entry) for entry in entries)
    try:
        state = lpips_state(read_checkpoint(vgg16), read_checkpoint(heads))
    except ValueError as error:
        raise ModelError(f"{heads}: {error}; pull the model again") from error
    features = LpipsFeatures()
    load_state(features, state, vgg16)
    return features.to(device).eval().requires_grad_(False)
