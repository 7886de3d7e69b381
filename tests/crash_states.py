"""What a disk may hold after its power was cut, as a model of it says.

Conventions:
    What was synced is there. Of what was not, each change of names is there or lost, whatever was
    lost beside it; and of a file either all bytes, or only those that were synced, or its length
    with zeros in it, or the first half. A rename is one step, but between two folders the new name
    may be there with the old one still beside it: no file system frees a name before that.
    This is the model of ALICE (Pillai et al., OSDI 2014), with the four ways of losing bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import product, takewhile
from pathlib import Path

ROOT = 0
"""The number of the folder itself among its files and folders."""

FEW = 4
"""Of so many changes that are not synced every selection is a state; of more, some."""


@dataclass(frozen=True, slots=True)
class Link:
    """A new file or folder under a name."""

    folder: int
    name: str
    node: int
    is_folder: bool = False


@dataclass(frozen=True, slots=True)
class Remove:
    """The end of a name."""

    folder: int
    name: str


@dataclass(frozen=True, slots=True)
class Move:
    """A rename, which takes the new name from whatever had it."""

    folder: int
    name: str
    to_folder: int
    to_name: str


@dataclass(frozen=True, slots=True)
class Content:
    """The bytes that a file has after a write or a truncation."""

    node: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Sync:
    """The bytes of a file, or the names in a folder, are forced to the disk."""

    node: int


@dataclass(frozen=True, slots=True)
class Promise:
    """The program has said that something is done and safe; no operation of the disk."""

    what: str


Operation = Link | Remove | Move | Content | Sync | Promise
State = frozenset[tuple[str, bytes | None]]
"""The files by their paths, and None for folders."""


@dataclass(frozen=True, eq=False)
class _Change:
    """Names that appear or vanish in one step, each with its folder, and what has to be first."""

    names: tuple[tuple[int, str, int | None], ...]
    needs: _Change | None = None


@dataclass
class Volume:
    """A folder as programs see it, and what of it is safe on the disk."""

    names: dict[int, dict[str, int]] = field(default_factory=lambda: {ROOT: {}})
    """What lies in each folder, by its number."""
    data: dict[int, bytes] = field(default_factory=dict)
    """What each file holds."""
    safe_names: dict[int, dict[str, int]] = field(default_factory=lambda: {ROOT: {}})
    safe_data: dict[int, bytes] = field(default_factory=dict)
    pending: list[_Change] = field(default_factory=list)
    """Changes of names that are not synced, in their order."""

    def apply(self, operation: Operation) -> None:
        """What an operation does."""
        match operation:
            case Link(folder, name, node, is_folder):
                if is_folder:
                    self.names[node], self.safe_names[node] = {}, {}
                else:
                    self.data[node], self.safe_data[node] = b"", b""
                self._change((folder, name, node))
            case Remove(folder, name):
                self._change((folder, name, None))
            case Move():
                self._move(operation)
            case Content(node, data):
                self.data[node] = data
            case Sync(node) if node in self.data:
                self.safe_data[node] = self.data[node]
            case Sync(node):
                for change in [one for one in self.pending if _touches(one, node)]:
                    self._settle(change)

    def paths(self) -> dict[str, int]:
        """Every file and folder as programs see them."""
        return dict(_walk(self.names, self.names[ROOT], ""))

    def states(self) -> Iterator[State]:
        """What may be there if the power goes now; some of it more than once."""
        for chosen in _selections(self.pending):
            names = deepcopy(self.safe_names)
            for change in chosen:
                _put(names, change)
            found = dict(_walk(names, names[ROOT], ""))
            files = {path: node for path, node in found.items() if node in self.data}
            folders = [(path, None) for path in found.keys() - files.keys()]
            for data in self._contents(set(files.values())):
                yield frozenset([*folders, *((path, data[node]) for path, node in files.items())])

    def least(self) -> State:
        """What is there if all is lost that was not synced."""
        found = dict(_walk(self.safe_names, self.safe_names[ROOT], ""))
        return frozenset((path, self.safe_data.get(node)) for path, node in found.items())

    def _change(self, *names: tuple[int, str, int | None], needs: _Change | None = None) -> _Change:
        change = _Change(names, needs)
        _put(self.names, change)
        self.pending.append(change)
        return change

    def _move(self, move: Move) -> None:
        node = self.names[move.folder][move.name]
        gone, new = (move.folder, move.name, None), (move.to_folder, move.to_name, node)
        if move.folder == move.to_folder or node in self.names:
            self._change(gone, new)
        else:
            self._change(gone, needs=self._change(new))

    def _settle(self, change: _Change) -> None:
        if change.needs is not None and change.needs in self.pending:
            self._settle(change.needs)
        _put(self.safe_names, change)
        self.pending.remove(change)

    def _contents(self, nodes: set[int]) -> Iterator[dict[int, bytes]]:
        """The bytes that the files may hold: all in one of the ways, or one file in another."""
        loose = sorted(node for node in nodes if self.data[node] != self.safe_data[node])
        ways = {node: _ways(self.safe_data[node], self.data[node]) for node in loose}
        whole = {node: self.data[node] for node in nodes}
        if len(loose) <= 2:
            for some in product(*ways.values()):
                yield whole | dict(zip(loose, some, strict=True))
            return
        lost = whole | {node: self.safe_data[node] for node in loose}
        for way in range(4):
            yield whole | {node: ways[node][way] for node in loose}
        for node in loose:
            yield from (whole | {node: data} for data in ways[node])
            yield from (lost | {node: data} for data in ways[node])


def crash_states(start: Volume, trace: Iterable[Operation]) -> dict[State, frozenset[str]]:
    """All that the disk may hold, with what had been promised when the power went.

    `start` is the volume before the trace; it is left as it was.
    """
    volume, promised = deepcopy(start), frozenset[str]()
    found = dict.fromkeys(volume.states(), promised)
    for operation in trace:
        if isinstance(operation, Promise):
            promised |= {operation.what}
        volume.apply(operation)
        # What the disk may hold has to be good for the most that was ever promised then.
        found.update(dict.fromkeys(volume.states(), promised))
    return found


def volume_of(folder: Path) -> Volume:
    """The volume of a folder that has been lying there for long: all of it is safe."""
    volume = Volume()
    numbers = {folder: ROOT}
    for node, path in enumerate(sorted(folder.rglob("*")), start=1):
        numbers[path] = node
        volume.apply(Link(numbers[path.parent], path.name, node, path.is_dir()))
        if not path.is_dir():
            volume.apply(Content(node, path.read_bytes()))
    for node in numbers.values():
        volume.apply(Sync(node))
    return volume


def lay_out(state: Iterable[tuple[str, bytes | None]], folder: Path) -> None:
    """Make a new folder with such files and folders in it."""
    folder.mkdir(parents=True)
    for path, data in sorted(state, key=lambda one: one[0]):
        if data is None:
            (folder / path).mkdir()
        else:
            (folder / path).write_bytes(data)


def seen(volume: Volume) -> State:
    """The files and folders of a volume as programs see them."""
    return frozenset((path, volume.data.get(node)) for path, node in volume.paths().items())


def _touches(change: _Change, folder: int) -> bool:
    return any(one == folder for one, _, _ in change.names)


def _put(names: dict[int, dict[str, int]], change: _Change) -> None:
    for folder, name, node in change.names:
        if node is None:
            names[folder].pop(name, None)
        else:
            names[folder][name] = node


def _walk(
    names: dict[int, dict[str, int]], inside: dict[str, int], above: str
) -> Iterator[tuple[str, int]]:
    for name, node in inside.items():
        yield f"{above}{name}", node
        if node in names:
            yield from _walk(names, names[node], f"{above}{name}/")


def _selections(changes: Sequence[_Change]) -> Iterator[list[_Change]]:
    """Which changes may have reached the disk, each with those that it needs."""
    count = len(changes)
    if count <= FEW:
        chosen = list(product((False, True), repeat=count))
    else:
        first = [tuple(place < end for place in range(count)) for end in range(count + 1)]
        alone = [tuple(place == one for place in range(count)) for one in range(count)]
        chosen = [*first, *alone, *(tuple(not there for there in one) for one in alone)]
    for there in dict.fromkeys(chosen):
        some = [change for change, is_there in zip(changes, there, strict=True) if is_there]
        # What it needs may be safe by now, and is then no longer pending.
        if all(one.needs is None or one.needs in some or one.needs not in changes for one in some):
            yield some


def _ways(safe: bytes, written: bytes) -> list[bytes]:
    """What may be found of a file that was written: all, what was safe, zeros, the first half."""
    kept = sum(
        1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(safe, written, strict=False))
    )
    zeros = written[:kept] + bytes(len(written) - kept)
    return [written, safe, zeros, written[: (kept + len(written)) // 2]]
