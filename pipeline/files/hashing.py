"""SHA-256 sums of files and bytes, as lower-case hex text."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path


def file_digest(path: Path) -> str:
    """The digest of a file's bytes, read in pieces; OSError if it cannot be read."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def has_sum(path: Path, digest: str) -> bool:
    """Whether there is a file of this digest; OSError if what is there cannot be read.

    Thousands of pictures of a render are asked at once: no call is made that is not needed.
    """
    found = hashlib.sha256()
    try:
        # What is no file but a pipe would else keep this waiting for somebody who writes.
        file = os.open(path, os.O_RDONLY | _WITHOUT_WAITING)
        try:
            while piece := os.read(file, _PIECE):
                found.update(piece)
        finally:
            os.close(file)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return False
    return found.hexdigest() == digest


_WITHOUT_WAITING = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_PIECE = 1 << 16
"""Bytes of a file that are read at once."""


def bytes_digest(data: bytes) -> str:
    """The digest that `file_digest` finds for a file with these bytes."""
    return hashlib.sha256(data).hexdigest()
