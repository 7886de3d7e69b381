"""How long frames took that are rendered already, and what that says of others.

Conventions:
    A frame is like another one if the same denoiser painted it, its gradient went the same way and
    it is as large. Its time goes with the passes through the denoiser that it took; the first frame
    of a render also warms the networks up, and counts only where there is no other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from pipeline.errors import Error
from pipeline.run.directory import RunDirectory
from pipeline.run.journal import FrameRecord, Journal
from pipeline.spec.fingerprints import Fingerprint
from pipeline.spec.frame import FrameSpec
from pipeline.spec.json_form import from_json_data

Passes = Callable[[Sequence[FrameSpec]], Sequence[int]]
"""The passes through the denoiser that each of some frames takes."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What frames have in common whose times can be compared."""

    size: tuple[int, int]
    """Width and height in pixels."""
    gradient: str
    """Path of guidance's gradient."""
    denoiser: tuple[str, ...]
    """Sums of the denoiser's files."""

    @property
    def pixels(self) -> int:
        """Pixels of a frame."""
        return self.size[0] * self.size[1]

    def is_like(self, other: Kind) -> bool:
        """Whether another kind differs in nothing but its size."""
        return (self.gradient, self.denoiser) == (other.gradient, other.denoiser)


@dataclass(frozen=True, slots=True)
class Pace:
    """How long the frames of one render took."""

    folder: Path
    size: tuple[int, int]
    """Width and height of these frames in pixels."""
    frames: int
    """Frames that were measured."""
    a_pass: float
    """Seconds of a pass through the denoiser."""
    moved: float
    """Seconds of a frame that is only moved."""

    def seconds(self, passes: Iterable[int]) -> float:
        """Seconds of frames that take so many passes each; one without any is only moved."""
        return sum(count * self.a_pass if count else self.moved for count in passes)

    def at(self, pixels: int) -> Pace:
        """The pace of frames with so many pixels, if time goes with their number."""
        times = pixels / (self.size[0] * self.size[1])
        return Pace(self.folder, self.size, self.frames, times * self.a_pass, times * self.moved)


def kind_of(spec: FrameSpec, fingerprints: Iterable[Fingerprint]) -> Kind | None:
    """The kind of a frame, of which the fingerprints are known; None of one that is only moved."""
    if spec.denoise is None:
        return None
    sums = sorted(f"{one.what} {one.value}" for one in fingerprints if one.role == "denoiser")
    return Kind(spec.size, spec.denoise.guidance.gradient, tuple(sums))


def pace_of(folder: Path, kind: Kind, passes: Passes) -> Pace | None:
    """The pace of the newest frames of `kind`, of any size, in a render; None if it has none.

    Of a render that this release cannot read it is None as well.
    """
    try:
        records = Journal(RunDirectory(folder).journal).records.values()
        frames = [(one, from_json_data(FrameSpec, one.spec)) for one in records if one.is_timed]
    except (Error, ValueError, OSError):
        return None
    alike = [pair for pair in frames if _is_like(kind, *pair)]
    if not alike:
        return None
    size = alike[-1][1].size
    painted = _warm([pair for pair in alike if pair[1].size == size])
    moved = [
        record.seconds for record, spec in frames if spec.denoise is None and spec.size == size
    ]
    counted = passes([spec for _, spec in painted])
    a_pass = sum(record.seconds for record, _ in painted) / max(1, sum(counted))
    return Pace(folder, size, len(painted) + len(moved), a_pass, fmean(moved) if moved else a_pass)


def _is_like(kind: Kind, record: FrameRecord, spec: FrameSpec) -> bool:
    own = kind_of(spec, record.fingerprints)
    return own is not None and own.is_like(kind)


def _warm(frames: list[tuple[FrameRecord, FrameSpec]]) -> list[tuple[FrameRecord, FrameSpec]]:
    """The frames but for the first of a render, if there are others."""
    later = [pair for pair in frames if pair[1].frame > 0]
    return later or frames


def renders_in(folder: Path) -> Iterator[Path]:
    """The renders that lie in a folder, also those in its hidden folders; the newest first."""
    journals = [*folder.glob("*/journal.jsonl"), *folder.glob(".probe/*/journal.jsonl")]
    for journal in sorted(journals, key=lambda path: path.stat().st_mtime, reverse=True):
        yield journal.parent
