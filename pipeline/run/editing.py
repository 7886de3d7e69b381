"""What a person does to a render between two runs of it: redo a frame, accept some, adopt one.

Nothing is rendered here. Each of these changes leaves a render that opening it again settles: what
no longer holds is found, told, or rendered anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.errors import RunError
from pipeline.run.carried import find_again
from pipeline.run.digest import CountsAs, Fingerprints, chain, frame_fingerprints, pixel_json
from pipeline.run.directory import RunDirectory, disk_errors
from pipeline.run.journal import FrameRecord, Journal
from pipeline.run.lock import lock, unlock
from pipeline.run.resume import (
    Standing,
    compare,
    is_intact,
    is_repainted,
    reason_aside,
    refusal,
    standing_in,
)
from pipeline.run.seeds import read_seeds, with_seeds
from pipeline.run.stand_in import StandIn
from pipeline.run.unchanged import restated
from pipeline.spec.frame import FrameId, FrameSpec
from pipeline.spec.plan import Plan

_NO_FRAME = "holds no finished frame yet; render its scene first"


@dataclass(frozen=True, slots=True)
class Editing:
    """A render that this process holds, and in which no frame is in work."""

    place: RunDirectory
    journal: Journal
    plan: Plan
    """The plan, with the seeds of frames that were redone."""
    fingerprints: Mapping[FrameId, Fingerprints]

    @property
    def standing_in(self) -> CountsAs:
        """Which digests count, with all that a person keeps."""
        return standing_in(self.place, self.journal.records)

    def digests(self, plan: Plan | None = None) -> dict[FrameId, str]:
        """The digests of the frames of the render's plan, or of another one with as many frames."""
        return chain(plan or self.plan, self.fingerprints, self.standing_in)

    def own_digests(self) -> dict[FrameId, str]:
        """For each frame the digest that it has by the plan, whatever is kept in its place."""
        own: dict[FrameId, str] = {}

        def counts_as(frame: FrameId, digest: str) -> str:
            own[frame] = digest
            return self.standing_in(frame, digest)

        chain(self.plan, self.fingerprints, counts_as)
        return own

    def spec(self, frame: FrameId) -> FrameSpec:
        """What the plan says of a frame that it has."""
        return next(one for one in self.plan if one.id == frame)

    def with_values(self, record: FrameRecord) -> FrameRecord:
        """The record with what the plan says of its frame, in the place of what made it."""
        spec = pixel_json(self.spec(record.id))
        return replace(record, spec=spec, fingerprints=self.fingerprints[record.id])

    def record(self, frame: FrameId) -> FrameRecord:
        """What is known of a finished frame; RunError if it is none."""
        if frame not in self.journal.records:
            raise RunError(f"frame {frame} in {self.place.root} is not rendered yet; render it")
        return self.journal.records[frame]

    def check_holds(self) -> Standing:
        """What the frames are worth, none of them stale.

        Raises RunError if the scene would change frames that are there, in the words of that.

        Also if somebody painted over one, and has not adopted it: the next opening moves it away.
        """
        records, digests = self.journal.records, self.digests()
        standing = compare(self.place, records, digests)
        if standing.stale:
            why = reason_aside(self.plan, standing, records, self.fingerprints)
            raise RunError(refusal(self.place, standing, records, why))
        for frame in standing.damaged:
            if is_repainted(self.place, records[frame]):
                raise RunError(self.repainted(frame))
        return standing

    def repainted(self, frame: FrameId) -> str:
        """What is to be done about a picture that was painted over and not adopted, in words."""
        return (
            f"the picture of frame {frame} is whole, and another one than was rendered: if you "
            f"painted over it, adopt it first; else move {self.place.frame(frame)} away, and the "
            "frame is rendered again"
        )


@contextmanager
def editing(out: Path, plan: Plan, fingerprints: Mapping[str, Fingerprints]) -> Iterator[Editing]:
    """Hold the render of `plan` in `out`; `fingerprints` are those of each set of networks.

    Raises RunError if `out` is no render, is in use, or the disk refuses.
    """
    used = frame_fingerprints(plan, fingerprints)
    place = RunDirectory(out)
    place.check_usable()
    with disk_errors("write", out):
        if not place.root.is_dir():
            raise RunError(f"{out} {_NO_FRAME}")
        held = lock(place)
        try:
            place.check_format()
            journal = Journal(place.journal)
            find_again(place, journal)
            if not journal.records:
                raise RunError(f"{out} {_NO_FRAME}")
            edited = Editing(place, journal, with_seeds(plan, read_seeds(place)), used)
            records, _ = restated(edited.plan, used, journal.records, edited.standing_in)
            if records is not journal.records:
                journal.rewrite(records.values())
            yield edited
        finally:
            unlock(place, held)


def accept(edited: Editing, frames: AbstractSet[FrameId], reason: str) -> tuple[FrameId, ...]:
    """Keep frames in the place of those that the plan makes now, for a `reason` in words.

    Returns those of `frames` that did not hold, in the plan's order. Frames that grow from them go
    on from the pictures that are there; what is not rendered yet has nothing to accept.

    Raises RunError if none of them is rendered, one is damaged, or the disk refuses.
    """
    there = sorted(frames & edited.journal.records.keys())
    for frame in there or sorted(frames):
        record = edited.record(frame)
        if is_repainted(edited.place, record):
            raise RunError(edited.repainted(frame))
        if not is_intact(edited.place, record):
            raise RunError(f"frame {frame} is damaged; the next render makes it again")
    kept, usual = {}, edited.standing_in

    def counts_as(frame: FrameId, digest: str) -> str:
        counted = usual(frame, digest)
        record = edited.journal.records.get(frame)
        if frame not in frames or record is None or record.digest == counted:
            return counted
        stand_in = replace(record.stand_in or StandIn(""), instead=digest, reason=reason)
        # What a person painted was made by no values: its own are those of the plan's frame.
        valued = edited.with_values(record) if stand_in.painted else record
        kept[frame] = replace(valued, stand_in=stand_in)
        return record.digest

    chain(edited.plan, edited.fingerprints, counts_as)
    for record in kept.values():
        edited.journal.append(record)
    return tuple(kept)
