"""Frames that no longer hold are not deleted: they become a take, with what belongs to them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from pipeline.errors import RunError
from pipeline.files.atomic import make_directory, sync_directory
from pipeline.run.directory import RunDirectory
from pipeline.run.journal import FrameRecord, Journal
from pipeline.run.take_folders import new_take, take_folder, take_numbers
from pipeline.spec.frame import FrameId

_KINDS = (RunDirectory.intermediates, RunDirectory.memory, RunDirectory.frame)
"""What lies in a render of a frame, in the order in which it moves."""


def set_aside(
    place: RunDirectory, frames: Iterable[FrameId], journal: Journal, reason: str
) -> Path | None:
    """Move pictures, those of their steps, and journal lines to a new take.

    `reason` says in words why. Returns the take's folder, or None if there was nothing to move. The
    lines are written there before anything moves and leave the journal after; pictures move last.
    So whatever ends the process in between, no line and no picture is lost, and the next call goes
    on with the same take: what belongs together stays together. What a killed process had half
    written goes first, so that no take gets it.
    """
    place.remove_temporaries()
    aside = sorted(set(frames))
    pictures = [frame for frame in aside if place.frame(frame).exists()]
    steps = [frame for frame in aside if place.intermediates(frame).is_dir()]
    take = _interrupted(place, journal, aside)
    if take is None and (pictures or steps):
        take = new_take(place, reason)
    if take is not None:
        _note(take, (journal.records[frame] for frame in pictures if frame in journal.records))
        for path_of in _KINDS:
            _move(path_of, aside, place, take)
    _forget(aside, journal)
    return take.root if take is not None and (pictures or steps) else None


def set_intermediates_aside(place: RunDirectory, frame: FrameId, reason: str) -> None:
    """Move the pictures of a frame's steps, if there are any, to a new take."""
    if place.intermediates(frame).is_dir():
        _move(RunDirectory.intermediates, [frame], place, new_take(place, reason))


def _interrupted(
    place: RunDirectory, journal: Journal, frames: Sequence[FrameId]
) -> RunDirectory | None:
    """The take to which these frames were moving when a process ended; None if none was.

    It is the last one, and knows one of them as the render does, with its picture in one of the
    two alone: that of a frame which came back lies in both. Nothing that lies there is replaced.
    """
    numbers = take_numbers(place)
    if not (numbers and frames):
        return None
    take = RunDirectory(take_folder(place, numbers[-1]))
    try:
        records = Journal(take.journal).records
    except RunError:  # somebody's edit: nothing goes there
        return None
    same = (one for one in frames if one in records and records[one] == journal.records.get(one))
    is_moving = any(place.frame(one).exists() != take.frame(one).exists() for one in same)
    return take if is_moving and _has_room(take, place, frames) else None


def _has_room(take: RunDirectory, place: RunDirectory, aside: Iterable[FrameId]) -> bool:
    """Whether nothing in the take is in the way of what lies here of some frames.

    After a power failure a file may have its old name and its new one.
    """
    pairs = ((path_of(place, frame), path_of(take, frame)) for frame in aside for path_of in _KINDS)
    return all(
        not there.exists() or not path.exists() or _same(path, there) for path, there in pairs
    )


def _same(path: Path, other: Path) -> bool:
    return path.is_file() and other.is_file() and path.read_bytes() == other.read_bytes()


def _note(take: RunDirectory, records: Iterable[FrameRecord]) -> None:
    """Add lines to the journal of a take."""
    journal, new = Journal(take.journal), {record.id: record for record in records}
    if new:
        journal.rewrite((journal.records | new).values())


def _move(
    path_of: Callable[[RunDirectory, FrameId], Path],
    frames: Iterable[FrameId],
    place: RunDirectory,
    take: RunDirectory,
) -> None:
    """Move what there is of one kind, all on the disk once this returns.

    So is what an earlier process moved which then was killed.
    """
    moves = {path_of(place, frame): path_of(take, frame) for frame in frames}
    there = {path: moved for path, moved in moves.items() if path.exists()}
    for folder in dict.fromkeys(moved.parent for moved in there.values()):
        make_directory(folder)
    for path, moved in there.items():
        os.replace(path, moved)
    # New names first: old ones that go are then never the only ones.
    for folder in dict.fromkeys(path.parent for path in (*moves.values(), *moves)):
        if folder.is_dir():
            sync_directory(folder)


def _forget(frames: Iterable[FrameId], journal: Journal) -> None:
    gone = set(frames) & set(journal.records)
    if gone:
        journal.rewrite(r for frame, r in journal.records.items() if frame not in gone)
