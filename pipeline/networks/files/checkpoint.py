"""Published checkpoints as named tensors: PyTorch's own files, and safetensors.

A pickle is a program. It is read with `weights_only`, which makes tensors and plain values and runs
nothing else, and there is no way around it here: a file that needs more has to be converted. Of a
TorchScript archive only the tensors are read.
"""

from __future__ import annotations

import logging
import re
import warnings
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import torch
from torch import Tensor

from pipeline.catalogue.weight_names import AVERAGED, NESTINGS, PLAIN, average_of, pick
from pipeline.catalogue.weight_shapes import NOT_PICKLED, NOT_WHOLE
from pipeline.errors import ModelError
from pipeline.networks.files.archive import check_archive, check_claims, check_old
from pipeline.networks.files.torchscript import is_torchscript, read_torchscript
from pipeline.networks.files.weights import is_safetensors, read_weights, shapes_of
from pipeline.networks.memory.shortage import is_shortage
from pipeline.spec.sources import PICKLES

_log = logging.getLogger(__name__)


def read_checkpoint(path: Path) -> dict[str, Tensor]:
    """The weights of the network in a checkpoint, on the CPU and as precise as the file has them.

    Weights below `state_dict` or `model` are found there, and lose a word of the training script,
    such as `module.`, that all their names begin with. Where the file also has their running
    average (EMA), whole, that is the network; the log says which was taken. What a training keeps
    beside the network is not read, and nothing of the file stays mapped into memory.

    Raises:
        ModelError: the file is missing, damaged, of another kind, or holds more than tensors.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise ModelError(
            f'{path}: a checkpoint is named by its format, found "{path.suffix}"; '
            f"allowed: {', '.join(_READERS)}"
        )
    state, note = reader(path)
    if note:
        _log.info("%s: %s", path, note)
    return state


def read_state(path: Path) -> dict[str, Tensor]:
    """All tensors in a checkpoint of several networks, on the CPU, by the names that they have.

    Raises:
        ModelError: the file is missing, damaged, of another kind, or holds more than tensors.
    """
    if path.suffix.lower() == ".safetensors":
        return read_weights(path)
    state, _ = _named_tensors(read_content(path), path)
    check_claims(state, path)
    return dict(state)


def _read_safetensors(path: Path) -> tuple[dict[str, Tensor], str]:
    picked = pick(shapes_of(path))
    return read_weights(path, picked.names), picked.note


def _read_torch(path: Path) -> tuple[dict[str, Tensor], str]:
    # Only the format of PyTorch 1.6 and later, a zip archive, can be mapped into memory.
    if not zipfile.is_zipfile(path) or is_torchscript(path):
        return _network(read_content(path), path)
    state, note = _network(read_content(path, mmap=True), path)
    if 2 * sum(value.nbytes for value in state.values()) < path.stat().st_size:
        return {name: value.clone() for name, value in state.items()}, note
    # The pages read of a mapped file would stay in memory beside the copies.
    return _network(read_content(path), path)


def _network(content: object, path: Path) -> tuple[dict[str, Tensor], str]:
    """The network's weights in `content`, and a note on which of two sets they are."""
    state, note = _named_tensors(content, path)
    picked = pick({name: value.shape for name, value in state.items()})
    check_claims(state, path)
    return {ours: state[theirs] for ours, theirs in picked.names.items()}, note or picked.note


def read_content(path: Path, *, mmap: bool = False) -> object:
    """Whatever tensors and plain values a file of PyTorch's holds, nested as they are, on the CPU.

    Raises:
        ModelError: the file is missing, damaged, of another kind, or holds more than that.
    """
    try:
        if zipfile.is_zipfile(path):
            check_archive(path)
        elif not is_safetensors(path):
            check_old(path)
        if is_torchscript(path):
            return read_torchscript(path)
        with warnings.catch_warnings():
            # Torch warns of pickles that it would not write; the error says what is wrong.
            warnings.simplefilter("ignore")
            return torch.load(path, map_location="cpu", weights_only=True, mmap=mmap)
    except ModelError:
        raise
    except FileNotFoundError as error:
        raise ModelError(f"{path}: no such file; fetch the model again") from error
    except IsADirectoryError as error:
        raise ModelError(f"{path}: is a folder; a checkpoint is a file") from error
    except Exception as error:
        if is_shortage(error):
            raise
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


def _named_tensors(content: Any, path: Path) -> tuple[Mapping[str, Tensor], str]:
    """The weights in `content`, however deep they are nested, and which of two sets they are."""
    for key, averages in NESTINGS.items():
        if isinstance(content, Mapping) and isinstance(content.get(key), Mapping):
            plain, note = _named_tensors(content[key], path)
            beside = next(
                (content[a] for a in averages if isinstance(content.get(a), Mapping)), None
            )
            return (plain, note) if beside is None else _averaged(plain, beside)
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
    return {str(key): value.detach() for key, value in content.items()}, ""


def _averaged(
    plain: Mapping[str, Tensor], beside: Mapping[Any, Any]
) -> tuple[Mapping[str, Tensor], str]:
    """The average of `plain` that stands `beside` it, if it is whole, and which was taken."""
    tensors = {str(key): value for key, value in beside.items() if isinstance(value, Tensor)}
    names = average_of(
        {name: value.shape for name, value in plain.items()},
        {name: value.shape for name, value in tensors.items()},
    )
    if names is None:
        return plain, PLAIN
    return {ours: tensors[theirs].detach() for ours, theirs in names.items()}, AVERAGED


_READERS: Mapping[str, Callable[[Path], tuple[dict[str, Tensor], str]]] = MappingProxyType(
    {
        **dict.fromkeys(PICKLES, _read_torch),
        ".safetensors": _read_safetensors,
    }
)
