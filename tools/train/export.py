"""Writing a trained network in the format that the package's loaders read."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn


def save_weights(module: nn.Module, path: Path) -> None:
    """The state of `module` as float16 safetensors, atomically."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".tmp")
    save_file({key: _half(value) for key, value in module.state_dict().items()}, temporary)
    os.replace(temporary, path)


def load_weights(module: nn.Module, path: Path) -> None:
    """Give `module` the state that `save_weights` wrote."""
    module.load_state_dict(load_file(path))


def load_grown(module: nn.Module, path: Path) -> None:
    """Give `module` the state that `save_weights` wrote of a smaller one.

    A tensor fills the first part of one that has grown; what is new keeps its first values.
    """
    state = module.state_dict()
    for name, value in load_file(path).items():
        state[name][tuple(slice(size) for size in value.shape)] = value
    module.load_state_dict(state)


def _half(value: Tensor) -> Tensor:
    return (value.to(torch.float16) if value.is_floating_point() else value).contiguous()


def save_json(content: Mapping[str, object], path: Path) -> None:
    """`content` as readable JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
