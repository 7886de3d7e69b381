"""A disk that fails at one operation, or from one operation on.

The operations are the calls of `os` and the methods of open files that reach below one folder.
They are counted in the order in which a program makes them, so that a test can fail the first,
the second, and so on, until the program gets through without meeting its fault.
"""

from __future__ import annotations

import builtins
import errno
import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

NEVER = sys.maxsize
"""The number of an operation that no program comes to."""

_CALLS = (
    *("open", "close", "fsync", "replace", "rename", "unlink", "truncate", "ftruncate"),
    *("mkdir", "rmdir", "stat", "lstat", "listdir", "scandir"),
)
_METHODS = frozenset({"read", "readinto", "write", "flush", "truncate", "close"})


@dataclass
class Disk:
    """The operations so far, and which of them fail."""

    folder: Path
    """Only what lies below it is counted."""
    first: int
    """The number of the operation that fails, from 1."""
    code: int = errno.EIO
    """The `errno` that it fails with."""
    lasting: bool = False
    """Whether all operations after it fail as well."""
    short: bool = False
    """Whether writes alone count, and one that fails has taken half of its bytes."""
    descriptors: set[int] = field(default_factory=set)
    """Those of the open files."""
    done: list[str] = field(default_factory=list)
    """The operations, by name."""

    @property
    def has_failed(self) -> bool:
        """Whether the fault was met."""
        return len(self.done) >= self.first

    def count(self, operation: str) -> None:
        """Take notice of an operation; OSError if it is its turn to fail."""
        if self.short and operation != "write":
            return
        self.done.append(operation)
        number = len(self.done)
        if number == self.first or (self.lasting and number > self.first):
            raise OSError(self.code, os.strerror(self.code))


class _File:
    """An open file whose methods are operations of the disk."""

    def __init__(self, file: Any, disk: Disk) -> None:
        self._file, self._disk = file, disk
        disk.descriptors.add(file.fileno())

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._file, name)
        if name not in _METHODS:
            return method

        def counted(*arguments: Any) -> Any:
            if name == "close" and not self._file.closed:
                self._disk.descriptors.discard(self._file.fileno())
            try:
                self._disk.count(name)
            except OSError:
                if self._disk.short:
                    method(arguments[0][: len(arguments[0]) // 2])
                    self._file.flush()
                if name == "close":  # the descriptor is gone even where the system complains
                    self._file.close()
                raise
            return method(*arguments)

        return counted

    def __enter__(self) -> _File:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __iter__(self) -> Iterator[Any]:
        return iter(self._file)


@contextmanager
def failing(disk: Disk) -> Iterator[Disk]:
    """Let the operations of the body reach `disk` first; nothing is forced to the real one."""
    with pytest.MonkeyPatch.context() as patch:
        for name in _CALLS:
            patch.setattr(os, name, _counted(name, getattr(os, name), disk))
        opened = _opening(io.open, disk)
        patch.setattr(io, "open", opened)
        patch.setattr(builtins, "open", opened)
        yield disk


def _counted(name: str, call: Callable[..., Any], disk: Disk) -> Callable[..., Any]:
    def run(*arguments: Any, **options: Any) -> Any:
        if not _reaches(disk, arguments):
            return call(*arguments, **options)
        try:
            disk.count(name)
        except OSError:
            if name == "close":
                disk.descriptors.discard(arguments[0])
                call(*arguments, **options)
            raise
        result = None if name == "fsync" else call(*arguments, **options)
        if name == "open":
            disk.descriptors.add(result)
        elif name == "close":
            disk.descriptors.discard(arguments[0])
        return result

    return run


def _opening(call: Callable[..., Any], disk: Disk) -> Callable[..., Any]:
    def run(file: Any, *arguments: Any, **options: Any) -> Any:
        if isinstance(file, int) or not _reaches(disk, (file,)):
            return call(file, *arguments, **options)
        disk.count("open")
        return _File(call(file, *arguments, **options), disk)

    return run


def _reaches(disk: Disk, arguments: tuple[Any, ...]) -> bool:
    """Whether a call is one on the disk: the first argument is a descriptor or a path on it."""
    place = arguments[0] if arguments else "."
    if isinstance(place, int):
        return place in disk.descriptors
    return os.fspath(place).startswith(str(disk.folder))
