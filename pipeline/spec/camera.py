"""The camera between two frames: its motion, and how the picture is seen while it moves.

Convention:
    x right, y down, z forward; angles are degrees. `pipeline.camera.motion` has the signs and
    scales of every motion.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from math import isfinite
from typing import Literal

from pipeline.errors import Error

CameraMode = Literal["2d", "3d"]
Projection = Literal["pinhole", "disco"]
Padding = Literal["wrap", "border", "reflection", "zeros"]
Sampling = Literal["bicubic", "bilinear", "nearest"]
White = Literal["near", "far"]


@dataclass(frozen=True, slots=True)
class CameraMotion:
    """How the camera moves from one frame to the next; by default, not at all.

    Raises:
        Error: a number is not finite, or the zoom not above 0.
    """

    translate_x: float = 0.0
    """Pixels in 2d, the field's units in 3d."""
    translate_y: float = 0.0
    translate_z: float = 0.0
    """In 3d alone."""
    rotate_x: float = 0.0
    """Degrees about the x axis, in 3d alone."""
    rotate_y: float = 0.0
    """Degrees about the y axis, in 3d alone."""
    roll: float = 0.0
    """Degrees about the z axis."""
    zoom: float = 1.0
    """Above 1 the picture grows about its centre."""

    def __post_init__(self) -> None:
        moves = (getattr(self, one.name) for one in fields(self) if one.name != "zoom")
        if not all(map(isfinite, moves)):
            raise Error(f"found a camera motion that is not finite: {self}; mend its curves")
        if not (isfinite(self.zoom) and self.zoom > 0):
            raise Error(f"zoom is {self.zoom:g}; it must be greater than 0, and 1 keeps the size")


@dataclass(frozen=True, slots=True)
class DepthPictureSpec:
    """The author's own word on how far away everything in a picture is."""

    file: str
    """A grey picture."""
    white: White = "near"
    """What its brightest level means."""


@dataclass(frozen=True, slots=True)
class CameraSpec:
    """How a picture is seen by the camera that moves away from where it was taken."""

    mode: CameraMode = "2d"
    fov: float = 40.0
    """Vertical field of view in degrees, of a 3d camera."""
    projection: Projection = "pinhole"
    """Of a 3d camera."""
    padding: Padding = "wrap"
    """What fills the places that were out of sight."""
    sampling: Sampling = "bicubic"
    depth: DepthPictureSpec | None = None
    """Of the picture that moves, in 3d; None where a network estimates it."""

    @property
    def estimates_depth(self) -> bool:
        """Whether a network is asked how far away everything in the picture is."""
        return self.mode == "3d" and self.depth is None
