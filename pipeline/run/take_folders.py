"""Where the takes of a render lie, and how a new one is begun."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

from pipeline.files.atomic import make_directory, temporary_path, write_atomically
from pipeline.files.listing import listed
from pipeline.run.directory import RunDirectory
from pipeline.run.scene_copy import copy_scene
from pipeline.run.seeds import copy_seeds

TAKES = "takes"
"""Name of the folder of a render in which its takes lie."""

STATEMENT = "take.json"
"""Name of the file in a take that says when and why it was made."""

_NUMBER = re.compile(r"\d{3,9}")


def take_folder(place: RunDirectory, number: int) -> Path:
    """The folder of a take, which need not be there."""
    return place.root / TAKES / f"{number:03d}"


def take_numbers(place: RunDirectory) -> list[int]:
    """The numbers of the takes of a render, from 1, in order; OSError if they cannot be listed."""
    folders = listed(place.root / TAKES)
    return sorted(int(one.name) for one in folders if _NUMBER.fullmatch(one.name) and one.is_dir())


def new_take(place: RunDirectory, reason: str) -> RunDirectory:
    """Begin a take, laid out as a run.

    Why it is made, the scene's texts and the seeds of redone frames are on the disk.
    One that was begun when a process ended, and holds nothing yet, is begun again.
    """
    number = max(take_numbers(place), default=0)
    folder = take_folder(place, number if number and _is_empty(place, number) else number + 1)
    make_directory(folder)
    said = {"made": datetime.now(UTC).isoformat(timespec="seconds"), "reason": reason}
    write_atomically(folder / STATEMENT, json.dumps(said, indent=1).encode())
    take = RunDirectory(folder)
    copy_scene(place, take)
    copy_seeds(place, take)
    return take


def _is_empty(place: RunDirectory, number: int) -> bool:
    take = RunDirectory(take_folder(place, number))
    files = (take.root / STATEMENT, take.seeds, take.journal)
    begun = {STATEMENT, take.seeds.name, take.scene.name}
    begun |= {temporary_path(file).name for file in files}
    return all(path.name in begun for path in listed(take.root))
