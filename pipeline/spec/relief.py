"""How deep the frames of a shot are: who says so, and through which lens they are seen.

A frame's spec says how the picture before it moves, and so of the depth of that picture. What is
made of finished frames (eyes, depth for compositing) asks for the depth of each frame itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.spec.camera import CameraSpec
from pipeline.spec.frame import MAIN
from pipeline.spec.sources import STARTER_DEPTH, DepthSource, Precision

STRAIGHT = CameraSpec(mode="3d")


@dataclass(frozen=True, slots=True)
class Relief:
    """The depth of the frames of one shot."""

    shot: str = MAIN
    lenses: tuple[CameraSpec, ...] = (STRAIGHT,)
    """How each painted frame is seen in 3d, with the depth that the author gives it; a single one
    holds for all."""
    depth: tuple[DepthSource, ...] = STARTER_DEPTH
    """Depth estimators, where the author gives none."""
    precision: Precision = "auto"

    def lens(self, frame: int) -> CameraSpec:
        """How the frame `frame` of the shot is seen."""
        return self.lenses[frame] if len(self.lenses) > 1 else self.lenses[0]

    @property
    def estimates(self) -> bool:
        """Whether a network is asked for the depth of any frame."""
        return any(lens.estimates_depth for lens in self.lenses)
