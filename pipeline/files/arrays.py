"""Named arrays as the bytes of one file: numpy's compressed archive, without pickles."""

from __future__ import annotations

import io
import tokenize
import zipfile
import zlib
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Arrays = Mapping[str, NDArray[np.generic]]

_DAMAGED = (OSError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error, tokenize.TokenError)
"""What numpy and the standard library raise, beside ValueError, for bytes that were changed."""


def encode_arrays(arrays: Arrays) -> bytes:
    """The bytes of an `.npz` file; equal arrays make equal bytes."""
    file = io.BytesIO()
    # numpy's stubs take keyword arguments for its own setting, which is keyword-only.
    np.savez_compressed(file, **dict(arrays))  # type: ignore[arg-type]
    return file.getvalue()


def decode_arrays(data: bytes) -> dict[str, NDArray[np.generic]]:
    """The arrays of an `.npz` file by their names.

    Raises:
        ValueError: these are no bytes of such a file, or it holds other things than numbers.
    """
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files}
    except _DAMAGED as error:
        raise ValueError(f"this is no archive of arrays: {error}") from error
