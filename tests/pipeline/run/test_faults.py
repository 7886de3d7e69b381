"""Every operation on the disk may fail, once or for good: a program says so, and loses nothing."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline.errors import Error
from tests.faults import Disk, failing
from tests.pipeline.endangered import Program
from tests.pipeline.endangered_by_hand import ALL
from tests.pipeline.runs import contents

SOME = 60
"""One in so many operations fails where there is little time."""


@dataclass(frozen=True)
class Fault:
    """How a disk fails."""

    code: int
    lasting: bool = False
    short: bool = False

    def at(self, operation: int, folder: Path) -> Disk:
        """A disk that fails so at an operation below a folder."""
        return Disk(folder, operation, self.code, self.lasting, self.short)


FAULTS: Mapping[str, Fault] = {
    "EIO once": Fault(errno.EIO),
    "EIO for good": Fault(errno.EIO, lasting=True),
    "EACCES once": Fault(errno.EACCES),
    "EACCES for good": Fault(errno.EACCES, lasting=True),
    "ENOSPC once": Fault(errno.ENOSPC),
    "ENOSPC for good": Fault(errno.ENOSPC, lasting=True),
    "a short write": Fault(errno.ENOSPC, short=True),
    "short writes": Fault(errno.ENOSPC, lasting=True, short=True),
}
"""Libraries treat EACCES apart from other errors, and a full disk does not heal by itself."""

every_program = pytest.mark.parametrize("program", ALL, ids=lambda one: one.name)


@pytest.fixture(autouse=True)
def nothing_waits_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is forced to the disk is not what is tested."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


def fail_once(program: Program, disk: Disk, promised: set[str]) -> None:
    """Run a program on a disk with a fault: only an Error that tells a remedy may end it."""
    with failing(disk):
        try:
            program.work(disk.folder / "out", promised.add)
        except Error as error:
            assert disk.has_failed
            assert "; " in str(error), "no remedy is told"


def fail_each(program: Program, folder: Path, every: int = 1) -> tuple[int, int]:
    """Fail every operation in every way, each in a run of its own, and check what is left.

    How many runs there were, and how many different ends; one end is checked once.
    """
    before, top, ends, runs = folder / "before", folder / "top", set[object](), 0
    before.mkdir()
    program.prepare(before / "out")
    for number, fault in enumerate(FAULTS.values()):
        operation, reached = 1 + number * every // len(FAULTS), True
        while reached:
            shutil.copytree(before, top)
            disk, promised = fault.at(operation, top), set[str]()
            try:
                fail_once(program, disk, promised)
                end = frozenset(contents(top).items()), frozenset(promised)
                if end not in ends:
                    program.check(top / "out", promised)
            except Exception as error:
                error.add_note(f"{program.name}, {fault}, at {operation}, of {disk.done[-9:]}")
                raise
            shutil.rmtree(top)
            reached, operation, runs = disk.has_failed, operation + every, runs + 1
            ends.add(end)
    print(f"\n{program.name}: {runs} runs with a fault, {len(ends)} different ends")
    return runs, len(ends)


@every_program
def test_some_operations_that_fail(tmp_path: Path, program: Program) -> None:
    runs, ends = fail_each(program, tmp_path, every=SOME)
    assert runs > len(FAULTS) and ends > 1


@pytest.mark.slow
@every_program
def test_a_disk_that_fails_at_any_operation_costs_no_picture(
    tmp_path: Path, program: Program
) -> None:
    fail_each(program, tmp_path)
