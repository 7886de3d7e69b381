"""Files that are read as they were when their sums were taken, or not at all.

What a frame depends on is hashed when a render begins, and read when the frame is made. In between
a file may change, and change back: so the very bytes that are decoded are compared with the sum,
wherever they are read. As with a decimal context, a promise holds for all that is called inside.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from types import MappingProxyType

from keyframes.quoting import quoted_path
from pipeline.files.hashing import bytes_digest
from pipeline.files.picture_header import PictureError

_SUMS: ContextVar[Mapping[Path, str]] = ContextVar("sums", default=MappingProxyType({}))


@contextmanager
def promised(sums: Mapping[Path, str]) -> Iterator[None]:
    """Inside, files in `sums` are those of these SHA-256 sums, or reading them is an error."""
    token = _SUMS.set(sums)
    try:
        yield
    finally:
        _SUMS.reset(token)


def read_promised(path: Path) -> bytes:
    """The bytes of a file; OSError if it cannot be read.

    Raises:
        PictureError: they are not those that were promised.
    """
    data = path.read_bytes()
    expected = _SUMS.get().get(path)
    if expected is not None and bytes_digest(data) != expected:
        raise PictureError(
            f"{quoted_path(path)} changed while it was rendered from; nothing was made of what "
            "it is now: give the same command again, which says what the change costs"
        )
    return data
