"""Locks between processes, also on shares that know none.

The system keeps a lock for as long as its process lives. Where a file system has no such locks
(some network shares, some of FUSE), a marker file stands for one: it exists while the lock is held.
The marker of a process that was killed on this machine is taken over where the library can tell
that; any other stays until somebody breaks it.
"""

from __future__ import annotations

import errno
import os
import warnings
from contextlib import suppress
from pathlib import Path

from filelock import BaseFileLock, FileLock, SoftFileLock, Timeout

FOR_EVER = -1.0
"""The seconds to wait for a lock that is worth any time."""

_MARKER = ".held"
_NO_LOCKS = frozenset({errno.ENOSYS, errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP})


class LockHeldError(Exception):
    """Another process has the lock."""

    def __init__(self, marker: Path | None) -> None:
        self.marker = marker
        """The file to delete if there is no such process any more; None where the system knows."""
        super().__init__(marker)


def acquire(path: Path, seconds: float = 0.0) -> BaseFileLock:
    """The lock of the file `path`, waited for no longer than `seconds`; `release` gives it back.

    Raises:
        LockHeldError: another process has it.
        OSError: the file cannot be written, or the disk has a fault.
    """
    lock: BaseFileLock = FileLock(path)
    try:
        return _acquired(lock, seconds)
    except NotImplementedError:  # how older releases of filelock say ENOSYS
        pass
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise
    return _acquired(SoftFileLock(path.with_name(path.name + _MARKER)), seconds)


def break_marker(marker: Path) -> None:
    """Take away the marker of a process that is no more, also if another one has done so before.

    Raises OSError if the disk refuses.
    """
    # Of several processes that come to it at once, one alone moves a marker.
    aside = marker.with_name(f"{marker.name}.{os.getpid()}")
    with suppress(FileNotFoundError):
        os.replace(marker, aside)
        aside.unlink()


def release(lock: BaseFileLock) -> None:
    """Give a lock back. A system that refuses that does it when the process ends."""
    with suppress(OSError):
        lock.release()


def _acquired(lock: BaseFileLock, seconds: float) -> BaseFileLock:
    try:
        with warnings.catch_warnings():
            # filelock warns where it puts a marker in the place of a lock by itself.
            warnings.simplefilter("ignore", UserWarning)
            lock.acquire(timeout=seconds)
    except Timeout as error:
        is_marker = isinstance(lock, SoftFileLock)
        raise LockHeldError(Path(lock.lock_file) if is_marker else None) from error
    return lock
