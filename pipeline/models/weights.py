"""Weights from safetensors files into networks, with errors that name the file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from pipeline.errors import ModelError
from pipeline.models.config import listed

Network = TypeVar("Network", bound=nn.Module)


def load_network(build: Callable[[], Network], config: Path, weights: Path) -> Network:
    """The network that `build` makes of the file `config`, with `weights`, ready for inference.

    Its parameters take no gradients: guidance differentiates pictures only.

    Raises:
        ModelError: a value in `config` makes no network, or `weights` do not fit it.
    """
    network = _built(build, config)
    load_state(network, read_weights(weights), weights)
    return network.eval().requires_grad_(False)


def _built(build: Callable[[], Network], config: Path) -> Network:
    try:
        return build()
    except Exception as error:
        # The architectures are other projects'; what they raise over a value that makes no sense
        # is theirs to choose, and the file at fault is the same for all of it.
        raise ModelError(
            f"{config}: no network can be built from this configuration "
            f"({type(error).__name__}: {error}); restore the file, or use another model"
        ) from error


def read_weights(path: Path) -> dict[str, Tensor]:
    """The tensors of a safetensors file, on the CPU; numbers of any precision as float32.

    Raises:
        ModelError: the file is missing, or is not a whole safetensors file.
    """
    try:
        state = load_file(path)
    except FileNotFoundError as error:
        raise ModelError(f"{path}: no weights file here; is the model's folder whole?") from error
    except (SafetensorError, OSError) as error:
        raise ModelError(
            f"{path}: is not a readable safetensors file ({error}); fetch or install it again"
        ) from error
    return {
        key: value.float() if value.is_floating_point() else value for key, value in state.items()
    }


def load_state(module: nn.Module, state: Mapping[str, Tensor], path: Path) -> None:
    """Put `state`, which comes from `path`, into `module`.

    Raises:
        ModelError: a key is missing or left over, or a shape differs.
    """
    faults = sorted(_misfits(module.state_dict(), state))
    if faults:
        raise ModelError(
            f"{path}: does not fit the {type(module).__name__} that the model's configuration "
            f"describes:\n{listed(faults)}\n"
            "weights and configuration belong together; restore both from one source"
        )
    module.load_state_dict(state)


def _misfits(expected: Mapping[str, Tensor], found: Mapping[str, Tensor]) -> list[str]:
    return [
        *(f"{key} is missing" for key in expected.keys() - found.keys()),
        *(f"{key} is not part of the network" for key in found.keys() - expected.keys()),
        *(
            f"{key} has shape {tuple(found[key].shape)}, expected {tuple(expected[key].shape)}"
            for key in expected.keys() & found.keys()
            if expected[key].shape != found[key].shape
        ),
    ]
