"""SHA-256 sums of files and bytes, as lower-case hex text."""

from __future__ import annotations

import hashlib
from pathlib import Path


def file_digest(path: Path) -> str:
    """The digest of a file's bytes, read in pieces; OSError if it cannot be read."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def bytes_digest(data: bytes) -> str:
    """The digest that `file_digest` finds for a file with these bytes."""
    return hashlib.sha256(data).hexdigest()
