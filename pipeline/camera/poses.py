"""Where the camera of each frame stands, seen from the frame that its picture began with.

The motions of a render add up here in one matrix, as if nothing were painted on the way: what an
animatic needs. No picture and no torch is asked.

Convention:
    Matrices are those of `pipeline.scene.motion`, old to new, of all motions since the start.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from pipeline.scene.motion import Matrix, compose, lens, matrix_2d, way_3d
from pipeline.spec.camera import CameraSpec
from pipeline.spec.frame import FrameId, FrameSpec, SavedFrame

_AT_REST: dict[str, Matrix] = {"2d": np.eye(3), "3d": np.eye(4)}


@dataclass(frozen=True, slots=True, eq=False)
class Pose:
    """The camera of one frame."""

    start: FrameId
    """Frame whose picture all of the motion has moved; the frame itself where it starts anew."""
    camera: CameraSpec
    matrix: Matrix
    """From the picture of `start` to this frame: 3x3 on pixel indices of a frame in 2d, 4x4 in
    units of depth in 3d."""


def poses(specs: Iterable[FrameSpec]) -> dict[FrameId, Pose]:
    """The poses of frames, each of which stands behind those that it grows from.

    A frame that grows from none starts anew, and so does one whose camera turns from 2d to 3d.
    """
    made: dict[FrameId, Pose] = {}
    moving: dict[FrameId, CameraSpec] = {}
    for spec in specs:
        pose = made[spec.id] = _pose(spec, made, moving)
        if spec.motions:
            moving.setdefault(pose.start, _before(spec.camera))
    # A frame that starts anew has no camera of its own: it stands before that of the next ones.
    return {
        frame: pose
        if pose.start in moving and pose.camera is not _NONE
        else _standing(pose, moving)
        for frame, pose in made.items()
    }


_NONE = CameraSpec(fov=1.0)
"""Stands for a camera that is not known yet."""


def _before(camera: CameraSpec) -> CameraSpec:
    """The camera that took the picture which moves before this one."""
    return camera if camera.taken is None else replace(camera, fov=camera.taken, taken=None)


def _standing(pose: Pose, moving: dict[FrameId, CameraSpec]) -> Pose:
    camera = moving.get(pose.start, CameraSpec())
    return replace(pose, camera=camera, matrix=_AT_REST[camera.mode])


def _pose(spec: FrameSpec, made: dict[FrameId, Pose], moving: dict[FrameId, CameraSpec]) -> Pose:
    first = next(iter(spec.inputs), None)
    if not isinstance(first, SavedFrame):
        return Pose(spec.id, _NONE, _AT_REST["2d"])
    before = made[spec.saved(first)]
    if not spec.motions:
        return before
    if before.camera is _NONE:
        first_camera = _before(spec.camera)
        before = replace(before, camera=first_camera, matrix=_AT_REST[spec.camera.mode])
    if before.camera.mode != spec.camera.mode:
        return Pose(spec.id, _NONE, _AT_REST["2d"])
    return Pose(before.start, spec.camera, compose(before.matrix, *_steps(spec, before.camera)))


def _steps(spec: FrameSpec, before: CameraSpec) -> list[Matrix]:
    """The matrices of a frame's motions; `before` is the camera of the frame that it grows from."""
    if spec.camera.mode == "2d":
        return [matrix_2d(motion, *spec.size) for motion in spec.motions]
    # A picture keeps its size when the angle of view changes: what it shows is taken to be wider.
    return [lens(spec.camera.fov, before.fov), way_3d(spec.motions, spec.camera)]
