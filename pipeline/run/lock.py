"""Whose turn it is to write in a run directory.

The lock of a process of this computer ends with it. On a share, that of another computer may
outlive its process: a marker file stays, and a server may go on holding a lock for a client that
went down. A marker is taken over once its process gives no sign of life for long; a lock that a
server holds is not, and the message names the file to delete.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import BaseFileLock

from keyframes.time_words import clock_time
from pipeline.errors import RunError
from pipeline.files.atomic import settle
from pipeline.files.locks import LockHeldError, acquire, break_marker, release
from pipeline.run.directory import RunDirectory
from pipeline.run.holder import holder_of, holder_words, write_holder
from pipeline.run.pulse import SILENCE, Pulse, silence

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Hold:
    """The acquired lock of a run directory."""

    place: RunDirectory
    file: BaseFileLock
    pulse: Pulse

    def check(self) -> None:
        """Raise RunError if another process has taken the lock over, and writes there now."""
        if self.pulse.is_taken:
            raise RunError(
                f"another render has taken {self.place.root} over ({holder_words(self.place)}), as "
                f"this one gave no sign of life for {clock_time(SILENCE)} or more; nothing more is "
                "written here. Once the other one has ended, the same command goes on"
            )


def lock(place: RunDirectory) -> Hold:
    """The acquired lock of a run directory, which must exist.

    Raises RunError if another process has it, OSError if the disk refuses.
    """
    try:
        file = acquire(place.lock)
    except LockHeldError as error:
        file = _taken_over(place, error)
    held = Hold(place, file, Pulse(place.pulse))
    try:
        write_holder(place)
        settle(place.journal)
        held.pulse.start()
    except BaseException:
        unlock(place, held)
        raise
    return held


def unlock(place: RunDirectory, held: Hold) -> None:
    """Give the run directory back, whatever the disk says."""
    # Only the lock counts; words about nobody mislead nobody.
    if not held.pulse.is_taken:
        with suppress(OSError):
            place.holder.unlink()
    held.pulse.stop()
    release(held.file)


def _taken_over(place: RunDirectory, error: LockHeldError) -> BaseFileLock:
    """The lock of a process that left a marker and is no more; RunError if it may still live."""
    holder, quiet = holder_of(place), silence(place.pulse) or 0.0
    alive = None if holder is None else holder.alive
    is_silent = alive is None and quiet > SILENCE
    if error.marker is not None and (is_silent or alive is False):
        why = f"gave no sign of life for {clock_time(quiet)}" if is_silent else "is no more"
        words = holder_words(place)
        with suppress(LockHeldError):  # others may have come to the same
            break_marker(error.marker)
            file = acquire(place.lock)
            _log.warning("%s held %s and %s: its lock is taken over", words, place.root, why)
            return file
    remedy = _of_marker(error.marker, quiet) if error.marker else _of_server(place.lock, quiet)
    raise RunError(
        f"another render holds {place.root} ({holder_words(place)}); wait for it or stop it, "
        f"then give the same command again{remedy if error.marker or is_silent else ''}"
    ) from error


def _of_marker(marker: Path, quiet: float) -> str:
    """What becomes of the marker of a process that was silent for so many seconds, in words."""
    last = f"; its last sign of life is {clock_time(quiet)} old, and its lock is taken over when"
    told = f"{last} that is {clock_time(SILENCE)}" if quiet > 0 else ""
    return f"{told}; if it is no more, delete {marker}"


def _of_server(lock: Path, quiet: float) -> str:
    """What may be done about a lock whose process was silent for so many seconds, in words."""
    return (
        f"; it gave no sign of life for {clock_time(quiet)}: if its computer went down, the server "
        f"of the share keeps its lock, until you delete {lock}"
    )
