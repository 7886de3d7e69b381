"""A sign of life beside the lock of a run directory, for computers that cannot see its process.

Whoever has the lock touches a file twice a minute. Another computer tells by the file's age that
the process is no more, by the clock of the disk on which the directory lies: the clocks of two
computers are not compared. The file holds a word of the process's own, by which it finds out that
it was held for dead, as after a night in which its computer slept, and that another one writes now.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread

BEAT = 30.0
"""Seconds between two signs of life."""

SILENCE = 15 * 60.0
"""Seconds without a sign of life after which a process of another computer counts as dead: longer
than a share is away that comes back by itself, and than a computer keeps old times of files."""


class Pulse:
    """The signs of life of this process in the file at `path`, each `beat` seconds once started."""

    def __init__(self, path: Path, beat: float = BEAT) -> None:
        self._path, self._beat = path, beat
        self._word = ""
        self._end = Event()

    def start(self) -> None:
        """Begin, in the place of whoever gave them before; OSError if the disk refuses."""
        word = f"{os.getpid()} {secrets.token_hex(8)}"
        self._path.write_text(word)
        self._word = word
        Thread(target=self._go_on, name="sign of life", daemon=True).start()

    @property
    def is_taken(self) -> bool:
        """Whether another process has put its own word there since this one started.

        A file that is gone, or that the disk does not give, says nothing against this process.
        """
        if not self._word:
            return False
        with suppress(OSError):
            return self._path.read_text(errors="replace") not in ("", self._word)
        return False

    def stop(self) -> None:
        """Give no more signs of life, and take the file away unless it is another process's."""
        self._end.set()
        if not self.is_taken:
            with suppress(OSError):
                self._path.unlink()

    def _go_on(self) -> None:
        while not self._end.wait(self._beat):
            if not self.is_taken:
                # A share that is away for a while may come back.
                with suppress(OSError):
                    os.utime(self._path)


def silence(path: Path) -> float | None:
    """Seconds since the last sign of life in the file at `path`; None where that cannot be told.

    The clock is that of the disk; they are negative after it was put back.
    """
    probe = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        last = path.stat().st_mtime
        probe.write_text("?")  # a write, after which a server tells its own time
        return probe.stat().st_mtime - last
    except OSError:
        return None
    finally:
        with suppress(OSError):
            probe.unlink()
