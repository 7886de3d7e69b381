"""What was found in a song, kept in a folder from one command to the next.

Each entry is a file of its own whose name is a digest of all that it depends on, so nothing in the
folder is ever wrong, only of no use any more; the folder may be deleted at any time. Whatever is
amiss with a file or the folder costs finding the thing again, and nothing else.
"""

from __future__ import annotations

import io
import json
import logging
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from pipeline.files.atomic import write_atomically
from pipeline.files.hashing import bytes_digest, file_digest
from pipeline.files.json_text import read_json
from pipeline.files.known_sums import KnownSums
from pipeline.files.locks import LockHeldError, acquire, release

_log = logging.getLogger(__name__)

T = TypeVar("T")
Arrays = Mapping[str, NDArray[np.uint16]]

_LIBRARIES = ("numpy", "scipy")
"""What a song is analysed with; other versions may find other numbers."""
_PATIENCE = 5.0
"""Seconds to wait for another process that writes the same entry."""
_DAMAGED = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error)
"""What reading a file raises that is not what was written."""


@dataclass(frozen=True, slots=True)
class Cache:
    """The entries in a folder, which need not exist; without a folder nothing is kept."""

    folder: Path | None

    def digest(self, file: Path) -> str:
        """The SHA-256 of a song's content; a large one is read once. OSError if it cannot be."""
        return file_digest(file) if self.folder is None else self._sums().digest(file)

    def arrays(self, key: str, find: Callable[[], Arrays]) -> Arrays:
        """One-dimensional arrays of numbers from 0 to 65535: the kept ones, or those found now."""
        kept = self._read(key, ".npz", _arrays)
        if kept is not None:
            return kept
        found = find()
        packed = io.BytesIO()
        np.savez_compressed(packed, allow_pickle=False, **found)
        self._write(key, ".npz", packed.getvalue())
        return found

    def entry(self, key: str, find: Callable[[], object]) -> object:
        """A value that JSON can hold: the kept one, or what is found now, as JSON returns it."""
        kept = self._read(key, ".json", read_json)
        if kept is not None:
            return kept
        text = json.dumps(find())
        self._write(key, ".json", text.encode())
        return read_json(text)

    def _sums(self) -> KnownSums:
        assert self.folder is not None
        return KnownSums(self.folder / "sums.json")

    def _read(self, key: str, suffix: str, understood: Callable[[bytes], T]) -> T | None:
        if self.folder is None:
            return None
        try:
            return understood((self.folder / f"{key}{suffix}").read_bytes())
        except FileNotFoundError:
            return None
        except _DAMAGED as error:
            _log.info("%s: cannot be used (%s); found anew", self.folder / f"{key}{suffix}", error)
            return None

    def _write(self, key: str, suffix: str, data: bytes) -> None:
        if self.folder is None:
            return
        target = self.folder / f"{key}{suffix}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            # Two processes that find the same thing at a time would share a temporary file.
            lock = acquire(self.folder / ".lock", _PATIENCE)
            try:
                write_atomically(target, data, durable=False)
            finally:
                release(lock)
        except (OSError, LockHeldError) as error:
            reason = getattr(error, "strerror", None) or error
            _log.warning(
                "%s cannot be written (%s); the song is analysed each time", target, reason
            )


def entry_key(**parts: object) -> str:
    """The name of an entry that depends on these, as JSON, and on the versions of the libraries."""
    libraries = {name: version(name) for name in _LIBRARIES}
    text = json.dumps({**parts, "libraries": libraries}, sort_keys=True)
    return bytes_digest(text.encode())[:40]


def _arrays(data: bytes) -> Arrays:
    """The arrays of a packed file; ValueError if one is not of the kind that is kept."""
    with np.load(io.BytesIO(data), allow_pickle=False) as packed:
        found = {name: packed[name] for name in packed.files}
    if not all(array.dtype == np.uint16 and array.ndim == 1 for array in found.values()):
        raise ValueError("not what was written")
    return found
