"""The camera between two frames: its motion, and how the picture is seen while it moves.

Convention:
    x right, y down, z forward; angles are degrees. `pipeline.scene.motion` has the signs and
    scales of every motion.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from math import isfinite
from operator import attrgetter
from typing import Literal

from pipeline.errors import Error

CameraMode = Literal["2d", "3d"]
Projection = Literal["pinhole", "disco"]
Padding = Literal["wrap", "border", "reflection", "zeros"]
Sampling = Literal["bicubic", "bilinear", "nearest"]
White = Literal["near", "far"]
CameraMemory = Literal["frame", "shot"]

UNIT_OF_DEPTH = 200.0
"""Translation of a 3d camera that is one unit of depth."""
MOST_MOTIONS = 24
"""Most motions that one warp is made of."""


@dataclass(frozen=True, slots=True)
class CameraMotion:
    """How the camera moves from one frame to the next; by default, not at all.

    Raises:
        Error: a number is not finite, or the zoom not above 0.
    """

    translate_x: float = 0.0
    """Translation along x, in pixels in 2d and 1/200 units of depth in 3d."""
    translate_y: float = 0.0
    translate_z: float = 0.0
    """Translation along z in 1/200 units of depth; 3d only."""
    rotate_x: float = 0.0
    """Rotation about the x axis in degrees; 3d only."""
    rotate_y: float = 0.0
    """Rotation about the y axis in degrees; 3d only."""
    roll: float = 0.0
    """Rotation about the z axis in degrees."""
    zoom: float = 1.0
    """Zoom factor, above 0; above 1 the picture grows about its centre."""

    def __post_init__(self) -> None:
        if not all(map(isfinite, _MOVES(self))):
            raise Error(f"found a camera motion that is not finite: {self}; mend its curves")
        if not (isfinite(self.zoom) and self.zoom > 0):
            raise Error(f"zoom is {self.zoom:g}; it must be greater than 0, and 1 keeps the size")


_MOVES = attrgetter(*(one.name for one in fields(CameraMotion) if one.name != "zoom"))
"""What a motion has besides its zoom; found once, as a long video has many motions."""


@dataclass(frozen=True, slots=True)
class DepthPictureSpec:
    """The author's own word on how far away everything in a picture is."""

    file: str
    """Absolute path of a grey picture."""
    white: White = "near"
    """What the picture's brightest level means: the nearest place or the farthest."""


@dataclass(frozen=True, slots=True)
class CameraSpec:
    """How a picture is seen by the camera that moves away from where it was taken."""

    mode: CameraMode = "2d"
    fov: float = 40.0
    """Vertical field of view of a 3d camera, in degrees within (0, 180)."""
    projection: Projection = "pinhole"
    """Projection of a 3d camera: a pinhole, or Disco Diffusion's box."""
    padding: Padding = "wrap"
    """Padding: what fills the places that were out of sight."""
    sampling: Sampling = "bicubic"
    depth: DepthPictureSpec | None = None
    """Depth of the picture that moves, in 3d; None where a network estimates it."""
    memory: CameraMemory = "frame"
    """Memory of the camera: the picture before, or all that the shot has shown so far."""
    taken: float | None = None
    """Field of view with which the picture that moves was taken, where the lens is another one
    since; None where it keeps its size at any `fov`."""
    led: bool = False
    """Whether a path leads the camera, which a memory of the shot then slows before no wall."""

    @property
    def estimates_depth(self) -> bool:
        """Whether a network is asked how far away everything in the picture is."""
        return self.mode == "3d" and self.depth is None
