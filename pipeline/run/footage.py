"""The finished frames of a run as a whole, also of one that another process is rendering."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from pipeline.errors import RunError
from pipeline.run.directory import Manifest, RunDirectory, disk_errors
from pipeline.run.journal import Journal
from pipeline.run.resume import is_intact
from pipeline.spec.plan import OutputSpec


@dataclass(frozen=True, slots=True)
class Footage:
    """Finished frames, without a gap from frame 0, and what a video of them needs to know."""

    frames: tuple[Path, ...]
    fps: Fraction
    size: tuple[int, int]
    """Width and height in pixels."""
    title: str
    digest: str
    """Digest of the whole plan in hex, also where its frames are not all there yet."""
    planned: int
    """How many frames the plan has."""
    output: OutputSpec
    """What the scene asks of the video."""


def read_footage(out: Path) -> Footage:
    """The finished frames in `out`, without a plan and without taking the lock.

    Raises RunError if `out` is no run or holds no frame, or one is missing or damaged.
    """
    place = RunDirectory(out)
    manifest = place.read_manifest()
    with disk_errors("read", out):
        records = Journal(place.journal).records
        planned = [frame for frame in records if frame < manifest.frames]
        present = {frame for frame in planned if is_intact(place, records[frame])}
    if not planned:
        raise RunError(f"{out} holds no finished frame yet; render its scene first")
    wanted = range(max(planned) + 1)
    if gap := [frame for frame in wanted if frame not in present]:
        raise RunError(
            f"frame {gap[0]} in {out} is missing or damaged ({len(gap)} of {len(wanted)} "
            "are); render the scene again: it fills such gaps"
        )
    return footage_of(manifest, map(place.frame, wanted))


def footage_of(manifest: Manifest, frames: Iterable[Path]) -> Footage:
    """The footage of `frames`, of which `manifest` says what they belong to."""
    return Footage(
        frames=tuple(frames),
        fps=Fraction(manifest.fps),
        size=(manifest.width, manifest.height),
        title=manifest.title,
        digest=manifest.digest,
        planned=manifest.frames,
        output=manifest.output,
    )
