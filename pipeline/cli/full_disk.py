"""A disk that fills up in the middle of a render: what is left of that, and what is free."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from keyframes.time_words import counted
from pipeline.cli.disk_room import bytes_in_words
from pipeline.errors import RunError
from pipeline.files.os_errors import lacks_room
from pipeline.run.disk_use import DiskUse, measured_use, rough_use

if TYPE_CHECKING:
    from pipeline.run.run import Run
    from pipeline.spec.plan import Plan


@contextmanager
def room_told(folder: Path, plan: Plan, run: Run) -> Iterator[None]:
    """Say in the error of a full disk how much the rest of the render in `folder` takes.

    Raises:
        RunError: the body's, with these words if it is about a disk without room.
    """
    try:
        yield
    except RunError as error:
        if not lacks_room(error.__cause__):
            raise
        raise RunError(f"{error}. {_words(folder, plan, run.finished)}") from error


def _words(folder: Path, plan: Plan, finished: int) -> str:
    use = _use(folder, plan)
    each = (use.frames + use.memory) / len(plan)
    left = len(plan) - finished
    # Clips are decoded before the first frame.
    rest = use.total - use.clips - finished * each
    return (
        f"A frame takes some {bytes_in_words(round(each))} with what it leaves for the next, and "
        f"what is left, {counted(left, 'frame')} and the results, some "
        f"{bytes_in_words(round(rest))}{_free(folder)}"
    )


def _use(folder: Path, plan: Plan) -> DiskUse:
    """What the whole render takes, as its frames do, or roughly where there is none to measure."""
    try:
        return measured_use(folder, plan) or rough_use(plan)
    except OSError:
        return rough_use(plan)


def _free(folder: Path) -> str:
    try:
        free = shutil.disk_usage(folder).free
    except OSError:
        return ""
    return f"; {bytes_in_words(free)} are free on the disk"
