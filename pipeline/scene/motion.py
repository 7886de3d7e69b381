"""Camera motion between two frames, as a matrix that carries the old picture into the new one.

Convention:
    Axes: x right, y down, z forward (right-handed). Angles are degrees, and become radians here
    and nowhere else. A matrix multiplies column vectors and maps old to new; later motions
    multiply from the left. Signs and scales are those of Disco Diffusion 5.7.

    In 2D the picture itself is moved:
        translate_x  content right, pixels          translate_y  content down, pixels
        roll         content counter-clockwise      zoom > 1     content larger
    and translate_z, rotate_x and rotate_y have no meaning: they are ignored.

    In 3D the camera is moved, so content goes the opposite way:
        translate_x  camera right, content left     rotate_x  camera pitches up, content down
        translate_y  camera up, content down        rotate_y  camera yaws right, content left
        translate_z  camera forward, into the scene roll      content counter-clockwise
    200 units of translation are one unit of depth. Zoom is a lens: content grows by this factor
    about the centre of the picture, whatever its depth.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from math import cos, radians, sin, tan

import numpy as np
from numpy.typing import NDArray

from pipeline.spec.camera import UNIT_OF_DEPTH, CameraMotion, CameraSpec

Matrix = NDArray[np.float64]

TRANSLATION_SCALE = 1 / UNIT_OF_DEPTH
"""Units of depth in one unit of a 3D translation."""


def matrix_2d(motion: CameraMotion, width: int, height: int) -> Matrix:
    """The `3x3` matrix on pixel indices: pixel (0, 0) has its centre at the origin.

    Translates, then turns and zooms about pixel (width // 2, height // 2), so that a translation
    is itself turned and zoomed.
    """
    centre_x, centre_y = width // 2, height // 2
    angle = radians(motion.roll)
    # y points down, so a turn that looks counter-clockwise has its sines swapped.
    along, across = motion.zoom * cos(angle), motion.zoom * sin(angle)
    turn = np.array([[along, across, 0.0], [-across, along, 0.0], [0.0, 0.0, 1.0]])
    to_centre = _shift_2d(motion.translate_x - centre_x, motion.translate_y - centre_y)
    return compose(to_centre, turn, _shift_2d(centre_x, centre_y))


def matrix_3d(motion: CameraMotion) -> Matrix:
    """The `4x4` matrix from points before the old camera to the new one's, in units of depth.

    A rigid motion, turning about x first, then y, then z, then translating; and after it the
    zoom, which stretches x and y, so that a projection is enlarged without moving the camera.
    """
    about_x, about_y, about_z = map(radians, (motion.rotate_x, motion.rotate_y, motion.roll))
    matrix = np.eye(4)
    matrix[:3, :3] = _turn(about_z, 0, 1) @ _turn(about_y, 2, 0) @ _turn(about_x, 1, 2)
    shift = np.array([-motion.translate_x, motion.translate_y, -motion.translate_z])
    matrix[:3, 3] = shift * TRANSLATION_SCALE
    matrix[:2] *= motion.zoom
    return matrix


def way_3d(motions: Sequence[CameraMotion], camera: CameraSpec) -> Matrix:
    """The `4x4` matrix of all motions before a `camera`, in the order of time.

    Where the lens has changed since the picture was taken, what it shows is first brought to the
    width that it had then.
    """
    if camera.taken is None:
        return compose(*map(matrix_3d, motions))
    return compose(lens(camera.taken, camera.fov), *map(matrix_3d, motions))


def lens(taken: float, fov: float) -> Matrix:
    """The matrix of a picture that was taken at one field of view and counts as one of `fov`."""
    wider = tan(radians(taken) / 2) / tan(radians(fov) / 2)
    return np.diag([wider, wider, 1.0, 1.0])


def compose(first: Matrix, *later: Matrix) -> Matrix:
    """One matrix for several motions in the order of time."""
    return reduce(lambda earlier, matrix: matrix @ earlier, later, first)


def undone(matrix: Matrix) -> Matrix:
    """The matrix of the way back, from the new picture to the old one."""
    return np.asarray(np.linalg.inv(matrix), dtype=np.float64)


def _shift_2d(x: float, y: float) -> Matrix:
    return np.array([[1.0, 0.0, x], [0.0, 1.0, y], [0.0, 0.0, 1.0]])


def _turn(angle: float, a: int, b: int) -> Matrix:
    """The `3x3` rotation of axis b towards axis a by `angle` radians, and of a away from b."""
    matrix = np.eye(3)
    matrix[a, a] = matrix[b, b] = cos(angle)
    matrix[a, b], matrix[b, a] = sin(angle), -sin(angle)
    return matrix
