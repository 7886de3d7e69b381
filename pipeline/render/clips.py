"""Frames of the author's clips as the frames of a render ask for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path

from pipeline.files.clip_frames import Framing
from pipeline.files.clip_store import ClipStore, Cuttings, Told
from pipeline.render.picture_sums import picture_sums
from pipeline.run.directory import RunDirectory
from pipeline.spec.clip import ClipFrame
from pipeline.spec.fingerprints import Fingerprint
from pipeline.spec.frame import FrameId, FrameSpec


def clips_beside(place: RunDirectory) -> ClipStore:
    """The frames that were decoded for a run and those that lie beside it."""
    return ClipStore(place.root.absolute().parent / ".clips")


def cuttings(one: ClipFrame, size: tuple[int, int], sums: Mapping[Path, str]) -> Cuttings:
    """What a frame of a clip belongs to, for a frame of `size`; `sums` are those of its file."""
    file = Path(one.clip)
    return Cuttings(file, sums[file], Framing(size, one.crop, one.fit))


def to_decode(
    specs: Iterable[FrameSpec],
    fingerprints: Mapping[FrameId, Iterable[Fingerprint]],
    clips: ClipStore,
) -> int:
    """How many frames of clips `specs` ask for that are not there yet."""
    return sum(map(len, _missing(specs, fingerprints, clips).values()))


def decode_clips(
    specs: Iterable[FrameSpec],
    fingerprints: Mapping[FrameId, Iterable[Fingerprint]],
    clips: ClipStore,
    told: Told = lambda count: None,
) -> None:
    """Decode what `specs` ask of their clips and is not there yet, each clip once.

    `told` hears now and then how many are done.

    Raises:
        ClipError: a clip cannot be decoded, or is not what it was when its sum was taken.
        Error: the disk refuses.
    """
    done = 0
    for which, frames in _missing(specs, fingerprints, clips).items():
        clips.fetch(which, frames, partial(_tell, told, done))
        done += len(frames)


def _missing(
    specs: Iterable[FrameSpec],
    fingerprints: Mapping[FrameId, Iterable[Fingerprint]],
    clips: ClipStore,
) -> dict[Cuttings, list[int]]:
    asked: dict[Cuttings, set[int]] = defaultdict(set)
    for spec in specs:
        sums = picture_sums([spec], fingerprints) if spec.clip_frames else {}
        for one in spec.clip_frames:
            asked[cuttings(one, spec.size, sums)].add(one.index)
    missing = {which: clips.missing(which, frames) for which, frames in asked.items()}
    return {which: frames for which, frames in missing.items() if frames}


def _tell(told: Told, before: int, count: int) -> None:
    told(before + count)
