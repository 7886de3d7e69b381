"""Weights from files into networks, with errors that name the file."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from pipeline.catalogue.weight_shapes import (
    NOT_SAFETENSORS,
    RESTORE,
    Shapes,
    misfit_error,
    shape_misfits,
)
from pipeline.errors import ModelError

Network = TypeVar("Network", bound=nn.Module)


def load_network(
    build: Callable[[], Network],
    config: Path,
    weights: Path,
    read: Callable[[Path], Mapping[str, Tensor]] | None = None,
) -> Network:
    """The network that `build` makes of the file `config`, with `weights`, ready for inference.

    Its parameters take no gradients: guidance differentiates pictures only. `read` makes tensors of
    the file `weights`, which is safetensors if none is given.

    Raises:
        ModelError: a value in `config` makes no network, or `weights` do not fit it.
    """
    network = _built(build, config)
    load_state(network, (read or read_weights)(weights), weights)
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
        if zipfile.is_zipfile(path):
            raise ModelError(f"{path}: {NOT_SAFETENSORS}") from error
        raise ModelError(
            f"{path}: is not a readable safetensors file ({error}); fetch or install it again"
        ) from error
    return as_float32(state)


def is_safetensors(path: Path) -> bool:
    """Whether a file begins as safetensors do: the length of a header, and the header, as JSON."""
    with path.open("rb") as file:
        beginning = file.read(9)
    length = int.from_bytes(beginning[:8], "little")
    return beginning[8:] == b"{" and length < path.stat().st_size


def as_float32(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """`state` with numbers of any precision as float32; counts stay whole."""
    return {
        key: value.float() if value.is_floating_point() else value for key, value in state.items()
    }


def materialise(
    network: nn.Module,
    state: Mapping[str, Tensor],
    path: Path,
    device: torch.device,
    *,
    architecture: str,
    remedy: Callable[[], str],
) -> None:
    """Memory on `device` for a network built on torch's "meta" device, filled and frozen.

    So a large network draws no random weights first, and each of its own is made once, where and
    as precise as it is needed. `state` comes from `path`; what is wrong with it is told with the
    words of `architecture` and `remedy`.

    Raises:
        ModelError: a key is missing or left over, a shape differs, or a number is not finite; found
            before any allocation.
    """
    _check_fit(network, state, path, architecture, remedy)
    network.to_empty(device=device)
    network.load_state_dict(state)
    network.eval().requires_grad_(False)


def load_state(module: nn.Module, state: Mapping[str, Tensor], path: Path) -> None:
    """Put `state`, which comes from `path`, into `module`.

    Raises:
        ModelError: a key is missing or left over, a shape differs, or a number is not finite.
    """
    architecture = f"{type(module).__name__} that the model's configuration describes"
    _check_fit(module, state, path, architecture, lambda: RESTORE)
    module.load_state_dict(state)


def _check_fit(
    module: nn.Module,
    state: Mapping[str, Tensor],
    path: Path,
    architecture: str,
    remedy: Callable[[], str],
) -> None:
    faults = misfits(module.state_dict(), state)
    if faults:
        raise misfit_error(path, architecture, faults, remedy())
    check_finite(state, path)


def check_finite(state: Mapping[str, Tensor], path: Path) -> None:
    """Refuse weights from `path` of which one is infinite or no number.

    Raises:
        ModelError: there is one; the first such tensor is named.
    """
    for key, value in state.items():
        # A sum is the quickest look; finite numbers can have an infinite one.
        if not value.sum().isfinite() and not value.isfinite().all():
            raise ModelError(
                f"{path}: {key} holds numbers that are infinite or none (NaN); the file is "
                "damaged, or its training failed: fetch it again, or use another one"
            )


def shapes_of(state: Mapping[str, Tensor]) -> Shapes:
    """The shape of each tensor."""
    return {key: tuple(value.shape) for key, value in state.items()}


def misfits(expected: Mapping[str, Tensor], found: Mapping[str, Tensor]) -> list[str]:
    """How `found` differs from what a network expects, in keys and shapes, one line for each."""
    return shape_misfits(shapes_of(expected), shapes_of(found))
