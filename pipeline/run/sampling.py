"""Frames of a render that can be rendered again, to see whether the same comes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import RunError
from pipeline.run.carried import known_frames
from pipeline.run.digest import Fingerprints, frame_fingerprints
from pipeline.run.directory import RunDirectory, disk_errors
from pipeline.run.resume import is_intact, standing_in
from pipeline.run.saved import SavedFrames
from pipeline.run.seeds import read_seeds, with_seeds
from pipeline.run.unchanged import restated
from pipeline.spec.frame import FrameId, FrameSpec
from pipeline.spec.plan import Plan


@dataclass(frozen=True, slots=True)
class Sample:
    """Some frames of a render, and what they were made of."""

    specs: tuple[FrameSpec, ...]
    """The frames, in the plan's order."""
    saved: SavedFrames
    """The whole ones of the render."""
    fingerprints: Mapping[FrameId, Fingerprints]
    """What each frame of the plan asks."""
    of: int
    """How many frames could have been chosen."""


def sample(
    folder: Path, plan: Plan, fingerprints: Mapping[str, Fingerprints], count: int
) -> Sample:
    """Up to `count` frames of the render in `folder`, from its first to its last; nothing changes.

    They are frames as `plan` makes them now, whole, and grown from whole ones; none that a person
    keeps in the place of another.

    Raises RunError if there is none, or the render cannot be read.
    """
    place = RunDirectory(folder)
    used = frame_fingerprints(plan, fingerprints)
    with disk_errors("read", folder):
        place.read_manifest()
        records = known_frames(place).records
        seeded = with_seeds(plan, read_seeds(place))
        now, digests = restated(seeded, used, records, standing_in(place, records))
        whole = {one: record for one, record in now.items() if is_intact(place, record)}
    fit = [
        spec
        for spec in seeded
        if (record := whole.get(spec.id)) is not None
        and record.digest == digests[spec.id]
        and record.stand_in is None
        and all(earlier in whole for earlier in spec.earlier)
    ]
    if not fit:
        raise RunError(f"no finished frame in {folder} is what the scene makes now; render it")
    return Sample(tuple(_spread(fit, count)), SavedFrames(place, whole), used, len(fit))


def _spread(frames: list[FrameSpec], count: int) -> list[FrameSpec]:
    """So many of some frames, as evenly as they go, the first and the last among them."""
    last = len(frames) - 1
    if count > last:
        return frames
    return [frames[round(place * last / max(1, count - 1))] for place in range(count)]
