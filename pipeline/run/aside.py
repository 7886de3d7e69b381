"""Frames that no longer hold are not deleted: they become a take, with what belongs to them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from pipeline.files.atomic import make_directory, sync_directory
from pipeline.run.directory import RunDirectory
from pipeline.run.journal import Journal
from pipeline.run.take_folders import finish_take, new_take, unfinished_take
from pipeline.spec.frame import FrameId


def set_aside(
    place: RunDirectory, frames: Iterable[FrameId], journal: Journal, reason: str
) -> Path | None:
    """Move pictures, those of their steps, and journal lines to a take.

    `reason` says in words why. Returns the take's folder, or None if there was no picture to move.
    The lines are written there before the pictures move and leave the journal after: whatever ends
    the process in between, no line and no picture is lost, and the next call fills the same take.
    """
    aside = sorted(set(frames))
    take = _take_for(place, aside, reason)
    if take is not None:
        _keep_lines(place, take, aside, journal)
        _move({path: to for frame in aside for path, to in _moves(place, take, frame)})
    _forget(aside, journal)
    if take is not None:
        finish_take(place)
    return None if take is None else take.root


def set_intermediates_aside(place: RunDirectory, frame: FrameId, reason: str) -> None:
    """Move the pictures of a frame's steps, if there are any, to a take."""
    left = place.intermediates(frame)
    if left.is_dir():
        take = new_take(place, reason)
        _move({left: take.intermediates(frame)})
        finish_take(place)


def _take_for(place: RunDirectory, aside: Sequence[FrameId], reason: str) -> RunDirectory | None:
    """The take in which there is room for frames; None if none of them has a picture."""
    begun = unfinished_take(place)
    if begun is not None and not any(
        to.exists() for frame in aside for _, to in _moves(place, begun, frame)
    ):
        return begun
    seen = (place.frame(frame).exists() or place.intermediates(frame).is_dir() for frame in aside)
    return new_take(place, reason) if any(seen) else None


def _keep_lines(
    place: RunDirectory, take: RunDirectory, aside: Iterable[FrameId], journal: Journal
) -> None:
    """Write the journal lines of pictures into the take to which they will move."""
    there = Journal(take.journal).records
    moving = [frame for frame in aside if place.frame(frame).exists() and frame in journal.records]
    if moving:
        kept = there | {frame: journal.records[frame] for frame in moving}
        Journal(take.journal).rewrite(kept.values())


def _moves(place: RunDirectory, take: RunDirectory, frame: FrameId) -> Iterator[tuple[Path, Path]]:
    """What lies here of a frame, and where it goes; the picture, without which it is none, last."""
    for path, to in (
        (place.intermediates(frame), take.intermediates(frame)),
        (place.memory(frame), take.memory(frame)),
        (place.frame(frame), take.frame(frame)),
    ):
        if path.exists():
            yield path, to


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
