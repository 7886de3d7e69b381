"""The painted frames around each frame of a plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from pipeline.spec.frame import FrameId, FrameSpec, PictureFile
from pipeline.spec.plan import Plan


@dataclass(frozen=True, slots=True)
class Around:
    """What a frame lies between, by the numbers of frames in its shot."""

    before: int | None
    """The last frame up to this one that is painted, or a picture of the author's; None if there is
    no such frame."""
    after: int | None
    """The next one from this one on; the same number where the frame itself is one."""


def painted_around(plan: Plan) -> dict[FrameId, Around]:
    """For each frame of `plan` those of its shot between which it lies."""
    found: dict[FrameId, Around] = {}
    for _, shot in groupby(plan, key=lambda spec: spec.shot):
        specs = list(shot)
        afters = _latest(specs[::-1])[::-1]
        rows = zip(specs, _latest(specs), afters, strict=True)
        found |= {spec.id: Around(before, after) for spec, before, after in rows}
    return found


def is_picture(spec: FrameSpec) -> bool:
    """Whether a frame is a picture of the author's as it is."""
    pictures = [isinstance(one, PictureFile) for one in spec.inputs]
    return spec.denoise is None and bool(pictures) and all(pictures)


def _latest(specs: Sequence[FrameSpec]) -> list[int | None]:
    """For each of `specs` the frame met last that is not moved, itself included."""
    found: list[int | None] = []
    for spec in specs:
        shown_anew = spec.denoise is not None or is_picture(spec)
        found.append(spec.frame if shown_anew else found[-1] if found else None)
    return found
