"""The camera of a shot as a path: where it stands at each frame, whatever moved it.

Convention:
    As `pipeline.scene.paths.poses`; the first frame stands at the origin and looks along z.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.plan.ways import Step, camera_steps
from pipeline.scene.paths.poses import Array, Poses, to_matrices, to_turns
from pipeline.scene.paths.rigid import MOTIONS, inverse, matrices_of, views
from pipeline.scene.shots import Shot
from pipeline.spec.camera import CameraMotion


@dataclass(frozen=True, slots=True, eq=False)
class ShotPath:
    """A shot's camera, in units of depth."""

    poses: Poses
    stretched: float
    """How far the frames' matrices are from those of a camera, at most: 0, unless a zoom, or a
    moving `fov` without a lens, is followed by turns."""


def shot_path(shot: Shot, fps: float) -> ShotPath:
    """The path of a shot's 3d camera over the frames of the video, `fps` a second.

    Zoom counts as a lens: what grows is seen through a narrower one.
    """
    frames = np.arange(shot.first, shot.first + shot.length, dtype=np.float64)
    steps = camera_steps(shot.settings.camera, frames)
    ways = _added(steps)
    scales = np.sqrt(
        np.linalg.norm(ways[:, 0, :3], axis=1) * np.linalg.norm(ways[:, 1, :3], axis=1)
    )
    ways[:, :2] /= scales[:, None, None]
    turns = to_turns(ways[:, :3, :3])
    stretched = ways[:, :3, :3] @ ways[:, :3, :3].transpose(0, 2, 1) - np.eye(3)
    halves = np.tan(np.radians([step.camera.fov for step in steps]) / 2)
    back = inverse(views(to_matrices(turns), ways[:, :3, 3]))
    return ShotPath(
        Poses(
            times=np.arange(len(steps)) / fps,
            places=back[:, :3, 3],
            turns=turns * [1, -1, -1, -1],
            fovs=np.degrees(2 * np.arctan(halves / scales)),
        ),
        float(np.abs(stretched).max(initial=0.0)),
    )


def _added(steps: Sequence[Step]) -> Array:
    """What all motions since the first frame do to points before its camera, `(n, 4, 4)`."""
    moves = matrices_of(np.array([_numbers(step.motion) for step in steps]))
    moves[:, :2] *= np.array([step.motion.zoom for step in steps])[:, None, None]
    halves = np.tan(np.radians([step.camera.fov for step in steps]) / 2)
    made = np.empty_like(moves)
    made[0] = np.eye(4)
    for number in range(1, len(steps)):
        # Without a lens a picture keeps its size, and what it shows is taken to be wider.
        wider = 1.0 if steps[number].lens else halves[number] / halves[number - 1]
        made[number] = moves[number] @ (
            np.array([wider, wider, 1.0, 1.0])[:, None] * made[number - 1]
        )
    return made


def _numbers(motion: CameraMotion) -> list[float]:
    return [getattr(motion, name) for name in MOTIONS]
