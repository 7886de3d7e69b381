"""The power may go at any moment: what was said to be safe is there, and the same command goes on.

Whatever the disk may then hold is laid out, and the command is given again. `pytest -s` on this
file says how many states that are.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from stat import S_ISDIR
from typing import Any

import pytest

from pipeline.errors import Error
from pipeline.files import atomic
from pipeline.run import journal
from tests.crash_states import Content, Link, Operation, Promise, Sync
from tests.pipeline.endangered import Program
from tests.pipeline.endangered_by_hand import ALL
from tests.pipeline.power_loss import Recorded, Spoiled, after_a_kill, explore, recorded, recover

SOME = 24
"""One in so many states is looked at where there is little time."""

JOURNAL = "journal.jsonl"

every_program = pytest.mark.parametrize("program", ALL, ids=lambda one: one.name)


@pytest.fixture(autouse=True)
def nothing_waits_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a recovery forces to the disk is not what is tested."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


@every_program
def test_some_of_what_the_power_may_leave(tmp_path: Path, program: Program) -> None:
    found = recorded(program, tmp_path / "undisturbed")
    assert explore(program, found, tmp_path, every=SOME) >= 10
    assert found.operations >= 10


@pytest.mark.slow
@every_program
def test_whatever_the_power_leaves_the_same_command_goes_on(
    tmp_path: Path, program: Program
) -> None:
    explore(program, recorded(program, tmp_path / "undisturbed"), tmp_path)


@pytest.mark.slow
@every_program
def test_a_kill_and_then_the_power(tmp_path: Path, program: Program) -> None:
    """What a killed process had not synced, the next one takes for safe only once it is."""
    states = dict(after_a_kill(program, tmp_path))
    for number, (state, promised) in enumerate(states.items()):
        recover(program, state, promised, tmp_path / f"{number}")
    print(f"\n{program.name}: {len(states)} states after a kill")


class Lazy:
    """`os` for a module that forgets to force files, or folders, to the disk."""

    def __init__(self, forgets_folders: bool) -> None:
        self._forgets_folders = forgets_folders

    def fsync(self, descriptor: int) -> None:
        """Do that for the other kind."""
        if S_ISDIR(os.fstat(descriptor).st_mode) != self._forgets_folders:
            os.fsync(descriptor)

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)


def lazy(module: Any, forgets_folders: bool) -> Spoiled:
    """A fault of one module."""

    @contextmanager
    def spoiled() -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(module, "os", Lazy(forgets_folders))
            yield

    return spoiled


def in_order(trace: Sequence[Operation]) -> Sequence[Operation]:
    """No fault at all."""
    return trace


def line_first(trace: Sequence[Operation]) -> Sequence[Operation]:
    """A save that writes the line of a frame, and then its picture."""
    journals = {one.node for one in trace if isinstance(one, Link) and one.name == JOURNAL}
    made, since = list[Operation](), list[Operation]()
    for one in trace:
        since.append(one)
        if isinstance(one, Promise):
            pictures = (isinstance(o, Link) and o.name.startswith(".0") for o in since)
            begin = [*pictures].index(True)
            of_line = [
                o for o in since if isinstance(o, Link | Content | Sync) and o.node in journals
            ]
            others = [o for o in since[begin:] if o not in of_line]
            made += [*since[:begin], *of_line, *others]
            since = []
    return [*made, *since]


Reordered = Callable[[Sequence[Operation]], Sequence[Operation]]


@pytest.mark.parametrize(
    ("name", "spoiled", "reordered"),
    [
        ("save", lazy(atomic, forgets_folders=False), in_order),
        ("save", lazy(atomic, forgets_folders=True), in_order),
        # Lost lines of frames are found again in their pictures; those of people are not.
        ("accept", lazy(journal, forgets_folders=False), in_order),
        ("save", nullcontext, line_first),
    ],
    ids=["no fsync of files", "no fsync of folders", "no fsync of lines", "line before picture"],
)
def test_a_program_with_a_fault_is_found_out(
    tmp_path: Path, name: str, spoiled: Spoiled, reordered: Reordered
) -> None:
    program = next(one for one in ALL if one.name == name)
    found = recorded(program, tmp_path / "undisturbed", spoiled)
    with pytest.raises((AssertionError, Error)):
        explore(program, Recorded(found.start, reordered(found.trace)), tmp_path)
