"""Takes: frames that an edit or an accident has put out of a render, kept with what they were.

A take lies in `takes/001/` and so on, and is laid out as a run: `frames/`, `memory/`,
`intermediate/`, a journal of its own, and in `scene/` the texts that the render was given before.
A `take.json` says when and why it was made.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import RunError
from pipeline.files.atomic import make_directory, write_atomically
from pipeline.files.json_text import read_json
from pipeline.files.listing import listed
from pipeline.run.aside import set_aside
from pipeline.run.carried import find_again, known_frames
from pipeline.run.directory import RunDirectory, disk_errors
from pipeline.run.journal import FrameRecord, Journal
from pipeline.run.lock import lock, unlock
from pipeline.run.resume import is_intact
from pipeline.run.seeds import restore_seeds
from pipeline.run.take_folders import STATEMENT, take_folder, take_numbers
from pipeline.spec.frame import FrameId


@dataclass(frozen=True, slots=True)
class Take:
    """Frames that were once part of a render."""

    number: int
    """Number of the take, from 1."""
    folder: Path
    made: str
    """When it was put aside, in UTC by ISO 8601; "" if nothing says so any more."""
    reason: str
    """Why its first frame no longer held; "" if nothing says so any more."""
    frames: tuple[FrameId, ...]
    """Frames whose pictures lie in it, in order."""


def read_takes(folder: Path) -> tuple[Take, ...]:
    """The takes of the render in `folder`, the oldest first.

    Raises RunError if it is no render, or the disk refuses.
    """
    place = RunDirectory(folder)
    place.read_manifest()
    with disk_errors("read", folder):
        return tuple(_take(number, take_folder(place, number)) for number in take_numbers(place))


def find_take(folder: Path, number: int) -> Take:
    """The take of this number; RunError if the render in `folder` has none such."""
    takes = read_takes(folder)
    for one in takes:
        if one.number == number:
            return one
    there = ", ".join(str(one.number) for one in takes) or "none"
    raise RunError(f"{folder} has no take {number}; its takes are: {there}")


def restore(folder: Path, number: int) -> tuple[tuple[FrameId, ...], Path | None]:
    """Put the frames of a take back into the render, and those that stand in their places aside.

    Returns the frames that are back, and the new take in which the others lie, None if there were
    none. The take itself stays. Frames that are as the take has them are left alone. Each picture
    is on the disk before its journal line: whatever ends the process in between, no frame is lost,
    and the same call goes on.

    Raises:
        RunError: there is no such take, it holds no whole frame that is known, another process
            writes in the render, or the disk refuses.
    """
    take, place = find_take(folder, number), RunDirectory(folder)
    with disk_errors("write", folder):
        held = lock(place)
        try:
            return _restored(place, take)
        finally:
            unlock(place, held)


def _restored(place: RunDirectory, take: Take) -> tuple[tuple[FrameId, ...], Path | None]:
    old, journal = RunDirectory(take.folder), Journal(place.journal)
    find_again(place, journal)
    whole = {one.id: one for one in whole_records(old)}
    if not whole:
        raise RunError(
            f"{take.folder} holds no whole frame of which anything tells; nothing was changed"
        )
    here = {one.id: one for one in whole_records(place)}
    back = [
        frame for frame in sorted(whole) if frame not in here or _differ(here[frame], whole[frame])
    ]
    replaced = set_aside(place, back, journal, f"take {take.number} was restored in their place")
    for frame in back:
        _copy(old, place, whole[frame])
        journal.append(whole[frame])
    restore_seeds(old, place, whole)
    return tuple(back), replaced


def whole_records(place: RunDirectory) -> Iterable[FrameRecord]:
    """The frames whose files are what the journal or their own pictures say of them."""
    return [one for one in known_frames(place).records.values() if is_intact(place, one)]


def _differ(here: FrameRecord, old: FrameRecord) -> bool:
    def told(one: FrameRecord) -> tuple[object, ...]:
        return one.digest, one.sha256, one.memory, one.stand_in

    return told(here) != told(old)


def _copy(old: RunDirectory, place: RunDirectory, record: FrameRecord) -> None:
    steps = place.intermediates(record.id)
    files = [(one, steps / one.name) for one in listed(old.intermediates(record.id))]
    if record.memory:
        files.append((old.memory(record.id), place.memory(record.id)))
    # The picture comes last: once it is there the frame counts as back.
    files.append((old.frame(record.id), place.frame(record.id)))
    for source, target in files:
        make_directory(target.parent)
        write_atomically(target, source.read_bytes())


def _take(number: int, folder: Path) -> Take:
    said = _said(folder / STATEMENT)
    made, reason = (said.get(name) for name in ("made", "reason"))
    return Take(
        number=number,
        folder=folder,
        made=made if isinstance(made, str) else "",
        reason=reason if isinstance(reason, str) else "",
        frames=tuple(sorted(RunDirectory(folder).frame_ids())),
    )


def _said(path: Path) -> dict[str, Any]:
    try:
        data = read_json(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}
