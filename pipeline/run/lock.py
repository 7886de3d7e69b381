"""Whose turn it is to write in a run directory."""

from __future__ import annotations

import os
import socket
from contextlib import suppress

from filelock import BaseFileLock

from pipeline.errors import RunError
from pipeline.files.locks import LockHeldError, acquire, release
from pipeline.run.directory import RunDirectory


def lock(place: RunDirectory) -> BaseFileLock:
    """The acquired lock of a run directory, which must exist.

    Raises RunError if another process has it, OSError if the disk refuses.
    """
    try:
        held = acquire(place.lock)
    except LockHeldError as error:
        died = f"; if it is no more, delete {error.marker}" if error.marker else ""
        raise RunError(
            f"another render holds {place.root} ({_holder(place)}); wait for it or stop it, "
            f"then give the same command again{died}"
        ) from error
    try:
        place.holder.write_text(f"pid {os.getpid()} on {socket.gethostname()}")
    except BaseException:
        unlock(place, held)
        raise
    return held


def unlock(place: RunDirectory, held: BaseFileLock) -> None:
    """Give the run directory back, whatever the disk says."""
    # Only the lock counts; words about nobody mislead nobody.
    with suppress(OSError):
        place.holder.unlink()
    release(held)


def _holder(place: RunDirectory) -> str:
    """Who holds the lock, in words, as far as they can be read."""
    try:
        return place.holder.read_text(errors="replace") or "unknown process"
    except OSError:
        return "unknown process"
