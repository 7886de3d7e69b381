"""How the frames of a shot are shown: its place in the video, and the pose on top of its camera."""

from __future__ import annotations

from dataclasses import fields

import numpy as np

from pipeline.plan.columns import column, sections
from pipeline.scene.shots import Shot
from pipeline.spec.timeline import AT_REST, Offset, ShotSpan


def span(shot: Shot) -> ShotSpan:
    """The place of `shot` in the video; without offsets if the picture is always as it is."""
    return ShotSpan(shot.name, shot.length, shot.first, shot.fade, _offsets(shot))


def _offsets(shot: Shot) -> tuple[Offset, ...]:
    pose = shot.settings.camera.offset
    frames = np.arange(shot.first, shot.first + shot.painted, dtype=np.float64)
    numbers = (column(getattr(pose, one.name), frames) for one in fields(Offset))
    offsets = sections(Offset, *numbers)
    return () if all(one == AT_REST for one in offsets) else tuple(offsets)
