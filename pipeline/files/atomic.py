"""Files that exist whole or not at all.

A file is written under a temporary name in its own directory, forced to the disk, and renamed
over its target in one step; whatever ends the process in between leaves the target as it was.
"""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from itertools import takewhile
from pathlib import Path

from pipeline.files.hashing import bytes_digest

TEMPORARY = ".part"
"""Every temporary name starts with a dot and has this before its suffix."""

_NO_DIRECTORY_SYNC = frozenset(
    {errno.EINVAL, errno.EBADF, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP}
)
"""Error numbers of file systems that cannot fsync a directory: network shares, some of FUSE."""


LONGEST_NAME = 255
"""Bytes of one file's name that the usual file systems take."""


def name_length(name: str) -> int:
    """Bytes that a file's name takes on the disk."""
    return len(name.encode("utf-8", errors="surrogatepass"))


def temporary_path(target: Path) -> Path:
    """The hidden name beside `target`, of the same suffix, under which it is written first.

    Where that would be too long for a file, it is a hash of the target's name.
    """
    name = f".{target.stem}{TEMPORARY}{target.suffix}"
    if name_length(name) > LONGEST_NAME:
        name = f".{bytes_digest(name.encode('utf-8', 'surrogatepass'))[:16]}{TEMPORARY}"
    return target.with_name(name)


def write_atomically(target: Path, data: bytes, *, durable: bool = True) -> None:
    """Write `data` to `target`; OSError if that fails, and then `target` is what it was.

    With `durable`, the file survives a power failure once this returns; an OSError may also mean
    that the new file is there and only its name might not survive one.
    """
    temporary = temporary_path(target)
    try:
        with temporary.open("wb") as file:
            file.write(data)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        os.replace(temporary, target)
    except BaseException:
        # What is left here is overwritten next time; the first error is the one to tell.
        with suppress(OSError):
            temporary.unlink()
        raise
    if durable:
        sync_directory(target.parent)


def make_directory(directory: Path) -> None:
    """Make `directory` and what is missing above it, all on the disk once this returns.

    A file in a directory whose own name is not on the disk is lost with it in a power failure.
    """
    above = (directory, *directory.parents)
    missing = list(takewhile(lambda one: not one.exists(), above))
    # Who made the one that is there may have been killed before its name was on the disk.
    _sync_others(above[min(len(missing), len(above) - 1)].parent)
    for one in reversed(missing):
        one.mkdir(exist_ok=True)
        sync_directory(one.parent)


def _sync_others(directory: Path) -> None:
    """Force the names in a directory to the disk that may not be ours to read or write."""
    try:
        sync_directory(directory)
    except OSError as error:
        if error.errno not in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise


def sync_directory(directory: Path) -> None:
    """Force the names in `directory` to the disk, where the system and the disk can do that."""
    if not hasattr(os, "O_DIRECTORY"):  # Windows opens no directories; its renames are journaled
        return
    try:
        _sync_names(directory)
    except OSError as error:
        if error.errno not in _NO_DIRECTORY_SYNC:
            raise


def _sync_names(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        with suppress(OSError):
            os.close(descriptor)


def settle(path: Path) -> None:
    """Have the file at `path`, if there is one, on the disk as it reads; OSError if that fails.

    A process that was killed may have written what only the system's memory holds: whoever goes on
    from it takes it for good.
    """
    if path.is_file():
        with path.open("rb+") as file:
            os.fsync(file.fileno())
        sync_directory(path.parent)
