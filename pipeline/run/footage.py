"""The finished frames of a run as a whole, also of one that another process is rendering."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from pipeline.errors import RunError
from pipeline.run.carried import known_frames
from pipeline.run.directory import RunDirectory, disk_errors
from pipeline.run.manifest import Manifest
from pipeline.run.resume import is_intact
from pipeline.spec.frame import MAIN, FrameId
from pipeline.spec.plan import OutputSpec
from pipeline.spec.relief import Relief
from pipeline.spec.timeline import AT_REST, Marks, Offset, ShotSpan, ShownFrame, shown_frames


@dataclass(frozen=True, slots=True)
class Layer:
    """A picture in a frame of the video."""

    picture: Path
    id: FrameId
    """Which frame of the render it is, also where the picture is an enlarged one."""
    weight: float = 1.0
    """Share of the video's frame, in (0, 1]; the shares of its layers add up to 1."""
    offset: Offset = AT_REST


@dataclass(frozen=True, slots=True)
class Footage:
    """The frames of a video from its first on, and what it takes to make a file of them."""

    shown: tuple[tuple[Layer, ...], ...]
    """Layers of each frame of the video."""
    fps: Fraction
    size: tuple[int, int]
    """Width and height in pixels."""
    title: str
    digest: str
    """Digest of the whole plan in hex, also where its frames are not all there yet."""
    planned: int
    """How many frames the whole video has."""
    output: OutputSpec
    """What the scene asks of the video, or of the first where there are more."""
    outputs: tuple[OutputSpec, ...] = ()
    """What it asks of the others."""
    marks: Marks = Marks()
    """Where bars, sections and shots begin."""
    reliefs: tuple[Relief, ...] = ()
    """How deep the frames of each shot are; none where an earlier release rendered them."""

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
        records = known_frames(place).records
        present = {frame for frame in records if is_intact(place, records[frame])}
    return footage_of(place, manifest, records.keys(), present)


def footage_of(
    place: RunDirectory,
    manifest: Manifest,
    journaled: Collection[FrameId],
    present: Collection[FrameId],
) -> Footage:
    """The footage of the run at `place`, up to the last frame of its video that was rendered.

    Raises RunError if nothing can be shown, or one of the `journaled` frames, or one before them,
    is not `present`.
    """
    video = list(shown_frames(manifest.shots or (ShotSpan(MAIN, manifest.frames),)))
    rendered = [all(one.id in journaled for one in layers) for layers in video]
    if not any(rendered):
        raise RunError(f"{place.root} holds no finished frame yet; render its scene first")
    wanted = video[: _end(rendered)]
    frames = list(dict.fromkeys(one.id for layers in wanted for one in layers))
    if gap := [frame for frame in frames if frame not in present]:
        raise RunError(
            f"frame {gap[0]} in {place.root} is missing or damaged ({len(gap)} of {len(frames)} "
            "are); render the scene again: it fills such gaps"
        )
    return Footage(
        shown=tuple(tuple(_layer(place, one) for one in layers) for layers in wanted),
        fps=Fraction(manifest.fps),
        size=(manifest.width, manifest.height),
        title=manifest.title,
        digest=manifest.digest,
        planned=len(video),
        output=manifest.output,
        outputs=manifest.outputs,
        marks=manifest.marks,
        reliefs=manifest.reliefs,
    )


def _end(rendered: Sequence[bool]) -> int:
    """How many frames of a video there are, up to its last that was rendered.

    A painted frame that stands alone at the end was made before those between it and the last one.
    """
    there = [frame for frame, one in enumerate(rendered) if one]
    while len(there) > 1 and there[-1] - there[-2] > 1:
        there.pop()
    return there[-1] + 1


def _layer(place: RunDirectory, one: ShownFrame) -> Layer:
    return Layer(place.frame(one.id), one.id, one.weight, one.offset)
