"""Camera motion between two frames, as a matrix that carries the old picture into the new one.

Convention:
    Axes: x right, y down, z forward (right-handed). Angles are degrees, and become radians here
    and nowhere else. A matrix multiplies column vectors and maps old to new; later motions
    multiply from the left. Signs and scales are those of Disco Diffusion 5.7.

    In 2D the picture itself is moved:
        translation x  content right, pixels          translation y  content down, pixels
        rotation z     content counter-clockwise      zoom > 1       content larger
    and translation z, rotation x and rotation y have no meaning: they are ignored.

    In 3D the camera is moved, so content goes the opposite way:
        translation x  camera right, content left     rotation x  camera pitches up, content down
        translation y  camera up, content down        rotation y  camera yaws right, content left
        translation z  camera forward, into the scene rotation z  content counter-clockwise
    200 units of translation are one unit of depth. Zoom is a lens: content grows by this factor
    about the centre of the picture, whatever its depth.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from math import cos, isfinite, radians, sin
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import Error

Matrix = NDArray[np.float64]
Vector = tuple[float, float, float]

TRANSLATION_SCALE = 1 / 200
"""Units of depth in one unit of a 3D translation."""


@dataclass(frozen=True, slots=True)
class CameraMotion:
    """How the camera moves from one frame to the next; by default, not at all."""

    identity: ClassVar[CameraMotion]

    translation: Vector = (0.0, 0.0, 0.0)
    rotation: Vector = (0.0, 0.0, 0.0)
    """Degrees about the x, y and z axes."""
    zoom: float = 1.0

    def __post_init__(self) -> None:
        if not all(map(isfinite, (*self.translation, *self.rotation))):
            raise Error(f"found a camera motion that is not finite: {self}; mend its curves")
        if not (isfinite(self.zoom) and self.zoom > 0):
            raise Error(f"zoom is {self.zoom:g}; it must be greater than 0, and 1 keeps the size")


CameraMotion.identity = CameraMotion()


def matrix_2d(motion: CameraMotion, width: int, height: int) -> Matrix:
    """`3x3`, on pixel indices: pixel (0, 0) has its centre at the origin.

    Translates, then turns and zooms about pixel (width // 2, height // 2), so that a translation
    is itself turned and zoomed.
    """
    shift_x, shift_y, _ = motion.translation
    centre_x, centre_y = width // 2, height // 2
    angle = radians(motion.rotation[2])
    # y points down, so a turn that looks counter-clockwise has its sines swapped.
    along, across = motion.zoom * cos(angle), motion.zoom * sin(angle)
    turn = np.array([[along, across, 0.0], [-across, along, 0.0], [0.0, 0.0, 1.0]])
    to_centre = _shift_2d(shift_x - centre_x, shift_y - centre_y)
    return compose(to_centre, turn, _shift_2d(centre_x, centre_y))


def matrix_3d(motion: CameraMotion) -> Matrix:
    """`4x4`, from points before the old camera to points before the new one, in units of depth.

    A rigid motion, turning about x first, then y, then z, then translating; and after it the
    zoom, which stretches x and y, so that a projection is enlarged without moving the camera.
    """
    about_x, about_y, about_z = map(radians, motion.rotation)
    x, y, z = motion.translation
    matrix = np.eye(4)
    matrix[:3, :3] = _turn(about_z, 0, 1) @ _turn(about_y, 2, 0) @ _turn(about_x, 1, 2)
    matrix[:3, 3] = np.array([-x, y, -z]) * TRANSLATION_SCALE
    matrix[:2] *= motion.zoom
    return matrix


def compose(first: Matrix, *later: Matrix) -> Matrix:
    """One matrix for several motions in the order of time."""
    return reduce(lambda earlier, matrix: matrix @ earlier, later, first)


def _shift_2d(x: float, y: float) -> Matrix:
    return np.array([[1.0, 0.0, x], [0.0, 1.0, y], [0.0, 0.0, 1.0]])


def _turn(angle: float, a: int, b: int) -> Matrix:
    """`3x3`: turns axis b towards axis a by `angle` radians, and a away from b."""
    matrix = np.eye(3)
    matrix[a, a] = matrix[b, b] = cos(angle)
    matrix[a, b], matrix[b, a] = sin(angle), -sin(angle)
    return matrix
