"""The seeds of frames that were redone, which hold in the place of the scene's."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.errors import RunError
from pipeline.files.atomic import write_atomically
from pipeline.files.json_text import read_json
from pipeline.run.directory import RunDirectory
from pipeline.spec.frame import MAIN, FrameId
from pipeline.spec.json_form import from_json_data, to_json_data
from pipeline.spec.plan import Plan

MAX_SEED = 2**63 - 1
"""The largest seed."""


@dataclass(frozen=True, slots=True)
class FrameSeed:
    """The seed of one frame."""

    frame: int
    seed: int
    shot: str = MAIN


@dataclass(frozen=True, slots=True)
class _SeedFile:
    frames: tuple[FrameSeed, ...] = ()


def read_seeds(place: RunDirectory) -> dict[FrameId, int]:
    """The seeds of redone frames; none where no frame was redone.

    Raises RunError if the file is damaged, OSError if it cannot be read.
    """
    if not place.seeds.exists():
        return {}
    try:
        found = from_json_data(_SeedFile, read_json(place.seeds.read_bytes())).frames
        if any(one.frame < 0 or not 0 <= one.seed <= MAX_SEED for one in found):
            raise ValueError(f"expected frames from 0 and seeds from 0 to {MAX_SEED}")
    except ValueError as error:
        raise RunError(
            f"{place.seeds} is damaged: {error}; delete it, and redo the frames whose seeds it held"
        ) from error
    return {FrameId(one.frame, one.shot): one.seed for one in found}


def write_seeds(place: RunDirectory, seeds: Mapping[FrameId, int]) -> None:
    """Replace the seeds of redone frames; OSError if the disk refuses."""
    frames = tuple(FrameSeed(one.frame, seeds[one], one.shot) for one in sorted(seeds))
    write_atomically(place.seeds, json.dumps(to_json_data(_SeedFile(frames)), indent=1).encode())


def copy_seeds(place: RunDirectory, take: RunDirectory) -> None:
    """Copy the seeds of a render's redone frames, if there are any, beside a take of it."""
    if place.seeds.is_file():
        write_atomically(take.seeds, place.seeds.read_bytes())


def restore_seeds(take: RunDirectory, place: RunDirectory, frames: Collection[FrameId]) -> None:
    """Let `frames` of a render have the seeds that they had when a take of it was made."""
    here, then = read_seeds(place), read_seeds(take)
    back = {one: then[one] for one in frames if one in then}
    others = {one: seed for one, seed in here.items() if one not in frames}
    if others | back != here:
        write_seeds(place, others | back)


def as_redone(plan: Plan, render: Path) -> Plan:
    """The plan with the seeds of the frames that were redone in the folder of a render.

    The render need not be there; seeds that cannot be read count as none.
    """
    try:
        return with_seeds(plan, read_seeds(RunDirectory(render)))
    except (RunError, OSError):
        return plan


def with_seeds(plan: Plan, seeds: Mapping[FrameId, int]) -> Plan:
    """The plan with the seeds of redone frames; of frames that it does not have, none is said."""
    if not seeds:
        return plan
    frames = (replace(one, seed=seeds.get(one.id, one.seed)) for one in plan)
    return replace(plan, frames=tuple(frames))
