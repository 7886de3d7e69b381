"""What a video for two eyes is: how far they are apart, where its screen lies, how it is laid out.

Convention:
    x right, z forward. Lengths along both are told in 1/200 units of depth, as the camera's
    translations are. The left eye stands half of `ipd` to the left of where the frame was painted,
    the right eye as far to its right; both look straight ahead.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, radians, tan
from typing import Literal

from pipeline.spec.camera import UNIT_OF_DEPTH

StereoLayout = Literal["side_by_side", "top_bottom", "anaglyph"]


@dataclass(frozen=True, slots=True)
class StereoSpec:
    """Two eyes that see each frame; does not change any frame."""

    ipd: float = 5.0
    """Distance of the eyes in 1/200 units of depth, above 0."""
    eye_angle: float = 0.5
    """Angle in degrees, 0 to below 45, by which the middle of the screen lies inward of straight
    ahead, for each eye. With 0 the screen is infinitely far away, and everything before it."""
    layout: StereoLayout = "side_by_side"

    @property
    def screen(self) -> float:
        """Depth, in units, of what lies in the plane of the screen; infinite for parallel eyes."""
        if self.eye_angle == 0:
            return inf
        return self.ipd / UNIT_OF_DEPTH / 2 / tan(radians(self.eye_angle))

    def packed(self, eye: tuple[int, int]) -> tuple[int, int]:
        """Width and height of the video in pixels, for those of what one eye sees."""
        width, height = eye
        across, down = {"side_by_side": (2, 1), "top_bottom": (1, 2)}.get(self.layout, (1, 1))
        return across * width, down * height
