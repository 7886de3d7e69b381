"""What the system says of a disk, in words for people."""

from __future__ import annotations

import errno
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import Error

_FAULT = "look at the disk, or at the connection to it; the same command continues"
_REMEDIES: Mapping[int | None, str] = {
    errno.ENOSPC: "make room on the disk; the same command continues",
    errno.EDQUOT: "make room within your quota; the same command continues",
    **dict.fromkeys((errno.EIO, errno.ENXIO, errno.ENODEV, errno.ESTALE, errno.ETIMEDOUT), _FAULT),
}


@contextmanager
def os_errors_as(kind: type[Error], verb: str, path: Path, remedy: str) -> Iterator[None]:
    """Turn an OSError of the body into a `kind`: what failed, the system's words, the remedy.

    `remedy` is for all that is neither a lack of room nor a fault of the disk itself.
    """
    try:
        yield
    except OSError as error:
        words = error.strerror or str(error)
        told = _REMEDIES.get(error.errno, remedy)
        raise kind(f"cannot {verb} {path}: {words}; {told}") from error
