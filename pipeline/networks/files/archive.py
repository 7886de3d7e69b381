"""How much an archive of PyTorch makes of itself, asked of it before it is read."""

from __future__ import annotations

import pickletools
import zipfile
from collections.abc import Mapping
from pathlib import Path

from torch import Tensor

from pipeline.errors import ModelError

TIMES = 4
"""Most bytes that an archive may unpack to, of each of its own: PyTorch does not compress."""

SMALL = 16_000_000
"""Bytes that an archive of any size may unpack to, as its program and its tree are compressed."""


REPEATED = 4_000_000_000
"""Bytes of all tensors that may be a few numbers repeated: more than networks here have."""

_PICKLES = 4
"""Pickles of an old file: a mark, a version, the machine's sizes, and the tree of tensors."""


def check_archive(path: Path) -> None:
    """Refuse an archive that would take far more memory than it has bytes, from its directory.

    Raises:
        ModelError: it unpacks to more than `TIMES` its size and more than `SMALL` bytes.
        zipfile.BadZipFile: it is no whole archive.
    """
    size = path.stat().st_size
    with zipfile.ZipFile(path) as archive:
        unpacked = sum(info.file_size for info in archive.infolist())
    if unpacked > max(allowed := TIMES * size, SMALL):
        raise too_large(path, f"{size} bytes that unpack to {unpacked}", max(allowed, SMALL))


def too_large(path: Path, found: str, allowed: int) -> ModelError:
    """The error on a file that claims more bytes than the `allowed` ones."""
    return ModelError(
        f"{path}: claims more than it holds: found {found}; allowed: {allowed} bytes; "
        "it is damaged or made to fill the memory: fetch it again, or use another file"
    )


def check_claims(state: Mapping[str, Tensor], path: Path) -> None:
    """Refuse tensors from `path` that repeat a few numbers until they are more than any network.

    Raises:
        ModelError: those that claim more than their storage are more than `REPEATED` bytes in all.
    """
    claimed = sum(
        value.nbytes for value in state.values() if value.nbytes > value.untyped_storage().nbytes()
    )
    if claimed > REPEATED:
        raise too_large(path, f"{claimed} bytes of tensors that repeat few numbers", REPEATED)


def check_old(path: Path) -> None:
    """Refuse a file of PyTorch before 1.6, pickles and then numbers, that names too large a size.

    Torch makes room for each storage by the size in the pickle, before it reads the storage.

    Raises:
        ModelError: a number in it is greater than the file's length and than `SMALL`.
        Exception: whatever a damaged pickle makes of itself.
    """
    allowed = max(path.stat().st_size, SMALL)
    with path.open("rb") as file:
        for order in range(_PICKLES):
            for _, number, _ in pickletools.genops(file):
                # The first is a mark of the format, a large number.
                if order and isinstance(number, int) and number > allowed:
                    raise too_large(path, f"a size of {number}", allowed)
