"""Files that a command writes where its user asks for them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import Error


@contextmanager
def writing(path: Path, *read: Path) -> Iterator[None]:
    """Turn an OSError of the body, which writes `path`, into words for people.

    Raises Error if `path` is one of the files that were `read`, which would be lost.
    """
    with _words_for(path):
        if any(path.samefile(one) for one in read if path.exists() and one.exists()):
            raise Error(f"{path}: this is what is read here, and would be lost; name another file")
        yield


def is_there(path: Path) -> bool:
    """Whether something is at a place that is to be written; Error where nobody may look."""
    with _words_for(path):
        return path.exists() or path.is_symlink()


@contextmanager
def _words_for(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Error(
            f"{path}: cannot be written ({error.strerror}); name a file in a folder that you "
            "may write to"
        ) from error
