"""Where the camera of each frame stands before a clip, as if nothing were painted.

The camera's motions since it saw the clip as it is are one matrix, which follows from the scene
alone: a frame that starts from noise, or from a picture, changes nothing about it.

Convention:
    Matrices are those of `pipeline.scene.motion`, old to new, from the clip's own picture.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from pipeline.plan.ways import Step, camera_steps
from pipeline.scene.motion import Matrix, compose, lens, matrix_2d, way_3d
from pipeline.scene.painted import BEFORE
from pipeline.scene.schema import Scene
from pipeline.scene.shots import Shot
from pipeline.spec.camera import CameraMode, CameraMotion
from pipeline.spec.clip import ClipPose

_SIDES: Mapping[CameraMode, int] = {"2d": 3, "3d": 4}
"""Rows of a camera's matrix by its mode."""
_PLACES = 9
"""Decimals of the numbers of a pose: far less than a pixel, and the same on all machines."""
_AT_REST = CameraMotion()


@dataclass(frozen=True, slots=True)
class ClipPoses:
    """The poses of a shot's frames."""

    each: Sequence[ClipPose | None] = ()
    """Pose of the frame before the shot, then of each of its own; None of a frame that sees the
    clip as it is, and nothing at all where all of them do."""

    def at(self, frame: int) -> ClipPose | None:
        """The pose of a frame of the shot, or of the frame `BEFORE` it."""
        return self.each[frame - BEFORE] if self.each else None


def clip_poses(scene: Scene) -> Iterator[ClipPoses]:
    """The poses of each shot over a clip, in the order of the scene's shots.

    The first frame of a shot that does not continue another one sees the clip as it is, and so does
    the frame before the camera moves in another mode than it has moved in.
    """
    earlier: _Stand | None = None
    for shot, following in pairwise((*scene.all_shots, None)):
        assert shot is not None
        stands = _stands(scene, shot, earlier if shot.before is not None else None)
        moves = any(one is not None for one in stands)
        yield ClipPoses([None if one is None else one.pose for one in stands] if moves else ())
        before = None if following is None else following.before
        earlier = None if before is None else stands[before.frame - BEFORE]


@dataclass(frozen=True, slots=True, eq=False)
class _Stand:
    """A pose that is not rounded."""

    mode: CameraMode
    matrix: Matrix
    fov: float

    @property
    def pose(self) -> ClipPose:
        rounded = (self.matrix.round(_PLACES) + 0.0).ravel().tolist()
        return ClipPose(self.mode, tuple(rounded), self.fov)


def _stands(scene: Scene, shot: Shot, earlier: _Stand | None) -> list[_Stand | None]:
    """Where the camera stands on the frame before a shot, and on each of its own."""
    frames = np.arange(shot.first, shot.first + shot.painted, dtype=np.float64)
    steps = camera_steps(shot.settings.camera, frames)
    made = [earlier]
    for frame, step in enumerate(steps):
        grows = frame > 0 or shot.before is not None
        made.append(_moved(made[-1], step, scene.video.size) if grows else None)
    return made


def _moved(before: _Stand | None, step: Step, size: tuple[int, int]) -> _Stand | None:
    """Where the camera stands after a step."""
    camera = step.camera
    if step.motion == _AT_REST and not step.lens:
        return before
    if before is None or before.mode != camera.mode:
        before = _Stand(camera.mode, np.eye(_SIDES[camera.mode]), camera.fov)
    if camera.mode == "2d":
        return _Stand("2d", compose(before.matrix, matrix_2d(step.motion, *size)), camera.fov)
    # A picture keeps its size when the angle of view changes: what it shows is taken to be wider.
    wider = lens(camera.fov, before.fov)
    seen = compose(lens(before.fov, camera.fov), before.matrix, wider)
    return _Stand("3d", compose(seen, way_3d([step.motion], camera)), camera.fov)
