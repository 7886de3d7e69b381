"""Published checkpoints as named tensors: PyTorch's own files, and safetensors.

A pickle is a program. It is read with `weights_only`, which makes tensors and plain values and runs
nothing else, and there is no way around it here: a file that needs more has to be converted. Of a
TorchScript archive only the tensors are read.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import torch
from torch import Tensor

from pipeline.errors import ModelError
from pipeline.models.torchscript import is_torchscript, read_torchscript
from pipeline.models.weights import as_float32, read_weights

_NESTINGS = ("state_dict", "model")
"""Keys under which training scripts put the weights, beside the state of their optimiser."""

_PARALLEL = "module."
"""What `DataParallel` puts before the name of every weight."""


def read_checkpoint(path: Path) -> dict[str, Tensor]:
    """The tensors of a checkpoint, on the CPU; numbers of any precision as float32.

    Weights below `state_dict` or `model` are found there, and lose a `module.` that all their names
    begin with. Large files are mapped into memory, not read: copy the tensors to keep them.

    Raises:
        ModelError: the file is missing, damaged, of another kind, or holds more than tensors.
    """
    reader = _READERS.get(path.suffix)
    if reader is None:
        raise ModelError(
            f'{path}: a checkpoint is named by its format, found "{path.suffix}"; '
            f"allowed: {', '.join(_READERS)}"
        )
    return reader(path)


def _read_torch(path: Path) -> dict[str, Tensor]:
    state = _named_tensors(_load(path), path)
    if state and all(name.startswith(_PARALLEL) for name in state):
        state = {name.removeprefix(_PARALLEL): value for name, value in state.items()}
    return as_float32(state)


def _load(path: Path) -> object:
    """Whatever the file holds, or a ModelError."""
    try:
        if is_torchscript(path):
            return read_torchscript(path)
        # Only the format of PyTorch 1.6 and later, a zip archive, can be mapped.
        return torch.load(
            path, map_location="cpu", weights_only=True, mmap=zipfile.is_zipfile(path)
        )
    except FileNotFoundError as error:
        raise ModelError(f"{path}: no such file; pull the model again") from error
    except IsADirectoryError as error:
        raise ModelError(f"{path}: is a folder; a checkpoint is a file") from error
    except Exception as error:
        # A damaged pickle can raise anything, in as many words as torch likes.
        raise ModelError(f"{path}: {_fault(str(error))}") from error


def _fault(words: str) -> str:
    """What torch's `words` on a file mean to its owner."""
    if foreign := re.search(r"GLOBAL ([\w.]+)", words):
        return (
            f"holds more than tensors ({foreign[1]}), which only code in the file could load; "
            "convert it to safetensors where you trust it, or use another file"
        )
    return "is not a whole PyTorch checkpoint; pull it again"


def _named_tensors(content: Any, path: Path) -> Mapping[str, Tensor]:
    """The weights in `content`, however deep they are nested."""
    for key in _NESTINGS:
        if isinstance(content, Mapping) and isinstance(content.get(key), Mapping):
            return _named_tensors(content[key], path)
    if not isinstance(content, Mapping):
        raise ModelError(
            f"{path}: holds a {type(content).__name__}, not weights by their names; "
            "convert it to a state_dict, or use another file"
        )
    others = [str(key) for key, value in content.items() if not isinstance(value, Tensor)]
    if others or not content:
        raise ModelError(
            f"{path}: the weights are not at the top, nor below {' or '.join(_NESTINGS)} "
            f"(found: {', '.join(others[:5]) or 'nothing'}); "
            "convert it to a state_dict, or use another file"
        )
    return {str(key): value.detach() for key, value in content.items()}


_READERS: Mapping[str, Callable[[Path], dict[str, Tensor]]] = MappingProxyType(
    {
        **dict.fromkeys((".pt", ".pth", ".ckpt", ".bin"), _read_torch),
        ".safetensors": read_weights,
    }
)
