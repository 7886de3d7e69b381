"""The shapes of the tensors in an archive of PyTorch, without torch and without the numbers.

An archive is a zip file in which `data.pkl` says what there is, and other files hold the numbers.
Only the first is read, and nothing in it is run: it may make dictionaries and shapes.
"""

from __future__ import annotations

import io
import pickle
import zipfile
from collections import OrderedDict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pipeline.catalogue.weight_names import NESTINGS
from pipeline.files.pickles import check_memo

_LARGEST = 8_000_000
"""Bytes of a `data.pkl`; those of the largest published networks have a tenth of it."""


class _Shape(tuple[int, ...]):
    """The shape of a tensor."""

    __slots__ = ()


def pickled_shapes(path: Path) -> dict[str, tuple[int, ...]] | None:
    """The shapes by name, below the keys of training scripts; None for what is not only tensors."""
    try:
        with zipfile.ZipFile(path) as archive:
            (entry,) = (info for info in archive.infolist() if info.filename.endswith("/data.pkl"))
            if entry.file_size > _LARGEST:
                return None
            data = archive.read(entry)
            check_memo(data)
            content = _Reader(io.BytesIO(data)).load()
    except Exception:
        # A damaged pickle can raise anything; what is wrong with it, a render says.
        return None
    return _named(content)


def _named(content: Any) -> dict[str, tuple[int, ...]] | None:
    if not isinstance(content, Mapping):
        return None
    for key in NESTINGS:
        if isinstance(content.get(key), Mapping):
            return _named(content[key])
    if not content or not all(isinstance(value, _Shape) for value in content.values()):
        return None
    return {str(key): tuple(value) for key, value in content.items()}


def _tensor(storage: object, offset: object, size: tuple[int, ...], *_: object) -> _Shape:
    return _Shape(size)


def _parameter(data: _Shape, *_: object) -> _Shape:
    return data


class _Reader(pickle.Unpickler):
    """Knows dictionaries, tensors and the kinds of their numbers, and refuses all else."""

    _KNOWN: Mapping[tuple[str, str], Callable[..., Any]] = {
        ("collections", "OrderedDict"): OrderedDict,
        ("torch._utils", "_rebuild_tensor_v2"): _tensor,
        ("torch._utils", "_rebuild_parameter"): _parameter,
    }

    def find_class(self, module: str, name: str) -> Any:
        if module == "torch" and name.endswith("Storage"):
            return name
        if (module, name) not in self._KNOWN:
            raise pickle.UnpicklingError(f"{module}.{name} is neither a dictionary nor a tensor")
        return self._KNOWN[module, name]

    def persistent_load(self, pid: Any) -> None:
        return None
