"""Where the takes of a render lie, and how a new one is begun and finished.

While frames move to a take, `takes/.unfinished` has its number: whoever goes on after a kill puts
the rest of them into that one.
"""

from __future__ import annotations

import json
import re
import shutil
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from pipeline.files.atomic import make_directory, temporary_path, write_atomically
from pipeline.run.directory import RunDirectory
from pipeline.run.scene_copy import copy_scene
from pipeline.run.seeds import copy_seeds

TAKES = "takes"
"""Name of the folder of a render in which its takes lie."""

STATEMENT = "take.json"
"""Name of the file in a take that says when and why it was made."""

_UNFINISHED = ".unfinished"
_NUMBER = re.compile(r"\d{3,9}")


def take_folder(place: RunDirectory, number: int) -> Path:
    """The folder of a take, which need not be there."""
    return place.root / TAKES / f"{number:03d}"


def take_numbers(place: RunDirectory) -> list[int]:
    """The numbers of the takes of a render, from 1, in order."""
    folders = (place.root / TAKES).glob("*")
    return sorted(int(one.name) for one in folders if _NUMBER.fullmatch(one.name) and one.is_dir())


def new_take(place: RunDirectory, reason: str) -> RunDirectory:
    """Begin a take, laid out as a run.

    Why it is made, the scene's texts and the seeds of redone frames are on the disk. Call
    `finish_take` once it has all that belongs to it.
    """
    number = max(take_numbers(place), default=0) + 1
    folder = take_folder(place, number)
    make_directory(folder.parent)
    write_atomically(_mark(place), str(number).encode())
    make_directory(folder)
    said = {"made": datetime.now(UTC).isoformat(timespec="seconds"), "reason": reason}
    write_atomically(folder / STATEMENT, json.dumps(said, indent=1).encode())
    take = RunDirectory(folder)
    copy_scene(place, take)
    copy_seeds(place, take)
    return take


def unfinished_take(place: RunDirectory) -> RunDirectory | None:
    """The take that an interruption has kept from being finished; None if there is none.

    One that has no frame yet goes: what lies in it also lies in the render.
    """
    temporary_path(_mark(place)).unlink(missing_ok=True)
    try:
        number = int(_mark(place).read_bytes())
    except (FileNotFoundError, ValueError):
        return None
    take = RunDirectory(take_folder(place, number))
    folders = (take.frames, take.root / "memory", take.root / "intermediate")
    if any(path.is_file() for folder in folders for path in folder.rglob("*")):
        return take
    if take.root.is_dir():
        shutil.rmtree(take.root)
    return None


def finish_take(place: RunDirectory) -> None:
    """Say that nothing more belongs to the take that was begun last."""
    with suppress(FileNotFoundError):
        _mark(place).unlink()


def _mark(place: RunDirectory) -> Path:
    return place.root / TAKES / _UNFINISHED
