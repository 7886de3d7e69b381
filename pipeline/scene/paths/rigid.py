"""Views of a camera as matrices, and the motions of a scene that lead from one to the next.

Convention:
    Axes: x right, y down, z forward; degrees. A view is a 4x4 matrix that carries points of the
    world to where they are before the camera. Motions are those of `pipeline.scene.motion`, whose
    3d matrix turns about x, then y, then z (`rotate_x`, `rotate_y`, `roll`), and then translates by
    `(-translate_x, translate_y, -translate_z) / 200`; a later motion multiplies from the left.
"""

from __future__ import annotations

import numpy as np

from pipeline.scene.paths.poses import Array
from pipeline.spec.camera import UNIT_OF_DEPTH

MOTIONS = ("translate_x", "translate_y", "translate_z", "rotate_x", "rotate_y", "roll")
"""What moves a camera without its lens, in the order of columns here."""
GUIDES = ("path", "orbit", "dolly_zoom", "look_at")
"""Settings that say where a camera is or looks, and not how it moves."""
_SIGNS = np.array([-1.0, 1.0, -1.0])


def turn_x(angle: Array) -> Array:
    """The rotations `(n, 3, 3)` of a camera that pitches up by angles `(n,)` in degrees."""
    return _turns(angle, 1, 2)


def turn_y(angle: Array) -> Array:
    """The rotations of a camera that yaws right."""
    return _turns(angle, 2, 0)


def turn_z(angle: Array) -> Array:
    """The rotations of a picture that rolls counter-clockwise."""
    return _turns(angle, 0, 1)


def _turns(angle: Array, a: int, b: int) -> Array:
    radians = np.radians(angle)
    made = np.zeros((len(radians), 3, 3))
    made[:, 3 - a - b, 3 - a - b] = 1.0
    made[:, a, a] = made[:, b, b] = np.cos(radians)
    made[:, a, b] = np.sin(radians)
    made[:, b, a] = -made[:, a, b]
    return made


def views(turns: Array, shifts: Array) -> Array:
    """Matrices `(n, 4, 4)` of rotations `(n, 3, 3)` and then shifts `(n, 3)`."""
    made = np.zeros((len(turns), 4, 4))
    made[:, :3, :3], made[:, :3, 3], made[:, 3, 3] = turns, shifts, 1.0
    return made


def seen_from(places: Array, turns: Array) -> Array:
    """The views `(n, 4, 4)` of cameras at places `(n, 3)`, turned `(n, 3, 3)` camera to world."""
    back = turns.transpose(0, 2, 1)
    return views(back, -(back @ places[:, :, None])[:, :, 0])


def inverse(matrices: Array) -> Array:
    """The inverse of rigid matrices `(n, 4, 4)`."""
    back = matrices[:, :3, :3].transpose(0, 2, 1)
    return views(back, -(back @ matrices[:, :3, 3:])[:, :, 0])


def matrices_of(motions: Array) -> Array:
    """The matrices `(n, 4, 4)` of motions `(n, 6)`, columns as in `MOTIONS`."""
    about_x, about_y, about_z = motions[:, 3], motions[:, 4], motions[:, 5]
    turns = turn_z(about_z) @ turn_y(about_y) @ turn_x(about_x)
    return views(turns, motions[:, :3] * _SIGNS / UNIT_OF_DEPTH)


def motions_of(matrices: Array) -> Array:
    """The motions `(n, 6)` whose matrices are rigid ones `(n, 4, 4)`.

    Yaw and roll follow from the first column of the rotation, and the pitch from what these two
    leave of it: so that the three make up the rotation also where yaw is a right angle, roll and
    pitch fall together, and either of them will do.
    """
    turns = matrices[:, :3, :3]
    yaw = np.degrees(np.arctan2(turns[:, 2, 0], np.hypot(turns[:, 0, 0], turns[:, 1, 0])))
    roll = np.degrees(np.arctan2(-turns[:, 1, 0], turns[:, 0, 0]))
    rest = (turn_z(roll) @ turn_y(yaw)).transpose(0, 2, 1) @ turns
    pitch = np.degrees(np.arctan2(rest[:, 1, 2] - rest[:, 2, 1], rest[:, 1, 1] + rest[:, 2, 2]))
    shifts = matrices[:, :3, 3] * _SIGNS * UNIT_OF_DEPTH
    return np.column_stack((shifts, pitch, yaw, roll)) + 0.0


def steps_between(poses: Array) -> Array:
    """The motions `(n, 6)` from each of the views `(n + 1, 4, 4)` to the next."""
    return motions_of(poses[1:] @ inverse(poses[:-1]))
