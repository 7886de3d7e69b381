"""Weights from files into networks, with errors that name the file."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn
from torch.nn.modules.module import register_module_parameter_registration_hook

from pipeline.catalogue.weight_shapes import (
    NOT_SAFETENSORS,
    RESTORE,
    Shapes,
    misfit_error,
    shape_misfits,
)
from pipeline.errors import ModelError
from pipeline.networks.memory.shortage import is_shortage

Network = TypeVar("Network", bound=nn.Module)


_CPU = torch.device("cpu")


def built_light(build: Callable[[], Network]) -> Network:
    """The network that `build` makes, where that is possible without memory for its weights."""
    try:
        with _without_weights():
            return build()
    except RuntimeError:
        # Some architectures compute with their weights while they are built.
        return build()


@contextmanager
def _without_weights() -> Iterator[None]:
    """Networks that the body builds have parameters of torch's "meta" device: shapes, no numbers.

    So a large network takes no memory, and draws no random weights, before its own come. Buffers,
    of which some are in no checkpoint, are made as ever.
    """

    def shape_only(module: nn.Module, name: str, parameter: nn.Parameter | None) -> Any:
        if parameter is None or parameter.is_meta:
            return None
        return nn.Parameter(parameter.detach().to("meta"), parameter.requires_grad)

    hook = register_module_parameter_registration_hook(shape_only)
    try:
        yield
    finally:
        hook.remove()


def load_network(
    build: Callable[[], Network],
    config: Path,
    weights: Path,
    read: Callable[[Path], dict[str, Tensor]] | None = None,
    device: torch.device = _CPU,
) -> Network:
    """The network that `build` makes of the file `config`, with `weights`, on `device`, frozen.

    Its parameters take no gradients: guidance differentiates pictures only. They are as precise as
    `build` makes them. `read` makes tensors of the file `weights`, which is safetensors if none is
    given.

    Raises:
        ModelError: a value in `config` makes no network, or `weights` do not fit it.
    """
    network = built(build, config)
    load_state(network, (read or read_weights)(weights), weights, device)
    return network


def built(build: Callable[[], Network], config: Path) -> Network:
    """The network that `build` makes of the file `config`, where possible without its weights.

    Raises:
        ModelError: a value in `config` makes no network.
    """
    try:
        return built_light(build)
    except Exception as error:
        if is_shortage(error):
            raise
        # What others' architectures raise over a value that makes no sense is theirs to choose.
        raise ModelError(
            f"{config}: no network can be built from this configuration "
            f"({type(error).__name__}: {error}); restore the file, or use another model"
        ) from error


def read_weights(path: Path, names: Mapping[str, str] | None = None) -> dict[str, Tensor]:
    """The tensors of a safetensors file, on the CPU and as precise as the file has them.

    `names`, from ours to those in the file, picks and renames some of them; None takes all.

    Raises:
        ModelError: the file is missing, or is not a whole safetensors file.
    """
    wanted = list((names or {name: name for name in shapes_of(path)}).items())
    state: dict[str, Tensor] = {}
    for first in range(0, len(wanted), _AT_ONCE):
        # Each batch opens the file anew: what was read of a mapped file stays in memory until then.
        with _opened(path) as file:
            for ours, theirs in wanted[first : first + _AT_ONCE]:
                state[ours] = file.get_tensor(theirs).clone()
    return state


_AT_ONCE = 8


def shapes_of(path: Path) -> dict[str, tuple[int, ...]]:
    """The names of the tensors of a safetensors file, and their shapes.

    Raises:
        ModelError: the file is missing, or is not a whole safetensors file.
    """
    with _opened(path) as file:
        return {name: tuple(file.get_slice(name).get_shape()) for name in file.keys()}  # noqa: SIM118


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    try:
        with safe_open(path, framework="pt") as file:
            yield file
    except FileNotFoundError as error:
        raise ModelError(f"{path}: no weights file here; is the model's folder whole?") from error
    except (SafetensorError, OSError) as error:
        if is_shortage(error):
            raise
        if zipfile.is_zipfile(path):
            raise ModelError(f"{path}: {NOT_SAFETENSORS}") from error
        raise ModelError(
            f"{path}: is not a readable safetensors file ({error}); fetch or install it again"
        ) from error


def is_safetensors(path: Path) -> bool:
    """Whether a file begins as safetensors do: the length of a header, and the header, as JSON."""
    with path.open("rb") as file:
        beginning = file.read(9)
    length = int.from_bytes(beginning[:8], "little")
    return beginning[8:] == b"{" and length < path.stat().st_size


def fill(
    network: nn.Module,
    state: dict[str, Tensor],
    path: Path,
    device: torch.device,
    *,
    architecture: str,
    remedy: Callable[[], str],
) -> None:
    """Give `network` its weights, and move it to `device`, frozen.

    Each parameter and buffer is as precise as it is in `network`, whatever the file had, and may
    have been on torch's "meta" device. `state`, which comes from `path`, is emptied on the way, so
    that no weight is twice in memory. Errors name the `architecture` and the `remedy`.

    Raises:
        ModelError: a key is missing or left over, a shape differs, or a number is not finite.
    """
    if faults := misfits(network.state_dict(), state):
        raise misfit_error(path, architecture, faults, remedy())
    place(network, state, path, device)


def load_state(
    network: nn.Module, state: dict[str, Tensor], path: Path, device: torch.device = _CPU
) -> None:
    """`fill` for a network that a configuration describes."""
    architecture = f"{type(network).__name__} that the model's configuration describes"
    fill(network, state, path, device, architecture=architecture, remedy=lambda: RESTORE)


def place(network: nn.Module, state: dict[str, Tensor], path: Path, device: torch.device) -> None:
    """`fill` for a `state` that is known to fit; what it lacks stays as it is in `network`.

    Raises:
        ModelError: a number is not finite.
    """
    expected = network.state_dict()
    taken = {}
    for name in list(state):
        value = state.pop(name)
        check_finite({name: value}, path)
        taken[name] = _own(value.to(device, expected[name].dtype))
        _check_range(name, value, taken[name], path)
    network.load_state_dict(taken, strict=False, assign=True)
    network.to(device).eval().requires_grad_(False)


_ALIGNMENT = 64
"""Alignment of torch's memory in bytes; sums over other memory may differ in the last digit."""


def _own(value: Tensor) -> Tensor:
    """`value` in memory of its own and in torch's usual order, copied if it is not yet."""
    alone = value.untyped_storage().nbytes() == value.nbytes
    if alone and value.is_contiguous() and value.data_ptr() % _ALIGNMENT == 0:
        return value
    return value.clone(memory_format=torch.contiguous_format)


def _check_range(name: str, stored: Tensor, taken: Tensor, path: Path) -> None:
    if stored.dtype == taken.dtype or not taken.is_floating_point():
        return
    narrower = torch.finfo(taken.dtype).max < torch.finfo(stored.dtype).max
    if narrower and not taken.isfinite().all():
        raise ModelError(
            f"{path}: {name} holds numbers that are too large for {taken.dtype}; "
            "write models: {precision: bf16}, or fp32"
        )


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


def tensor_shapes(state: Mapping[str, Tensor]) -> Shapes:
    """The shape of each tensor in `state`, by its name."""
    return {key: tuple(value.shape) for key, value in state.items()}


def misfits(expected: Mapping[str, Tensor], found: Mapping[str, Tensor]) -> list[str]:
    """How `found` differs from what a network expects, in keys and shapes, one line for each."""
    return shape_misfits(tensor_shapes(expected), tensor_shapes(found))
