"""How the frames of a take differ from those that stand in the render now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from pipeline.files.png import Pixels, decode_png
from pipeline.run.carried import known_frames
from pipeline.run.directory import RunDirectory, disk_errors
from pipeline.run.journal import FrameRecord
from pipeline.run.resume import is_intact, reason
from pipeline.run.takes import find_take
from pipeline.spec.frame import FrameId, FrameSpec
from pipeline.spec.json_form import from_json_data

SAME = "as it is now"
ABSENT = "not in the render now"
DAMAGED = "damaged in the take, or nothing tells what it was"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Frames of a take, one after the other in its shot, that differ by the same."""

    first: FrameId
    last: FrameId
    words: str
    """What differs, from the take to now, in the scene's words; `SAME`, `ABSENT` or `DAMAGED`."""
    levels: float | None
    """Mean distance of the pictures in levels, 0 to 255; None where there are not two."""


def take_changes(folder: Path, number: int) -> tuple[Stretch, ...]:
    """How the frames of a take differ from those of the render in `folder`, in order.

    Raises:
        RunError: there is no such take, or a journal or picture cannot be read.
    """
    take, place = find_take(folder, number), RunDirectory(folder)
    old = RunDirectory(take.folder)
    with disk_errors("read", folder):
        before, now = _whole(old), _whole(place)
        told = [
            (frame, *_change(before.get(frame), now.get(frame), old, place))
            for frame in take.frames
        ]
    return tuple(_stretches(told))


def _whole(place: RunDirectory) -> dict[FrameId, FrameRecord]:
    records = known_frames(place).records
    return {frame: one for frame, one in records.items() if is_intact(place, one)}


def _change(
    before: FrameRecord | None, now: FrameRecord | None, old: RunDirectory, place: RunDirectory
) -> tuple[str, float | None]:
    if before is None:
        return DAMAGED, None
    if now is None:
        return ABSENT, None
    levels = _distance(_pixels(old, before), _pixels(place, now))
    if before.digest == now.digest and not levels:
        return SAME, levels
    try:
        spec = from_json_data(FrameSpec, now.spec)
    except ValueError as error:
        return f"another release of discoreel wrote the frame of now ({error})", levels
    return reason(before, spec, now.fingerprints), levels


def _pixels(place: RunDirectory, record: FrameRecord) -> Pixels:
    return decode_png(place.frame(record.id).read_bytes())


def _distance(one: Pixels, other: Pixels) -> float | None:
    """Mean distance in levels; None for pictures of different sizes."""
    if one.shape != other.shape:
        return None
    return float(abs(one.astype(float) - other.astype(float)).mean())


def _stretches(told: list[tuple[FrameId, str, float | None]]) -> Iterator[Stretch]:
    """Neighbours of the same words as one; their distance is the mean."""
    numbered = enumerate(sorted(told, key=lambda one: (one[0].shot, one[0].frame)))
    for (_, _, words), group in groupby(
        numbered, key=lambda one: (one[1][0].shot, one[1][0].frame - one[0], one[1][1])
    ):
        frames = [one for _, one in group]
        known = [levels for _, _, levels in frames if levels is not None]
        mean = sum(known) / len(known) if known else None
        yield Stretch(frames[0][0], frames[-1][0], words, mean)
