"""What a file of weights says at its beginning: the names and shapes of its tensors.

Of gigabytes only the header is read, so a scene can be checked against its own networks at once.
Imports no torch.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.catalogue.config import listed
from pipeline.catalogue.pickled_shapes import pickled_shapes
from pipeline.catalogue.weight_names import pick
from pipeline.errors import ModelError
from pipeline.files.json_text import read_json

Shape = tuple[int, ...]
Shapes = Mapping[str, Shape]

_WEB_PAGE = (b"<!doctype", b"<html", b"<?xml", b"<head")
_LFS_POINTER = b"version https://git-lfs"
_EARLY_PICKLE = b"\x80"
_LONGEST_HEADER = 100_000_000
"""Longest header in bytes; the safetensors library refuses longer ones too."""

NOT_WHOLE = "is not a whole PyTorch checkpoint; fetch it again"
NOT_PICKLED = "is a safetensors file; give it a name that ends in .safetensors"
NOT_SAFETENSORS = "is a file of PyTorch; give it a name that ends in .pt"


def read_all_shapes(path: Path) -> Shapes | None:
    """The shapes in a file of weights; None for one that has to be loaded to know them.

    Raises:
        ModelError: the file is missing, empty, cut short, a web page, or of another kind than its
            name says.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            beginning = file.read(64)
    except FileNotFoundError as error:
        raise ModelError(f"{path}: no weights file here; is the model's folder whole?") from error
    except OSError as error:
        raise ModelError(
            f"{path}: cannot be read ({error.strerror}); name a file that you may read"
        ) from error
    if fault := _no_weights(beginning):
        raise ModelError(f"{path}: {fault}")
    shapes = _safetensors if path.suffix.lower() == ".safetensors" else _torch
    return shapes(path, beginning, size)


def read_shapes(path: Path) -> Shapes | None:
    """The shapes of the network in a file of weights; None for one that has to be loaded for them.

    Raises:
        ModelError: what `read_all_shapes` raises.
    """
    shapes = read_all_shapes(path)
    if shapes is None:
        return None
    return {ours: shapes[theirs] for ours, theirs in pick(shapes).names.items()}


def shape_misfits(expected: Shapes, found: Shapes, *, others_allowed: bool = False) -> list[str]:
    """How `found` differs from what a network expects, one line for each tensor."""
    foreign = set() if others_allowed else found.keys() - expected.keys()
    return sorted(
        [
            *(f"{key} is missing" for key in expected.keys() - found.keys()),
            *(f"{key} is not part of the network" for key in foreign),
            *(
                f"{key} has shape {found[key]}, expected {expected[key]}"
                for key in expected.keys() & found.keys()
                if expected[key] != found[key]
            ),
        ]
    )


def misfit_error(path: Path, architecture: str, faults: list[str], remedy: str) -> ModelError:
    """The error of weights in `path` that are not those of `architecture`."""
    return ModelError(f"{path}: does not fit the {architecture}:\n{listed(faults)}\n{remedy}")


RESTORE = "weights and configuration belong together; restore both from one source"


def _no_weights(beginning: bytes) -> str:
    if not beginning:
        return "is empty; fetch it again"
    if beginning.lstrip().lower().startswith(_WEB_PAGE):
        return "is a web page, not weights; fetch the file itself, not the page that shows it"
    if beginning.startswith(_LFS_POINTER):
        return "only points to weights; fetch them with: git lfs pull"
    return ""


def _is_safetensors(beginning: bytes, size: int) -> bool:
    return beginning[8:9] == b"{" and int.from_bytes(beginning[:8], "little") < size


def _safetensors(path: Path, beginning: bytes, size: int) -> Shapes:
    if zipfile.is_zipfile(path):
        raise ModelError(f"{path}: {NOT_SAFETENSORS}")
    length = int.from_bytes(beginning[:8], "little")
    try:
        if not _is_safetensors(beginning, size) or length > _LONGEST_HEADER:
            raise ValueError("no header")
        with path.open("rb") as file:
            file.seek(8)
            header = read_json(file.read(length))
        tensors = {name: entry for name, entry in header.items() if name != "__metadata__"}
        shapes = {name: _shape(entry["shape"]) for name, entry in tensors.items()}
        end = max((int(entry["data_offsets"][1]) for entry in tensors.values()), default=0)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise ModelError(
            f"{path}: is not a readable safetensors file; fetch or install it again"
        ) from error
    if 8 + length + end != size:
        raise ModelError(
            f"{path}: has {size} bytes of {8 + length + end}; fetch or install it again"
        )
    return shapes


def _shape(written: Any) -> Shape:
    return tuple(int(side) for side in written)


def _torch(path: Path, beginning: bytes, size: int) -> Shapes | None:
    if _is_safetensors(beginning, size):
        raise ModelError(f"{path}: {NOT_PICKLED}")
    if zipfile.is_zipfile(path):
        return pickled_shapes(path)
    if beginning.startswith(_EARLY_PICKLE):
        return None
    raise ModelError(f"{path}: {NOT_WHOLE}")
