"""What a program does to a folder, written down operation by operation.

The calls of `os` and the methods of open files that reach below the folder are noted, and done, but
nothing is forced to the real disk. What other programs have written there is noted as soon as it is
opened, moved, or its folder synced.
"""

from __future__ import annotations

import builtins
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from tests.crash_states import (
    ROOT,
    Content,
    Link,
    Move,
    Operation,
    Promise,
    Remove,
    Sync,
    Volume,
    volume_of,
)

_open = io.open


class Recorder:
    """The operations so far, and the volume as they have left it."""

    def __init__(self, folder: Path, start: Volume) -> None:
        self.folder = folder
        self.volume = deepcopy(start)
        self.trace: list[Operation] = []
        self._descriptors: dict[int, str] = {}

    def promise(self, what: str) -> None:
        """Note that the program has said so."""
        self.note(Promise(what))

    def note(self, operation: Operation) -> None:
        """Write an operation down."""
        self.volume.apply(operation)
        self.trace.append(operation)

    def path(self, place: Any, dir_fd: int | None = None) -> str | None:
        """Where something lies below the folder, "" for itself; None for what lies elsewhere."""
        if isinstance(place, int):
            return self._descriptors.get(place)
        name = os.fspath(place)
        if dir_fd is not None:
            above = self._descriptors.get(dir_fd)
            return None if above is None else os.path.join(above, name)
        within = os.path.relpath(os.path.abspath(name), self.folder)
        return None if within.startswith("..") else ("" if within == "." else within)

    def node(self, path: str) -> int | None:
        """The number of what lies there; None if nothing does."""
        return ROOT if not path else self.volume.paths().get(path)

    def opened(self, descriptor: int, path: str) -> None:
        """Note a new descriptor."""
        self._descriptors[descriptor] = path
        self.adopt(path)

    def closed(self, descriptor: int) -> None:
        """Forget a descriptor."""
        self._descriptors.pop(descriptor, None)

    def adopt(self, path: str) -> None:
        """Note what is new at a path and in it, whoever made it."""
        real = self.folder / path
        if not real.exists():
            return
        node = self.node(path)
        if node is None:
            above, name = self._above(path)
            node = max([*self.volume.names, *self.volume.data]) + 1
            self.note(Link(above, name, node, real.is_dir()))
        if real.is_dir():
            for name in sorted(os.listdir(real)):
                if name not in self.volume.names[node]:
                    self.adopt(os.path.join(path, name))
        else:
            with _open(real, "rb") as file:
                data = file.read()
            if data != self.volume.data[node]:
                self.note(Content(node, data))

    def moved(self, path: str, to: str) -> None:
        """Note a rename."""
        self.note(Move(*self._above(path), *self._above(to)))

    def removed(self, path: str) -> None:
        """Note that a name is gone."""
        self.note(Remove(*self._above(path)))

    def synced(self, descriptor: int) -> None:
        """Note what was forced to the disk."""
        path = self._descriptors.get(descriptor)
        node = None if path is None else self.node(path)
        if path is not None and node is not None:
            self.adopt(path)
            self.note(Sync(node))

    def _above(self, path: str) -> tuple[int, str]:
        folder, name = os.path.split(path)
        node = self.node(folder)
        assert node is not None, f"{folder} is not known"
        return node, name


class _File:
    """An open file whose changes are written down."""

    def __init__(self, file: Any, recorder: Recorder, path: str) -> None:
        self._file, self._recorder, self._path = file, recorder, path
        recorder.opened(file.fileno(), path)

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._file, name)
        if name not in {"write", "writelines", "flush", "truncate", "close"}:
            return method

        def noted(*arguments: Any) -> Any:
            if name == "close" and not self._file.closed:
                self._recorder.closed(self._file.fileno())
            result = method(*arguments)
            self._recorder.adopt(self._path)
            return result

        return noted

    def __enter__(self) -> _File:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __iter__(self) -> Iterator[Any]:
        return iter(self._file)


@contextmanager
def recording(folder: Path, start: Volume) -> Iterator[Recorder]:
    """Write down what the body does below `folder`, which holds what `start` shows to programs."""
    recorder = Recorder(folder, start)
    with pytest.MonkeyPatch.context() as patch:
        for name, noted in _CALLS.items():
            patch.setattr(os, name, noted(recorder, getattr(os, name)))
        opened = _opening(recorder, io.open)
        patch.setattr(io, "open", opened)
        patch.setattr(builtins, "open", opened)
        yield recorder


def _opening(recorder: Recorder, call: Callable[..., Any]) -> Callable[..., Any]:
    def run(file: Any, mode: str = "r", *arguments: Any, **options: Any) -> Any:
        result = call(file, mode, *arguments, **options)
        path = None if isinstance(file, int) else recorder.path(file)
        is_read = not set(mode) & set("wax+")
        return result if path is None or is_read else _File(result, recorder, path)

    return run


def _os_open(recorder: Recorder, call: Callable[..., Any]) -> Callable[..., Any]:
    def run(path: Any, *arguments: Any, dir_fd: int | None = None, **options: Any) -> int:
        descriptor: int = call(path, *arguments, dir_fd=dir_fd, **options)
        within = recorder.path(path, dir_fd)
        if within is not None:
            recorder.opened(descriptor, within)
        return descriptor

    return run


def _close(recorder: Recorder, call: Callable[..., Any]) -> Callable[..., Any]:
    def run(descriptor: int) -> None:
        recorder.closed(descriptor)
        call(descriptor)

    return run


def _fsync(recorder: Recorder, call: Callable[..., Any]) -> Callable[..., Any]:
    return recorder.synced


def _change(recorder: Recorder, call: Callable[..., Any]) -> Callable[..., Any]:
    """A call that changes what lies at a path or behind a descriptor, or makes it."""

    def run(place: Any, *arguments: Any, dir_fd: int | None = None, **options: Any) -> Any:
        if dir_fd is not None:
            options["dir_fd"] = dir_fd
        result = call(place, *arguments, **options)
        path = recorder.path(place, dir_fd)
        if path is not None:
            recorder.adopt(path)
        return result

    return run


def _removal(recorder: Recorder, call: Callable[..., Any]) -> Callable[..., Any]:
    def run(place: Any, *, dir_fd: int | None = None) -> None:
        path = recorder.path(place, dir_fd)
        if path is not None:
            recorder.adopt(path)
        call(place, dir_fd=dir_fd)
        if path is not None:
            recorder.removed(path)

    return run


def _rename(recorder: Recorder, call: Callable[..., Any]) -> Callable[..., Any]:
    def run(source: Any, target: Any) -> None:
        before, after = recorder.path(source), recorder.path(target)
        assert (before is None) == (after is None), "it would leave the folder"
        if before is not None:
            recorder.adopt(before)
        call(source, target)
        if before is not None and after is not None:
            recorder.moved(before, after)

    return run


_CALLS = {
    "open": _os_open,
    "close": _close,
    "fsync": _fsync,
    **dict.fromkeys(("replace", "rename"), _rename),
    **dict.fromkeys(("unlink", "remove", "rmdir"), _removal),
    **dict.fromkeys(("mkdir", "write", "truncate", "ftruncate"), _change),
}


def safe_after(folder: Path, *processes: Callable[[], object]) -> dict[str, bytes | None]:
    """What of a folder is surely on the disk when these have ended, one after the other."""
    volume = volume_of(folder)
    for process in processes:
        with recording(folder, volume) as recorder:
            process()
        volume = recorder.volume
    return dict(volume.least())
