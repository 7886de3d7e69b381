"""A frame of the author's clip, and how a frame of the render is carried along by it."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.files.clip import Crop, Fit
from pipeline.spec.camera import CameraMode


@dataclass(frozen=True, slots=True)
class ClipFrame:
    """A frame of a video file, brought to the size of the frame that is made of it."""

    clip: str
    """Absolute path of the video file."""
    index: int
    """Number of the frame in the file, from 0, in the order in which they are shown."""
    crop: Crop | None = None
    """The part of the clip that is used, upright and in square pixels; None for all of it."""
    fit: Fit = "cover"


@dataclass(frozen=True, slots=True)
class ClipPose:
    """Where the camera stands before a clip: its motions since it saw the clip as it is."""

    mode: CameraMode
    matrix: tuple[float, ...]
    """Rows of the matrix from the clip's own picture, by `pipeline.scene.motion`: 3 x 3 on pixel
    indices of a frame in 2d, 4 x 4 in units of depth in 3d; all 9 or 16 numbers."""
    fov: float
    """Vertical field of view in degrees by which the clip's pictures are points of space in 3d."""


@dataclass(frozen=True, slots=True)
class CarrySpec:
    """How a frame's first input goes along with a clip, to be mixed with the clip's own frame.

    The inputs of such a frame are an earlier frame, the clip's frame at that time, and the clip's
    frame now, and its shares those of the three: of the second, whose only use is that the optical
    flow leads from it to the third, 0.
    """

    mask: float = 1.0
    """How far, 0 to 1, the clip's frame stands in where the flow cannot be trusted."""
    stood: ClipPose | None = None
    """Where the camera stood at the earlier frame; None where it saw the clip as it is."""
    stands: ClipPose | None = None
    """Where it stands now."""
