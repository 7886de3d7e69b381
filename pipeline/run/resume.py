"""What a journal is worth under a plan: which frames hold, and why the first other one does not.

A frame holds if its digest is the plan's and its file's sum is the journal's. It is stale if the
digest differs, damaged if the file does, and beyond if the plan has ended before it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.files.hashing import file_digest
from pipeline.run.digest import (
    RECIPE,
    pixel_json,
)
from pipeline.run.directory import RunDirectory
from pipeline.run.journal import FrameRecord
from pipeline.spec.changes import change
from pipeline.spec.fingerprints import DEPTH_PICTURE, INIT_IMAGE, PRECISION
from pipeline.spec.frame import FrameSpec


@dataclass(frozen=True, slots=True)
class Standing:
    """The journaled frames by what they are worth, each in order."""

    holding: tuple[int, ...]
    stale: tuple[int, ...]
    damaged: tuple[int, ...]
    beyond: tuple[int, ...]


def compare(
    place: RunDirectory, records: Mapping[int, FrameRecord], digests: Sequence[str]
) -> Standing:
    """Sort the journaled frames; reads the pictures of those whose digest is the plan's."""
    planned = sorted(frame for frame in records if frame < len(digests))
    stale = {frame for frame in planned if records[frame].digest != digests[frame]}
    candidates = [frame for frame in planned if frame not in stale]
    holding = {frame for frame in candidates if is_intact(place, records[frame])}
    return Standing(
        holding=tuple(sorted(holding)),
        stale=tuple(sorted(stale)),
        damaged=tuple(frame for frame in candidates if frame not in holding),
        beyond=tuple(sorted(frame for frame in records if frame >= len(digests))),
    )


def is_intact(place: RunDirectory, record: FrameRecord) -> bool:
    """Whether the frame's picture is there and is the one that was journaled."""
    path = place.frame(record.frame)
    return path.is_file() and file_digest(path) == record.sha256


def reason(record: FrameRecord, spec: FrameSpec, fingerprints: Mapping[str, str]) -> str:
    """Why a journaled frame would look different now, in words.

    For the first stale frame: its own values, or its models and init picture, or the frame that
    it grows from and that is no longer journaled, or how this release draws.
    """
    return (
        change(record.spec, pixel_json(spec))
        or _other_file(record.fingerprints, fingerprints)
        or (f"something in the frames before it changed, or discoreel did ({RECIPE} now)")
    )


def _other_file(old: Mapping[str, str], new: Mapping[str, str]) -> str:
    """The first file of which a frame is made that is another one now, in words; "" if none is."""
    names = (name for name in {**new, **old} if old.get(name) != new.get(name))
    name = next(names, None)
    if name is None:
        return ""
    if name == PRECISION:
        was, is_now = old.get(name, "auto"), new.get(name, "auto")
        return f"models.precision was {was}, is now {is_now}"
    if name.startswith("depth ") and name.endswith("/share"):
        was, is_now = old.get(name, "none"), new.get(name, "none")
        return f"the share of {name.removesuffix('/share')} was {was}, is now {is_now}"
    if name == INIT_IMAGE:
        return "the picture of sampler.init_image changed"
    if name == DEPTH_PICTURE:
        return "the picture of camera.depth changed"
    if name.startswith("prompts["):
        return "a picture of the prompts changed"
    return f"the networks in models changed ({name})"
