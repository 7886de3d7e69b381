"""A frame between two painted ones, from which no other frame grows.

Convention:
    Motions lead from a frame to a later one; the next painted frame is seen back against them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pipeline.spec.camera import CameraMotion, CameraSpec

InBetween = Literal["warp", "blend", "flow"]
"""What is seen between two painted frames: the last one, both, or both along optical flow."""


@dataclass(frozen=True, slots=True)
class Between:
    """What a frame between two painted ones shows of the next of them, its second input.

    One that has a single input shows the last painted frame alone.
    """

    share: float = 0.0
    """How near the next painted frame is in time, 0 to 1."""
    onward: tuple[CameraMotion, ...] = ()
    """The camera's way from this frame to the next painted one."""
    camera: CameraSpec = CameraSpec()
    """How this frame would be seen along `onward`; its depth is that of the next painted one."""
    flow: bool = False
    """Whether what lies elsewhere in the two pictures goes its way, by optical flow."""
