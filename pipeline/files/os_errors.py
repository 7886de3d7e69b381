"""What the system says of a disk, in words for people."""

from __future__ import annotations

import errno
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import Error

_FAULT = "look at the disk, or at the connection to it; the same command continues"
_ROOM: Mapping[int | None, str] = {
    errno.ENOSPC: "make room on the disk; the same command continues",
    errno.EDQUOT: "make room within your quota; the same command continues",
}
_FAULTS = (
    *("EIO", "ENXIO", "ENODEV", "ESTALE", "ETIMEDOUT", "EREMOTEIO", "ENOLINK", "ECOMM"),
    *("ENOTCONN", "ECONNRESET", "ECONNABORTED", "ECONNREFUSED", "ESHUTDOWN"),
    *("EHOSTDOWN", "EHOSTUNREACH", "ENETDOWN", "ENETRESET", "ENETUNREACH"),
)
"""Names of what a disk that fails, and a share that went away, answer; not every system has all."""
_REMEDIES: Mapping[int | None, str] = {
    **_ROOM,
    **{getattr(errno, name): _FAULT for name in _FAULTS if hasattr(errno, name)},
}


def lacks_room(error: BaseException | None) -> bool:
    """Whether an error says that a disk, or a quota of it, is full."""
    return isinstance(error, OSError) and error.errno in _ROOM


@contextmanager
def os_errors_as(
    kind: type[Error], verb: str, path: Path, remedy: str, gone: str = ""
) -> Iterator[None]:
    """Turn an OSError of the body into a `kind`: what failed, the system's words, the remedy.

    `gone` is the remedy for what is not there, and `remedy` for all else that is neither a lack of
    room nor a fault of the disk itself.
    """
    try:
        yield
    except OSError as error:
        words = error.strerror or str(error)
        missing = gone if error.errno == errno.ENOENT else ""
        told = missing or _REMEDIES.get(error.errno, remedy)
        raise kind(f"cannot {verb} {path}: {words}; {told}") from error
