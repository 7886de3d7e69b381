"""Programs whose power goes at every operation, and which are then given to their checks."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from copy import deepcopy
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from tests.crash_states import (
    Operation,
    Promise,
    State,
    Volume,
    crash_states,
    lay_out,
    seen,
    volume_of,
)
from tests.pipeline.endangered import Program
from tests.recorded import recording

Spoiled = Callable[[], AbstractContextManager[object]]
"""Makes a fault in the program for as long as it works."""


@dataclass(frozen=True)
class Recorded:
    """A program's way through the disk, from where it began."""

    start: Volume
    trace: Sequence[Operation]

    @property
    def operations(self) -> int:
        """How many operations of the disk it has."""
        return sum(not isinstance(one, Promise) for one in self.trace)


def recorded(program: Program, top: Path, spoiled: Spoiled = nullcontext) -> Recorded:
    """Run a program undisturbed, below the new folder `top`, and write down what it does."""
    top.mkdir()
    program.prepare(top / "out")
    start = volume_of(top)
    with recording(top, start) as recorder, spoiled():
        program.work(top / "out", recorder.promise)
    assert seen(recorder.volume) == seen(volume_of(top)), "the model is not the disk"
    return Recorded(start, recorder.trace)


def recover(program: Program, state: State, promised: frozenset[str], folder: Path) -> None:
    """Lay a state out in a new folder, and check what the program makes of it."""
    lay_out(state, folder)
    try:
        program.check(folder / "out", promised)
    except Exception as error:
        laid = sorted((path, None if data is None else len(data)) for path, data in state)
        error.add_note(f"{program.name}, after {sorted(promised)}, from {laid}")
        raise
    shutil.rmtree(folder)


def explore(program: Program, found: Recorded, folder: Path, every: int = 1) -> int:
    """Recover one in `every` states; how many states there are."""
    states = crash_states(found.start, found.trace)
    # From the last one: there most is promised, and a fault soonest found.
    for number, state in enumerate(islice(reversed(states), 0, None, every)):
        recover(program, state, states[state], folder / f"{number}")
    tried = "" if every == 1 else f", of which one in {every} was tried"
    print(f"\n{program.name}: {found.operations} operations, {len(states)} states{tried}")
    return len(states)


def after_a_kill(program: Program, folder: Path) -> Iterator[tuple[State, frozenset[str]]]:
    """What is safe at each promise of a program that goes on where another process was killed.

    The killed one has left all that it wrote to the system, and little of it may be on the disk.
    """
    first = recorded(program, folder / "undisturbed")
    volume = deepcopy(first.start)
    for number, operation in enumerate(first.trace):
        volume.apply(operation)
        top = folder / f"killed-{number}"
        lay_out(seen(volume), top)
        with recording(top, volume) as recorder:
            program.work(top / "out", recorder.promise)
        shutil.rmtree(top)
        again, promised = deepcopy(volume), frozenset[str]()
        for later in recorder.trace:
            again.apply(later)
            if isinstance(later, Promise):
                promised |= {later.what}
                yield again.least(), promised
