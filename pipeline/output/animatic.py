"""An animatic: the video of a plan without anything painted, frame by frame.

The camera is the render's: its matrices, its fades between shots and its `camera.offset`. What it
sees is a `Backdrop`; below lies a panel that says what will be there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.camera.laps import Glance
from pipeline.camera.poses import Pose
from pipeline.files.png import Pixels
from pipeline.output.animatic_panel import Panel
from pipeline.output.backdrop import Backdrop
from pipeline.output.composition import Levels, View, compose
from pipeline.output.fit import Placement, Size
from pipeline.plan.looks import Look, shares
from pipeline.spec.frame import FrameId
from pipeline.spec.plan import Plan
from pipeline.spec.timeline import ShownFrame, shown_frames

LONG_SIDE = 448
"""Pixels of the longer side of a draft."""
NARROWEST = 384
"""Least width of an animatic in pixels: its panel needs room for words."""


def draft_size(frame: Size) -> Size:
    """Even sides of a draft of frames of this size, in their proportions."""
    scale = LONG_SIDE / max(frame)
    width, height = (max(16, 2 * round(side * scale / 2)) for side in frame)
    return width, height


@dataclass(frozen=True, slots=True, eq=False)
class Animatic:
    """All that an animatic of a plan is drawn from."""

    plan: Plan
    poses: Mapping[FrameId, Pose]
    glances: Mapping[FrameId, Sequence[Glance]]
    looks: Mapping[str, Sequence[Look]]
    backdrop: Backdrop
    panel: Panel
    draft: Size

    @property
    def size(self) -> Size:
        """Width and height of its pictures in pixels."""
        return max(self.draft[0], NARROWEST), self.draft[1] + self.panel.height

    def pictures(self) -> Iterator[Pixels]:
        """The pictures of the panel's part of the video."""
        video = list(shown_frames(self.plan.all_shots))
        for frame in self.panel.part:
            yield self._picture(frame, video[frame])

    def _picture(self, frame: int, layers: Sequence[ShownFrame]) -> Pixels:
        width, height = self.size
        whole = np.empty((height, width, 3), dtype=np.uint8)
        self.panel.draw(whole[self.draft[1] :], frame, layers)
        whole[: self.draft[1]] = _MARGIN
        left = (width - self.draft[0]) // 2
        view = View(self.plan[0].size, Placement(self.draft, self.draft))
        seen = [(self._seen(one.id), one.weight, one.offset) for one in layers]
        whole[: self.draft[1], left : left + self.draft[0]] = compose(seen, view)
        return whole

    def _seen(self, frame: FrameId) -> Pixels:
        """What the camera sees on one frame of a shot, before the shot is shown."""
        camera = self.poses[frame].camera
        parts = [
            (share * glance.share, self.backdrop(camera, glance.matrix, look))
            for glance in self.glances[frame]
            for look, share in shares(self.looks[frame.shot], frame.frame)
            if share > 0
        ]
        if len(parts) == 1:
            return parts[0][1]
        mixed: Levels = sum(
            (np.float32(share) * pixels for share, pixels in parts),
            start=np.zeros(parts[0][1].shape, dtype=np.float32),
        )
        return np.rint(mixed).astype(np.uint8)


_MARGIN = (18, 18, 20)
"""Colour beside a picture that is narrower than its panel."""
