"""Which process writes in a run directory, as it says there itself.

The first line is for people: its number and its host. The second says when it was started, where
that can be known: a system gives the number of one that is gone to others.
"""

from __future__ import annotations

import os
import re
import socket
from dataclasses import dataclass
from pathlib import Path

from pipeline.run.directory import RunDirectory

_WORDS = re.compile(r"pid (\d{1,9}) on (.+)")
_NOBODY_KNOWN = "unknown process"

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_PROCESSES = Path("/proc")
_STARTED = 19
"""Place of the time of its start, in ticks since the boot, behind the name of a process in what
Linux says of it."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A process that has, or had, the lock of a run directory."""

    words: str
    """Number and host of the process, as `pid 4711 on studio`."""
    since: float
    """When it took the lock, in seconds since 1970."""
    alive: bool | None
    """Whether there is such a process; None if that cannot be known from this host.

    Where it does not say when it was started, another one that got its number counts as it."""
    seen: float | None
    """When it gave its last sign of life, in seconds since 1970; None if it gives none."""


def write_holder(place: RunDirectory) -> None:
    """Say that this process holds the lock of `place`."""
    words = f"pid {os.getpid()} on {socket.gethostname()}"
    place.holder.write_text("\n".join(filter(None, (words, _start(os.getpid())))))


def holder_of(place: RunDirectory) -> Holder | None:
    """The process that says it holds the lock of `place`; None if nobody does.

    A process that was killed cannot take its word back: `alive` tells it from one that writes.
    """
    try:
        words, _, start = place.holder.read_text(errors="replace").partition("\n")
        since = place.holder.stat().st_mtime
    except OSError:
        return None
    return Holder(words or _NOBODY_KNOWN, since, _alive(words, start.strip()), _seen(place))


def holder_words(place: RunDirectory) -> str:
    """Who holds the lock of `place`, in words, as far as they can be read."""
    holder = holder_of(place)
    return _NOBODY_KNOWN if holder is None else holder.words


def is_written(place: RunDirectory) -> bool:
    """Whether a process says that it holds the lock of `place`, and is not known to be no more."""
    holder = holder_of(place)
    return holder is not None and holder.alive is not False


def _seen(place: RunDirectory) -> float | None:
    try:
        return place.pulse.stat().st_mtime
    except OSError:
        return None


def _alive(words: str, start: str) -> bool | None:
    match = _WORDS.fullmatch(words)
    # On Windows the signal that asks whether there is a process would end it.
    if match is None or match[2] != socket.gethostname() or os.name == "nt":
        return None
    try:
        os.kill(int(match[1]), 0)
    except ProcessLookupError:
        return False
    except OSError:  # another user's
        pass
    return not start or _start(int(match[1])) in (start, "")


def _start(number: int) -> str:
    """When a process was started, as its boot and the ticks since; "" where that is not known."""
    try:
        said = (_PROCESSES / str(number) / "stat").read_text(errors="replace")
        # The name may have blanks and brackets.
        return f"{_BOOT.read_text().strip()} {said.rpartition(')')[2].split()[_STARTED]}"
    except (OSError, ValueError, LookupError):
        return ""
