"""Frames that no longer hold are not deleted: they become a take, with what belongs to them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from pipeline.files.atomic import make_directory, sync_directory
from pipeline.run.directory import RunDirectory
from pipeline.run.journal import Journal
from pipeline.run.take_folders import new_take
from pipeline.spec.frame import FrameId


def set_aside(
    place: RunDirectory, frames: Iterable[FrameId], journal: Journal, reason: str
) -> Path | None:
    """Move pictures, those of their steps, and journal lines to a new take.

    `reason` says in words why. Returns the take's folder, or None if there was no picture to move.
    The lines are written there before the pictures move and leave the journal after: whatever ends
    the process in between, no line and no picture is lost.
    """
    aside = sorted(set(frames))
    pictures = [frame for frame in aside if place.frame(frame).exists()]
    take = new_take(place, reason) if pictures else None
    if take is not None:
        records = [journal.records[frame] for frame in pictures if frame in journal.records]
        Journal(take.journal).rewrite(records)
        moves = {place.frame(frame): take.frame(frame) for frame in pictures}
        memories = {place.memory(frame): take.memory(frame) for frame in pictures}
        _move(moves | {path: to for path, to in memories.items() if path.exists()})
    _forget(aside, journal)
    for frame in aside:
        take = _intermediates_aside(place, frame, take, reason) or take
    return None if take is None else take.root


def set_intermediates_aside(place: RunDirectory, frame: FrameId, reason: str) -> None:
    """Move the pictures of a frame's steps, if there are any, to a new take."""
    _intermediates_aside(place, frame, None, reason)


def _intermediates_aside(
    place: RunDirectory, frame: FrameId, take: RunDirectory | None, reason: str
) -> RunDirectory | None:
    """Move the pictures of a frame's steps to `take`, or a new one; None if there are none."""
    left = place.intermediates(frame)
    if not left.is_dir():
        return None
    take = take or new_take(place, reason)
    _move({left: take.intermediates(frame)})
    return take


def _move(moves: Mapping[Path, Path]) -> None:
    """Rename files or folders, all on the disk once this returns."""
    for path, moved in moves.items():
        make_directory(moved.parent)
        os.replace(path, moved)
    for folder in {path.parent for pair in moves.items() for path in pair}:
        sync_directory(folder)


def _forget(frames: Iterable[FrameId], journal: Journal) -> None:
    gone = set(frames) & set(journal.records)
    if gone:
        journal.rewrite(r for frame, r in journal.records.items() if frame not in gone)
