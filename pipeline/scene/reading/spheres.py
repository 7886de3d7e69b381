"""A rule of videos that go all around: which can say so."""

from __future__ import annotations

from pathlib import PurePosixPath

from pydantic import AfterValidator, ValidationInfo

from pipeline.spec.video_formats import BOXED


def _goes_around(value: bool, info: ValidationInfo) -> bool:
    if value and info.data.get("stereo") is not None:
        raise ValueError(
            "the eyes of stereo look straight ahead, and not all around; remove one of the two"
        )
    file = info.data.get("file")
    if value and isinstance(file, str) and PurePosixPath(file).suffix.lower() not in BOXED:
        raise ValueError(
            f"only {', '.join(BOXED[:-1])} and {BOXED[-1]} can say that a picture goes all "
            "around; write another file, or remove it"
        )
    return value


goes_around = AfterValidator(_goes_around)
"""Refuses it for files that cannot tell players."""
