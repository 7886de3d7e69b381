"""What a journal is worth under a plan: which frames hold, and why the first other one does not.

A frame holds if its digest is the plan's and its file's sum is the journal's. It is stale if the
digest differs, damaged if the file does, and beyond if the plan has ended before it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.digest import RECIPE, file_digest, pixel_json
from pipeline.journal import Record
from pipeline.json_form import difference
from pipeline.run_directory import RunDirectory
from pipeline.spec import FrameSpec


@dataclass(frozen=True, slots=True)
class Standing:
    """The journaled frames by what they are worth, each in order."""

    holding: tuple[int, ...]
    stale: tuple[int, ...]
    damaged: tuple[int, ...]
    beyond: tuple[int, ...]


def compare(place: RunDirectory, records: Mapping[int, Record], digests: Sequence[str]) -> Standing:
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


def is_intact(place: RunDirectory, record: Record) -> bool:
    """Whether the frame's picture is there and is the one that was journaled."""
    path = place.frame(record.frame)
    return path.is_file() and file_digest(path) == record.sha256


def reason(record: Record, spec: FrameSpec, fingerprints: Mapping[str, str]) -> str:
    """Why a journaled frame would look different now, in words.

    For the first stale frame: its own values, or its models and init picture, or the frame that
    it grows from and that is no longer journaled, or how this release draws.
    """
    return (
        difference(record.spec, pixel_json(spec))
        or difference(_brief(record.fingerprints), _brief(fingerprints))
        or (f"something in the frames before it changed, or discoreel did ({RECIPE} now)")
    )


def _brief(fingerprints: Mapping[str, str]) -> dict[str, dict[str, str]]:
    return {"fingerprints": {name: digest[:12] for name, digest in fingerprints.items()}}
