"""The file in which a download grows, and the sum of what it holds so far."""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from pipeline.files.atomic import sync_directory, write_atomically
from pipeline.files.json_text import read_json

_PIECE = 1 << 20


class Part:
    """`<target>.part`, opened to be continued; every method may raise OSError.

    What an earlier process has left in it is read once, for the sum. A note beside it says which
    address the bytes come from and what that server called them (its entity tag), without which
    bytes of two different files could end up in one.
    """

    def __init__(self, target: Path) -> None:
        self._target = target
        self.path = target.with_name(f"{target.name}.part")
        self._note = target.with_name(f".{target.name}.part.json")
        # Not buffered: what a killed process had received is in the file.
        self._file = self.path.open("a+b", buffering=0)
        self._sum = hashlib.sha256()
        self.size = 0
        """Size of what was received so far, in bytes."""
        self._file.seek(0)
        while piece := self._file.read(_PIECE):
            self._sum.update(piece)
            self.size += len(piece)
        self.inherited = self.size
        """Bytes that an earlier process had received; 0 after a restart."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # Not buffered, so that closing has nothing to write that could be lost.
        with suppress(OSError):
            self._file.close()
        if self.size == 0:
            _remove(self.path)
            _remove(self._note)

    @property
    def sha256(self) -> str:
        """SHA-256 of the bytes so far."""
        return self._sum.hexdigest()

    def tag(self, address: str) -> str:
        """The entity tag under which `address` gave the bytes so far; "" if it did not."""
        try:
            note = read_json(self._note.read_bytes())
            return str(note["tag"]) if note["address"] == address else ""
        except (OSError, ValueError, KeyError, TypeError):
            return ""

    def write(self, data: bytes) -> None:
        """Append; if the disk is full, as much as there is room for."""
        left = memoryview(data)
        while left:
            written = self._file.write(left)
            self._sum.update(left[:written])
            self.size += written
            left = left[written:]

    def restart(self, address: str, tag: str) -> None:
        """Drop the bytes so far; those that follow come from `address`."""
        self._file.truncate(0)
        self._sum = hashlib.sha256()
        self.size = self.inherited = 0
        note = json.dumps({"address": address, "tag": tag}).encode()
        write_atomically(self._note, note, durable=False)

    def finish(self) -> None:
        """Give the bytes their final name; they are on the disk when it appears."""
        os.fsync(self._file.fileno())
        self._file.close()
        os.replace(self.path, self._target)
        sync_directory(self._target.parent)
        _remove(self._note)


def _remove(path: Path) -> None:
    """Delete what does no harm where the disk keeps it."""
    with suppress(OSError):
        path.unlink()
