"""How far a render is, seen from outside: without its scene, its networks or its lock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.run.carried import Known, known_frames
from pipeline.run.directory import RunDirectory, disk_errors
from pipeline.run.holder import Holder, holder_of
from pipeline.run.journal import FrameRecord
from pipeline.run.lately import lately
from pipeline.run.manifest import Manifest
from pipeline.run.resume import is_intact
from pipeline.run.seeds import read_seeds
from pipeline.run.stand_in import StandIn
from pipeline.run.takes import Take, read_takes
from pipeline.spec.frame import MAIN, FrameId
from pipeline.spec.timeline import ShotSpan, shown_frames


@dataclass(frozen=True, slots=True)
class ShotStatus:
    """How far one shot is; a scene without shots is one of the name `MAIN`."""

    name: str
    planned: int
    """Frames of it that the video shows."""
    saved: int
    """How many of these are there, and are what the journal says."""


@dataclass(frozen=True, slots=True)
class Status:
    """How far a render is."""

    manifest: Manifest
    shots: tuple[ShotStatus, ...]
    """In the order of the video."""
    damaged: tuple[FrameId, ...]
    """Known frames whose files are gone or were changed; the next render makes them again."""
    following: FrameId | None
    """The frame that comes next; None if all are there."""
    holder: Holder | None
    """The process that renders, or that was killed while it did; None if there is none."""
    seconds: float | None
    """Seconds that a frame took of late, painted or only moved; None before the first one."""
    seconds_left: float | None
    """Seconds that the missing frames take at the pace of late; None before the first frame."""
    takes: tuple[Take, ...]
    """Frames that edits and accidents have put out of the render."""
    kept: Mapping[FrameId, StandIn]
    """Frames that a person keeps in the place of what the scene makes, in the video's order."""
    seeds: Mapping[FrameId, int]
    """Seeds of frames that were redone."""
    known: Known
    """What tells of the frames, the journal or they themselves."""

    @property
    def planned(self) -> int:
        """Painted and moved frames that the video shows."""
        return sum(shot.planned for shot in self.shots)

    @property
    def saved(self) -> int:
        """How many of them are there and intact."""
        return sum(shot.saved for shot in self.shots)


def read_status(folder: Path) -> Status:
    """The status of the render in `folder`; every picture is read, none is changed.

    Whether frames still belong to their scene is not known without it: `Run.open` finds out.

    Raises:
        RunError: the folder is no render, or its manifest, journal or pictures cannot be read.
    """
    place = RunDirectory(folder)
    manifest = place.read_manifest()
    with disk_errors("read", folder):
        known = known_frames(place)
        records = known.records
        planned = planned_frames(manifest)
        late = lately(records.values())
        intact = {one for one in planned if one in records and is_intact(place, records[one])}
        return Status(
            manifest=manifest,
            shots=tuple(_shots(planned, intact)),
            damaged=tuple(one for one in planned if one in records and one not in intact),
            following=next((one for one in planned if one not in intact), None),
            holder=holder_of(place),
            seconds=late.seconds,
            seconds_left=late.seconds_of(one for one in planned if one not in intact),
            known=known,
            takes=read_takes(folder),
            kept=dict(_kept(planned, records)),
            seeds=read_seeds(place),
        )


def planned_frames(manifest: Manifest) -> Sequence[FrameId]:
    """The frames that the video of a render shows, each once, in the order in which it does."""
    shots = manifest.shots or (ShotSpan(MAIN, manifest.frames),)
    return list(dict.fromkeys(one.id for layers in shown_frames(shots) for one in layers))


def _shots(planned: Iterable[FrameId], intact: set[FrameId]) -> Iterable[ShotStatus]:
    shots: dict[str, list[bool]] = {}
    for frame in planned:
        shots.setdefault(frame.shot, []).append(frame in intact)
    return (ShotStatus(name, len(there), sum(there)) for name, there in shots.items())


def _kept(
    planned: Iterable[FrameId], records: Mapping[FrameId, FrameRecord]
) -> Iterable[tuple[FrameId, StandIn]]:
    for frame in planned:
        if (record := records.get(frame)) and record.stand_in is not None:
            yield frame, record.stand_in
