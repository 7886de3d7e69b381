"""Where the camera stands before a clip: the clip's frames are seen from there.

A clip moves by itself, and the camera on top of it. All of the camera's motions since the shot
began are one matrix, by which each frame of the clip is seen; flow between two frames that are seen
so knows both.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from torch import Tensor

from pipeline.camera.sight import Sight, unmoved
from pipeline.protocols import DepthEstimator
from pipeline.render.camera_step import map_of, sight_of
from pipeline.spec.camera import CameraSpec
from pipeline.spec.clip import ClipPose


def filmed(
    picture: Tensor, pose: ClipPose | None, camera: CameraSpec, depth: DepthEstimator | None
) -> Sight:
    """A frame of the clip `(1, 3, H, W)` as the camera sees it, in 3d through its own depth."""
    if pose is None:
        return unmoved(picture)
    seen = replace(camera, mode=pose.mode, fov=pose.fov, taken=None)
    side = round(len(pose.matrix) ** 0.5)
    matrix = np.array(pose.matrix).reshape(side, side)
    return sight_of(picture, map_of(picture, matrix, seen, depth), seen, splat=True)
