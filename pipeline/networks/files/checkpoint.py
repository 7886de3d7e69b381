"""Published checkpoints as named tensors: PyTorch's own files, and safetensors.

A pickle is a program. It is read with `weights_only`, which makes tensors and plain values and runs
nothing else, and there is no way around it here: a file that needs more has to be converted. Of a
TorchScript archive only the tensors are read.
"""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import torch
from torch import Tensor

from pipeline.catalogue.pickled_shapes import NESTINGS
from pipeline.catalogue.weight_shapes import NOT_PICKLED, NOT_WHOLE, without_prefixes
from pipeline.errors import ModelError
from pipeline.networks.files.torchscript import is_torchscript, read_torchscript
from pipeline.networks.files.weights import as_float32, is_safetensors, read_weights
from pipeline.spec.sources import PICKLES


def read_checkpoint(path: Path) -> dict[str, Tensor]:
    """The tensors of a checkpoint, on the CPU; numbers of any precision as float32.

    Weights below `state_dict` or `model` are found there, and lose a word of the training script,
    such as `module.`, that all their names begin with. Large files are mapped into memory, not
    read: copy the tensors to keep them.

    Raises:
        ModelError: the file is missing, damaged, of another kind, or holds more than tensors.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise ModelError(
            f'{path}: a checkpoint is named by its format, found "{path.suffix}"; '
            f"allowed: {', '.join(_READERS)}"
        )
    return without_prefixes(reader(path))


def _read_torch(path: Path) -> dict[str, Tensor]:
    return as_float32(_named_tensors(_load(path), path))


def _load(path: Path) -> object:
    """Whatever the file holds, or a ModelError."""
    try:
        if is_torchscript(path):
            return read_torchscript(path)
        with warnings.catch_warnings():
            # Of pickles that torch itself would not write; the error says what is wrong with them.
            warnings.simplefilter("ignore")
            # Only the format of PyTorch 1.6 and later, a zip archive, can be mapped.
            return torch.load(
                path, map_location="cpu", weights_only=True, mmap=zipfile.is_zipfile(path)
            )
    except FileNotFoundError as error:
        raise ModelError(f"{path}: no such file; fetch the model again") from error
    except IsADirectoryError as error:
        raise ModelError(f"{path}: is a folder; a checkpoint is a file") from error
    except Exception as error:
        # A damaged pickle can raise anything, in as many words as torch likes.
        fault = NOT_PICKLED if is_safetensors(path) else _fault(str(error))
        raise ModelError(f"{path}: {fault}") from error


def _fault(words: str) -> str:
    """What torch's `words` on a file mean to its owner."""
    if foreign := re.search(r"GLOBAL ([\w.]+)", words):
        return (
            f"holds more than tensors ({foreign[1]}), which only code in the file could load; "
            "convert it to safetensors where you trust it, or use another file"
        )
    return NOT_WHOLE


def _named_tensors(content: Any, path: Path) -> Mapping[str, Tensor]:
    """The weights in `content`, however deep they are nested."""
    for key in NESTINGS:
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
            f"{path}: the weights are not at the top, nor below {' or '.join(NESTINGS)} "
            f"(found: {', '.join(others[:5]) or 'nothing'}); "
            "convert it to a state_dict, or use another file"
        )
    return {str(key): value.detach() for key, value in content.items()}


_READERS: Mapping[str, Callable[[Path], dict[str, Tensor]]] = MappingProxyType(
    {
        **dict.fromkeys(PICKLES, _read_torch),
        ".safetensors": read_weights,
    }
)
