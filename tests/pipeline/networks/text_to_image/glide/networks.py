"""GLIDE's networks with seeded weights, by way of files in the published format."""

from __future__ import annotations

import json
from pathlib import Path

import torch

from pipeline.catalogue.glide_config import GlideConfig
from pipeline.catalogue.glide_shapes import glide_shapes
from pipeline.networks.text_to_image.glide.checkpoint import GlideCheckpoint, load_glide_checkpoint
from pipeline.networks.text_to_image.parts.condition import Condition
from tests.pipeline.networks.published import CPU
from tools.references.glide import REDUCED_FLAGS
from tools.references.seeded import seeded_state


def save_glide(folder: Path, config: GlideConfig, dtype: torch.dtype = torch.float32) -> Path:
    """A checkpoint of `config` under its published name."""
    path = folder / ("upsample.pt" if config.super_res else "base.pt")
    with torch.device("meta"):
        expected = {name: torch.empty(shape) for name, shape in glide_shapes(config).items()}
    torch.save({name: value.to(dtype) for name, value in seeded_state(expected).items()}, path)
    return path


def save_config(weights: Path) -> None:
    """The flags of the small networks of tools/references, beside a checkpoint of one."""
    weights.with_suffix(".json").write_text(json.dumps(REDUCED_FLAGS))


def load_seeded(
    folder: Path, config: GlideConfig, dtype: torch.dtype = torch.float32
) -> GlideCheckpoint:
    """A checkpoint with seeded weights, loaded from a file in `folder`."""
    return load_glide_checkpoint(save_glide(folder, config), config, CPU, dtype)


def conditions(network: GlideCheckpoint, ids: torch.Tensor) -> list[Condition]:
    """What the base network is conditioned on under each row of `ids`."""
    sequences, times = network.text(ids)
    pairs = zip(sequences, times, strict=True)
    return [Condition(sequence, vectors={"time": time}) for sequence, time in pairs]
