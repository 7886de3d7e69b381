"""Frames of the author's clips as the frames of a render ask for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path

from pipeline.files.clip_frames import Framing
from pipeline.files.clip_store import ClipStore, Cuttings
from pipeline.render.picture_sums import picture_sums
from pipeline.spec.clip import ClipFrame
from pipeline.spec.fingerprints import Fingerprint
from pipeline.spec.frame import FrameId, FrameSpec

CLIPS = ClipStore(Path("renders", ".clips"))
"""The frames that were decoded, in the working directory."""

Counted = Callable[[int, int], None]
"""Hears how many frames of clips have been decoded, and of how many."""


def cuttings(one: ClipFrame, size: tuple[int, int], sums: Mapping[Path, str]) -> Cuttings:
    """What a frame of a clip belongs to, for a frame of `size`; `sums` are those of its file."""
    file = Path(one.clip)
    return Cuttings(file, sums[file], Framing(size, one.crop, one.fit))


def decode_clips(
    specs: Iterable[FrameSpec],
    fingerprints: Mapping[FrameId, Iterable[Fingerprint]],
    told: Counted = lambda done, total: None,
    clips: ClipStore = CLIPS,
) -> None:
    """Decode what `specs` ask of their clips and is not there yet, each clip once.

    Raises:
        ClipError: a clip cannot be decoded, or is not what it was when its sum was taken.
        Error: the disk refuses.
    """
    asked: dict[Cuttings, set[int]] = defaultdict(set)
    for spec in specs:
        for one in spec.inputs:
            if isinstance(one, ClipFrame):
                sums = picture_sums([spec], fingerprints)
                asked[cuttings(one, spec.size, sums)].add(one.index)
    missing = {which: clips.missing(which, frames) for which, frames in asked.items()}
    total, done = sum(map(len, missing.values())), 0
    for which, frames in missing.items():
        if frames:
            clips.fetch(which, frames, partial(_tell, told, done, total))
            done += len(frames)


def _tell(told: Counted, before: int, total: int, count: int) -> None:
    told(before + count, total)
