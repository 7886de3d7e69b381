"""How far one picture serves a camera that moves on, and where it begins anew.

A picture that has grown far too large, or has gone out of sight, shows no motion any more. So an
animatic lays the picture anew before the camera wherever it has gone that far, and lets the two
flow into each other: what moves does so as the camera does, at any moment.

Convention:
    Matrices are those of `pipeline.camera.poses`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from pipeline.camera.poses import Pose
from pipeline.scene.motion import Matrix
from pipeline.spec.frame import FrameId

Reach = Callable[[Pose], bool]
"""Whether a picture still serves a camera in a pose that is counted from where the picture lies."""

FLOW = 8
"""Frames over which a picture that is laid anew comes in."""


@dataclass(frozen=True, slots=True, eq=False)
class Glance:
    """A picture as one frame sees it."""

    matrix: Matrix
    """From where the picture was laid before the camera to the frame."""
    share: float = 1.0
    """Share of what the frame shows, in (0, 1]; all of them add up to 1."""


def glances(poses: Mapping[FrameId, Pose], serves: Reach) -> dict[FrameId, tuple[Glance, ...]]:
    """What each frame sees of the picture that its start begins with, in the order of `poses`."""
    laid: dict[FrameId, list[_Lap]] = {}
    seen = {}
    for frame, pose in poses.items():
        laps = laid.setdefault(pose.start, [_Lap(np.eye(len(pose.matrix)))])
        now = laps[-1]
        if now.age > FLOW and not serves(_counted(pose, now.laid)):
            laps.append(now := _Lap(pose.matrix))
        now.age += 1
        risen = 1.0 if len(laps) == 1 else min(1.0, now.age / (FLOW + 1))
        both = ((laps[-2:][0], 1 - risen), (now, risen))
        seen[frame] = tuple(
            Glance(_counted(pose, lap.laid).matrix, share) for lap, share in both if share > 0
        )
    return seen


@dataclass(slots=True, eq=False)
class _Lap:
    """Where a picture was laid, and for how many frames it has been seen since."""

    laid: Matrix
    age: int = 0


def _counted(pose: Pose, laid: Matrix) -> Pose:
    return Pose(pose.start, pose.camera, pose.matrix @ np.linalg.inv(laid))


def endless(pose: Pose) -> bool:
    """Reach of the drawn pictures, which have no end; a lens alone leads away from all of them."""
    return pose.camera.mode == "2d" or 0.4 < _lens(pose.matrix) < 3.0


def reach_of_picture(size: tuple[int, int]) -> Reach:
    """How far a picture of `size` pixels, that of a frame, serves."""

    def serves(pose: Pose) -> bool:
        return _flat(pose.matrix, size) if pose.camera.mode == "2d" else _deep(pose.matrix)

    return serves


def _flat(matrix: Matrix, size: tuple[int, int]) -> bool:
    centre = np.array([(size[0] - 1) / 2, (size[1] - 1) / 2, 1.0])
    gone = np.abs((matrix @ centre - centre)[:2] / size).max()
    return bool(0.6 < _lens(matrix) < 2.5 and gone < 0.45)


def _deep(matrix: Matrix) -> bool:
    near, turned = np.linalg.norm(matrix[:3, 3]), matrix[2, 2]
    # A third of the way to the nearest things, and a turn of 14 degrees.
    return bool(0.6 < _lens(matrix) < 2.0 and near < 0.3 and turned > 0.97)


def _lens(matrix: Matrix) -> float:
    """How many times as large things are, but for what comes nearer."""
    return float(np.linalg.norm(matrix[:2, 0]))
