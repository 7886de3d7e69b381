"""Weights and configurations from disk into modules, with errors that name the file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from pipeline.errors import ModelError

_SHOWN = 5
"""Mismatching keys that an error lists before it only counts them."""


def read_config(path: Path) -> dict[str, Any]:
    """The JSON object in `path`."""
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ModelError(
            f"{path}: cannot be read ({error.strerror}); is the model's folder whole?"
        ) from error
    except ValueError as error:
        raise ModelError(f"{path}: is not valid JSON ({error}); restore the file") from error
    if not isinstance(config, dict):
        raise ModelError(f"{path}: expected a JSON object, found {type(config).__name__}")
    return config


def read_weights(path: Path) -> dict[str, Tensor]:
    """The tensors of a safetensors file, on the CPU, in float32."""
    try:
        state = load_file(path)
    except (FileNotFoundError, IsADirectoryError) as error:
        raise ModelError(f"{path}: no weights file here; is the model's folder whole?") from error
    except (SafetensorError, OSError) as error:
        raise ModelError(
            f"{path}: is not a readable safetensors file ({error}); fetch or install it again"
        ) from error
    return {
        key: value.float() if value.is_floating_point() else value for key, value in state.items()
    }


def load_state(module: nn.Module, state: dict[str, Tensor], path: Path) -> None:
    """Put `state` into `module`; every key and shape must fit."""
    expected = {key: tuple(value.shape) for key, value in module.state_dict().items()}
    found = {key: tuple(value.shape) for key, value in state.items()}
    faults = [f"{key} is missing" for key in expected.keys() - found.keys()]
    faults += [f"{key} is not part of the network" for key in found.keys() - expected.keys()]
    faults += [
        f"{key} has shape {found[key]}, expected {expected[key]}"
        for key in expected.keys() & found.keys()
        if expected[key] != found[key]
    ]
    if faults:
        listed = "\n  ".join(sorted(faults)[:_SHOWN])
        more = f"\n  and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else ""
        raise ModelError(
            f"{path}: does not fit the architecture {type(module).__name__} that the folder's "
            f"configuration describes:\n  {listed}{more}"
        )
    module.load_state_dict(state)


def freeze(module: nn.Module) -> None:
    """Evaluation mode, and no gradients for parameters: guidance differentiates pictures only."""
    module.eval().requires_grad_(False)
