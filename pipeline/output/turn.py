"""Who may write the video and what belongs to it: one process at a time.

A render is locked while its frames are written, and `assemble` may run meanwhile; this lock is
another one, for what both of them make at their end. The system lets it go however its holder
ends, so that whoever has it knows that what is half written belongs to nobody any more.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import RunError
from pipeline.files.atomic import TEMPORARY
from pipeline.files.locks import LockHeldError, acquire, release
from pipeline.output.whole import bring_back
from pipeline.run.directory import disk_errors

_LOCK = ".output.lock"


@contextmanager
def output_turn(folder: Path, suffixes: tuple[str, ...]) -> Iterator[None]:
    """Hold the turn in a run's folder; videos of these suffixes that a killed command left go.

    So do folders of pictures that it left half written; those that it had moved out of their way,
    without whole ones in their place, come back.

    Raises RunError if another process has it, or the folder cannot be written to.
    """
    with disk_errors("write", folder):
        try:
            holder = acquire(folder / _LOCK)
        except LockHeldError as error:
            gone = f", or delete {error.marker} if there is no such process" if error.marker else ""
            raise RunError(
                f"another process makes the video in {folder}; wait for it or stop it{gone}, then "
                "give the same command again"
            ) from error
    try:
        with disk_errors("write", folder):
            bring_back(folder)
            for suffix in suffixes:
                for left in folder.glob(f".*{TEMPORARY}{suffix}"):
                    left.unlink(missing_ok=True)
            for pictures in folder.glob(f".video-*{TEMPORARY}/"):
                shutil.rmtree(pictures)
        yield
    finally:
        release(holder)
