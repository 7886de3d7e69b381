"""The sums of the author's files that frames are made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from pipeline.spec.fingerprints import Fingerprint
from pipeline.spec.frame import FrameId, FrameSpec, picture_files


def picture_sums(
    specs: Iterable[FrameSpec], fingerprints: Mapping[FrameId, Iterable[Fingerprint]]
) -> dict[Path, str]:
    """The sums of the author's pictures that frames are made of, as they were hashed."""
    sums: dict[Path, str] = {}
    for spec in specs:
        values = {(one.role, one.name): one.value for one in fingerprints[spec.id]}
        for role, which, path in picture_files(spec):
            sums[Path(path)] = values[role, which]
    return sums
