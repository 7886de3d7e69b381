"""Whose turn it is to write in a run directory."""

from __future__ import annotations

from contextlib import suppress

from filelock import BaseFileLock

from pipeline.errors import RunError
from pipeline.files.locks import LockHeldError, acquire, release
from pipeline.run.directory import RunDirectory
from pipeline.run.holder import holder_words, write_holder
from pipeline.run.journal import settle


def lock(place: RunDirectory) -> BaseFileLock:
    """The acquired lock of a run directory, which must exist.

    Raises RunError if another process has it, OSError if the disk refuses.
    """
    try:
        held = acquire(place.lock)
    except LockHeldError as error:
        died = f"; if it is no more, delete {error.marker}" if error.marker else ""
        raise RunError(
            f"another render holds {place.root} ({holder_words(place)}); wait for it or stop it, "
            f"then give the same command again{died}"
        ) from error
    try:
        write_holder(place)
        settle(place.journal)
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
