"""The finished frames of a run as a whole, also of one that another process is rendering."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from pipeline.errors import RunError
from pipeline.run.directory import Manifest, RunDirectory, disk_errors
from pipeline.run.journal import Journal
from pipeline.run.resume import is_intact
from pipeline.spec.plan import OutputSpec
from pipeline.spec.timeline import AT_REST, Offset


@dataclass(frozen=True, slots=True)
class Layer:
    """A picture in a frame of the video."""

    picture: Path
    weight: float = 1.0
    """Share of the video's frame, in (0, 1]; the shares of its layers add up to 1."""
    offset: Offset = AT_REST


@dataclass(frozen=True, slots=True)
class Footage:
    """Finished frames, without a gap from frame 0, and what a video of them needs to know."""

    shown: tuple[tuple[Layer, ...], ...]
    """Layers of each frame of the video."""
    fps: Fraction
    size: tuple[int, int]
    """Width and height in pixels."""
    title: str
    digest: str
    """Digest of the whole plan in hex, also where its frames are not all there yet."""
    planned: int
    """How many frames the plan has."""
    output: OutputSpec
    """What the scene asks of the video, or of the first where there are more."""
    outputs: tuple[OutputSpec, ...] = ()
    """What it asks of the others."""

    @property
    def frames(self) -> tuple[Path, ...]:
        """The pictures that are shown, each once, in the order in which they first are."""
        return tuple(dict.fromkeys(one.picture for layers in self.shown for one in layers))

    def with_pictures(self, others: Mapping[Path, Path]) -> Footage:
        """The footage with other files in the place of its pictures."""
        shown = (
            tuple(replace(one, picture=others[one.picture]) for one in layers)
            for layers in self.shown
        )
        return replace(self, shown=tuple(shown))


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
        shown=tuple((Layer(frame),) for frame in frames),
        fps=Fraction(manifest.fps),
        size=(manifest.width, manifest.height),
        title=manifest.title,
        digest=manifest.digest,
        planned=manifest.frames,
        output=manifest.output,
        outputs=manifest.outputs,
    )
