"""Lives of renders: given, killed, given again until they end, and what they have left behind."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from shutil import rmtree
from typing import Any

from tests.torture.cases import OUT, Case
from tests.torture.server import KILLED, Server

_PATIENCE = 5.0
"""Seconds in which what a killed command has started ends too."""

Left = Mapping[str, Any]
"""What lies in a render, by name: the bytes of a file, or what its journal says."""


@dataclass(frozen=True)
class Undisturbed:
    """A case whose commands were given once each."""

    left: Left
    replaced: frozenset[tuple[str, bytes]]
    """The files of its takes, by their names in a take."""
    seconds: tuple[float, ...]
    """How long each command took."""


@dataclass
class Kills:
    """What was survived."""

    count: int = 0
    lives: int = 0
    torn: int = 0
    """How many left a file half written."""
    by_command: dict[str, int] = field(default_factory=dict)


def torture(case: Case, server: Server, folder: Path, count: int, seed: int) -> Kills:
    """Lives of one case, one after the other, until it was killed `count` times or more.

    The folder of a life that leaves something else than usual stays; AssertionError says where.
    """
    random, kills = Random(f"{seed} {case.name}"), Kills()
    usual = undisturbed(case, server, folder / f"{case.name}-undisturbed")
    while kills.count < count:
        here = folder / f"{case.name}-{kills.lives}"
        try:
            live(case, usual, server, here, random, kills)
        except AssertionError as error:
            error.add_note(f"case {case.name}, seed {seed}, life {kills.lives}, in {here}")
            raise
        rmtree(here)
    return kills


def undisturbed(case: Case, server: Server, folder: Path) -> Undisturbed:
    """What the commands of a case leave in `folder` where nothing happens to them."""
    _write(case, folder)
    seconds = []
    for command in case.commands:
        ended = server.run(command, folder)
        assert ended.code == 0, f"{case.name}: {' '.join(command)}: {ended.words}"
        seconds.append(ended.seconds)
    return Undisturbed(left_in(folder), frozenset(replaced_in(folder)), tuple(seconds))


def live(
    case: Case, usual: Undisturbed, server: Server, folder: Path, random: Random, kills: Kills
) -> None:
    """One life in `folder`, which is new; AssertionError if it leaves anything else than usual.

    The kills of a command come at moments that are evenly distributed over the time that it takes
    when nothing happens, or longer, the more often it was killed: else a slow hour of the machine
    would let it never end.
    """
    _write(case, folder)
    for command, seconds in zip(case.commands, usual.seconds, strict=True):
        words = " ".join(command)
        before = kills.count
        while True:
            patience = 1 + (kills.count - before) / 10
            ended = server.run(command, folder, random.uniform(0, seconds * patience))
            if ended.code != KILLED:
                break
            kills.count += 1
            kills.torn += bool(_temporaries(folder))
            kills.by_command[words] = kills.by_command.get(words, 0) + 1
            if random.random() < 0.5:  # else the next command meets what is still running
                _await_silence(folder)
        assert ended.code == 0, f"{case.name}: {words}: {ended.words}"
    kills.lives += 1
    check(usual, folder)


def check(usual: Undisturbed, folder: Path) -> None:
    """Raise AssertionError unless the render in `folder` is the usual one, and nothing is lost."""
    found = left_in(folder)
    assert found.keys() == usual.left.keys(), sorted(found.keys() ^ usual.left.keys())
    other = [name for name, data in found.items() if data != usual.left[name]]
    assert not other, f"other bytes: {other}"
    lost = usual.replaced - set(replaced_in(folder))
    assert not lost, f"no take has {sorted(name for name, _ in lost)}"
    _await_silence(folder)
    assert not (stray := _temporaries(folder)), f"temporary files are left: {stray}"


def _temporaries(folder: Path) -> list[Path]:
    return [path for path in folder.rglob(".*") if ".part" in path.name]


def _await_silence(folder: Path) -> None:
    """Wait until no process is about `folder`; AssertionError if one stays."""
    deadline = time.monotonic() + _PATIENCE
    while left := processes_about(folder):
        assert time.monotonic() < deadline, f"processes are left: {left}"
        time.sleep(0.01)


def left_in(folder: Path) -> Left:
    """What lies in the render in `folder`, but for its takes."""
    out = folder / OUT
    return {
        name: _told(data) if name.endswith("journal.jsonl") else data for name, data in _files(out)
    }


def replaced_in(folder: Path) -> Iterator[tuple[str, bytes]]:
    """The pictures and memories in the takes of a render: names within a take, and bytes."""
    for take in (folder / OUT / "takes").glob("*"):
        for kind in ("frames", "memory"):
            for path in (take / kind).rglob("*.*"):
                yield path.relative_to(take).as_posix(), path.read_bytes()


def processes_about(folder: Path) -> list[str]:
    """The commands of running processes that name `folder`; none where there is no /proc."""
    found = []
    for told in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = told.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:  # it has just ended
            continue
        if str(folder) in words:
            found.append(words)
    return found


def _write(case: Case, folder: Path) -> None:
    folder.mkdir()
    for name, text in case.scenes.items():
        (folder / name).write_text(text)


def _files(out: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(out.rglob("*")):
        name = path.relative_to(out).as_posix()
        if path.is_file() and not name.startswith("takes/"):
            yield name, path.read_bytes()


def _told(journal: bytes) -> list[dict[str, Any]]:
    """What a journal says of each frame, but for how long it took, in the order of the frames."""
    records = {}
    for line in journal.decode().splitlines():
        data = json.loads(line)
        data.pop("seconds")
        records[data.get("shot", ""), data["frame"]] = data
    return [records[key] for key in sorted(records)]
