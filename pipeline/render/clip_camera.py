"""Where the camera stands before a clip: the clip's frames are seen from there.

A clip moves by itself, and the camera on top of it. All of the camera's motions since the shot
began are one matrix, by which each frame of the clip is seen; flow between two frames that are seen
so knows both.

Convention:
    Matrices are those of `pipeline.camera.motion`, old to new, from the clip's own picture.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from torch import Tensor

from pipeline.camera.motion import Matrix, compose
from pipeline.camera.sight import Sight, unmoved
from pipeline.files.arrays import Arrays
from pipeline.protocols import DepthEstimator
from pipeline.render.camera_step import map_of, matrix_of, sight_of
from pipeline.spec.camera import CameraSpec
from pipeline.spec.frame import FrameSpec

_SIDES = {"2d": 3, "3d": 4}
"""Rows of a camera's matrix by its mode."""


@dataclass(frozen=True, slots=True, eq=False)
class ClipPose:
    """The camera's motions since it saw the clip as it is."""

    matrix: Matrix
    """3x3 on pixel indices of a frame in 2d, 4x4 in units of depth in 3d."""

    def to_arrays(self) -> Arrays:
        """The pose as named arrays."""
        return {"matrix": self.matrix}

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> ClipPose:
        """The pose whose `to_arrays` are `arrays`."""
        return cls(arrays["matrix"].astype(np.float64))


def poses(
    spec: FrameSpec, earlier: ClipPose | None, picture: Tensor
) -> tuple[ClipPose, ClipPose] | None:
    """The poses before and after the motions of `spec`; None where the camera rests all the time.

    `earlier` is that of the frame that it grows from, of which one of another mode does not count.
    """
    if not spec.motions:
        return None
    side = _SIDES[spec.camera.mode]
    begun = earlier is not None and len(earlier.matrix) == side
    before = earlier if begun and earlier is not None else ClipPose(np.eye(side))
    step = matrix_of(picture, spec.motions, spec.camera)
    return before, ClipPose(compose(before.matrix, step))


def filmed(
    picture: Tensor, pose: ClipPose, camera: CameraSpec, depth: DepthEstimator | None
) -> Sight:
    """A frame of the clip `(1, 3, H, W)` as the camera sees it, in 3d through its own depth."""
    if np.array_equal(pose.matrix, np.eye(len(pose.matrix))):
        return unmoved(picture)
    return sight_of(picture, map_of(picture, pose.matrix, camera, depth), camera, splat=True)
