"""The tensors of a TorchScript archive, without its program: how OpenAI published CLIP.

An archive is a zip file: `data.pkl` is the tree of modules as a pickle, `data/` the storages of
its tensors, `code/` the program. Only the first two are read here, and the pickle may make nothing
but trees and tensors, so that nothing in the file is run.
"""

from __future__ import annotations

import io
import math
import pickle
import zipfile
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from pipeline.files.pickles import check_memo

_DTYPES: Mapping[str, torch.dtype] = {
    "DoubleStorage": torch.float64,
    "FloatStorage": torch.float32,
    "HalfStorage": torch.float16,
    "BFloat16Storage": torch.bfloat16,
    "LongStorage": torch.int64,
    "IntStorage": torch.int32,
    "ShortStorage": torch.int16,
    "CharStorage": torch.int8,
    "ByteStorage": torch.uint8,
    "BoolStorage": torch.bool,
}


def is_torchscript(path: Path) -> bool:
    """Whether the file is an archive of a program; False also where it is no archive at all."""
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        return any(name.endswith("/constants.pkl") for name in archive.namelist())


def read_torchscript(path: Path) -> dict[str, Tensor]:
    """The tensors of an archive by their dotted places in the module tree, on the CPU.

    Beside the weights these are other tensors of the program, such as masks and sizes.

    Raises:
        zipfile.BadZipFile, pickle.UnpicklingError, KeyError, ValueError: the archive is damaged, or
            holds more than trees and tensors.
    """
    with zipfile.ZipFile(path) as archive:
        folder, _, _ = archive.namelist()[0].partition("/")
        tree = archive.read(f"{folder}/data.pkl")
        check_memo(tree)
        root = _Reader(io.BytesIO(tree), archive, f"{folder}/").load()
    return dict(_tensors(root))


_PARTS = 100_000
"""Most parts of a module tree: modules, tensors and whatever else they have."""


def _tensors(root: object) -> Iterator[tuple[str, Tensor]]:
    """The tensors of a module tree, in its order.

    A module may stand in many places. Those that stand in each other have no end, and those of
    which each stands twice in the next have none that anybody lives to see.
    """
    left: list[tuple[str, object]] = [("", root)]
    for _ in range(_PARTS):
        if not left:
            return
        place, value = left.pop()
        if isinstance(value, Tensor):
            yield place, value
        elif isinstance(value, _Module):
            parts = [(f"{place}.{name}".lstrip("."), part) for name, part in vars(value).items()]
            left += reversed(parts)
    raise pickle.UnpicklingError(f"its tree of modules has more than {_PARTS} parts")


class _Module:
    """A node of the module tree, with its submodules and tensors as attributes."""


def _rebuilt(
    storage: Tensor, offset: int, size: tuple[int, ...], stride: tuple[int, ...], *_: object
) -> Tensor:
    reach = offset + sum((n - 1) * step for n, step in zip(size, stride, strict=True))
    if math.prod(size) and not 0 <= reach < len(storage):
        raise pickle.UnpicklingError("a tensor reaches beyond its storage")
    return storage.as_strided(size, stride, offset)


class _Reader(pickle.Unpickler):
    """An unpickler that knows the classes of a module tree, and refuses all others."""

    _KNOWN: Mapping[tuple[str, str], Callable[..., Any]] = {
        ("torch._utils", "_rebuild_tensor_v2"): _rebuilt,
        ("collections", "OrderedDict"): OrderedDict,
    }

    def __init__(self, file: Any, archive: zipfile.ZipFile, folder: str) -> None:
        super().__init__(file)
        self._archive = archive
        self._folder = folder
        self._storages: dict[str, Tensor] = {}

    def find_class(self, module: str, name: str) -> Any:
        if module.startswith("__torch__"):
            return _Module
        if module == "torch" and name in _DTYPES:
            return _DTYPES[name]
        if module == "torch.jit._pickle" and name.startswith("build_") and name.endswith("list"):
            return list
        if (module, name) not in self._KNOWN:
            raise pickle.UnpicklingError(f"{module}.{name} is neither a tree nor a tensor")
        return self._KNOWN[module, name]

    def persistent_load(self, pid: Any) -> Tensor:
        _, dtype, key, _, count = pid
        if key not in self._storages:
            content = bytearray(self._archive.read(f"{self._folder}data/{key}"))
            self._storages[key] = torch.frombuffer(content, dtype=dtype, count=count)
        return self._storages[key]
