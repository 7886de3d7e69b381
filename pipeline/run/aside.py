"""Frames that no longer hold are not deleted: they move to `stale/`, with what belongs to them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from pipeline.files.atomic import make_directory, sync_directory
from pipeline.run.directory import RunDirectory
from pipeline.run.journal import Journal
from pipeline.spec.frame import FrameId


def set_aside(place: RunDirectory, frames: Iterable[FrameId], journal: Journal) -> Path | None:
    """Move pictures, those of their steps, and journal lines to a new directory in `stale/`.

    Returns that directory, or None if there was no picture to move. The lines are written
    there before the pictures move and leave the journal after: whatever ends the process in
    between, no line and no picture is lost.
    """
    aside = sorted(set(frames))
    pictures = [frame for frame in aside if place.frame(frame).exists()]
    target = _new_stale_directory(place) if pictures else None
    if target is not None:
        records = [journal.records[frame] for frame in pictures if frame in journal.records]
        Journal(target / place.journal.name).rewrite(records)
        moves = {
            path: target / path.relative_to(place.frames) for path in map(place.frame, pictures)
        }
        memories = (path for path in map(place.memory, pictures) if path.exists())
        moves |= {path: target / path.relative_to(place.root) for path in memories}
        for path, moved in moves.items():
            make_directory(moved.parent)
            os.replace(path, moved)
        for folder in {path.parent for pair in moves.items() for path in pair}:
            sync_directory(folder)
    _forget(aside, journal)
    for frame in aside:
        target = set_intermediates_aside(place, frame, target) or target
    return target


def set_intermediates_aside(
    place: RunDirectory, frame: FrameId, target: Path | None = None
) -> Path | None:
    """Move the pictures of a frame's steps to `stale/`; returns where, None if there are none.

    `target` is the directory there, a new one unless given.
    """
    left = place.intermediates(frame)
    if not left.is_dir():
        return None
    target = target or _new_stale_directory(place)
    moved = target / left.relative_to(place.root)
    make_directory(moved.parent)
    os.replace(left, moved)
    for folder in (left.parent, moved.parent):
        sync_directory(folder)
    return target


def _forget(frames: Iterable[FrameId], journal: Journal) -> None:
    gone = set(frames) & set(journal.records)
    if gone:
        journal.rewrite(r for frame, r in journal.records.items() if frame not in gone)


def _new_stale_directory(place: RunDirectory) -> Path:
    """A directory in `stale/`, named by the time in UTC, and a number if that name is taken."""
    now = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    names = (now if n == 1 else f"{now}-{n}" for n in count(1))
    target = next(path for name in names if not (path := place.root / "stale" / name).exists())
    make_directory(target)
    return target
