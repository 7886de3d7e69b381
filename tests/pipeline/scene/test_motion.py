"""Signs, scales and order of the camera's matrices, against the numbers of Disco Diffusion 5.7."""

from __future__ import annotations

from math import cos, radians, sin, tan

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from numpy.typing import NDArray

from pipeline.errors import Error
from pipeline.scene.motion import Matrix, compose, matrix_2d, matrix_3d
from pipeline.spec.camera import CameraMotion
from tests.pipeline.warp_scenes import motion_of

Numbers = NDArray[np.float64]

FOCAL = 1 / tan(radians(40) / 2)

small = st.floats(-20, 20)
vectors = st.tuples(small, small, small)
motions = st.builds(motion_of, vectors, vectors, st.floats(0.5, 2))


def moved(matrix: Matrix, *point: float) -> Numbers:
    *found, scale = np.matmul(matrix, [*point, 1.0])
    point_there: Numbers = np.array(found) / scale
    return point_there


def projected_shift(motion: CameraMotion, x: float, y: float, z: float) -> Numbers:
    """How far the projection of a point moves, at a field of view of 40 degrees."""
    new = moved(matrix_3d(motion), x, y, z)
    shift: Numbers = FOCAL * (new[:2] / new[2] - np.array([x, y]) / z)
    return shift


def test_a_motion_is_no_motion_by_default() -> None:
    assert_array_equal(matrix_2d(CameraMotion(), 769, 448), np.eye(3))
    assert_array_equal(matrix_3d(CameraMotion()), np.eye(4))


@pytest.mark.parametrize(
    ("motion", "point", "expected"),
    [
        (motion_of((10, 0, 0)), (3, 4), (13, 4)),
        (motion_of((0, 10, 0)), (3, 4), (3, 14)),
        (motion_of(zoom=2.0), (60, 30), (70, 30)),  # away from the centre (50, 30)
        (motion_of(rotation=(0, 0, 90)), (60, 30), (50, 20)),  # from the right to the top
        (motion_of((0, 0, 9), (9, 9, 0)), (3, 4), (3, 4)),  # has no meaning in 2D
    ],
)
def test_signs_in_2d(
    motion: CameraMotion, point: tuple[float, float], expected: tuple[float, float]
) -> None:
    assert_allclose(moved(matrix_2d(motion, 101, 61), *point), expected, atol=1e-12)


def test_in_2d_the_picture_translates_first_and_then_turns_and_zooms() -> None:
    width, height, zoom, angle = 769, 448, 1.1, 5.0
    motion = motion_of((10, -7, 0), (0, 0, angle), zoom)
    centre = (width // 2, height // 2)
    turn = np.vstack([cv2.getRotationMatrix2D(centre, angle, zoom), [0, 0, 1]])
    shift = np.array([[1, 0, 10], [0, 1, -7], [0, 0, 1]])
    assert_allclose(matrix_2d(motion, width, height), turn @ shift, atol=1e-12)


@pytest.mark.parametrize(
    ("motion", "shift"),
    [
        (motion_of((10, 0, 0)), (-0.0916, 0)),  # camera right, content left
        (motion_of((0, 10, 0)), (0, 0.0916)),  # camera up, content down
        (motion_of(rotation=(1, 0, 0)), (0, 0.048)),  # camera pitches up, content down
        (motion_of(rotation=(0, 1, 0)), (-0.048, 0)),  # camera turns right, content left
    ],
)
def test_signs_and_scales_in_3d_are_those_of_disco(
    motion: CameraMotion, shift: tuple[float, float]
) -> None:
    assert_allclose(projected_shift(motion, 0, 0, 1.5), shift, atol=1e-4)


def test_forward_brings_content_nearer() -> None:
    shift = projected_shift(motion_of((0, 0, 10)), 0.5, -0.25, 1.5)
    assert_allclose(shift, 0.0632 * np.array([0.5, -0.25]), atol=1e-4)


def test_roll_turns_content_counter_clockwise() -> None:
    to_the_right = moved(matrix_3d(motion_of(rotation=(0, 0, 90))), 1, 0, 1)
    assert_allclose(to_the_right, (0, -1, 1), atol=1e-12)


@given(st.floats(-1, 1), st.floats(-1, 1), st.floats(-1, 1), st.floats(1, 5))
def test_small_translations_follow_their_formulas(x: float, y: float, z: float, far: float) -> None:
    sideways = projected_shift(motion_of((x, y, 0)), 0, 0, far)
    assert_allclose(sideways, (-FOCAL * x / (200 * far), FOCAL * y / (200 * far)), atol=1e-12)
    forward = projected_shift(motion_of((0, 0, z)), 1, 1, far)
    assert_allclose(forward, FOCAL * z / (200 * far**2), rtol=0.01, atol=1e-12)


@given(motions, st.tuples(small, small, small))
def test_a_point_goes_where_disco_puts_it(
    motion: CameraMotion, point: tuple[float, float, float]
) -> None:
    """Row vectors times R = Rx Ry Rz, plus T; our zoom, which Disco lacks in 3D, comes after."""
    (cx, cy, cz), (sx, sy, sz) = (
        [f(radians(angle)) for angle in (motion.rotate_x, motion.rotate_y, motion.roll)]
        for f in (cos, sin)
    )
    about_x = np.array([[1, 0, 0], [0, cx, -sx], [0, sx, cx]])
    about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    about_z = np.array([[cz, -sz, 0], [sz, cz, 0], [0, 0, 1]])
    tx, ty, tz = motion.translate_x, motion.translate_y, motion.translate_z
    row = np.array(point) @ about_x @ about_y @ about_z + np.array([-tx, ty, -tz]) / 200
    expected = row * np.array([motion.zoom, motion.zoom, 1])
    assert_allclose(moved(matrix_3d(motion), *point), expected, atol=1e-9)


@given(vectors, vectors)
def test_without_zoom_a_3d_motion_is_rigid(
    translation: tuple[float, float, float], rotation: tuple[float, float, float]
) -> None:
    turn = matrix_3d(motion_of(translation, rotation))[:3, :3]
    assert_allclose(turn @ turn.T, np.eye(3), atol=1e-12)
    assert np.linalg.det(turn) > 0


@given(motions, motions)
def test_composed_motions_act_in_the_order_of_time(
    first: CameraMotion, second: CameraMotion
) -> None:
    one, two = matrix_3d(first), matrix_3d(second)
    in_turn = moved(two, *moved(one, 1, 2, 3))
    assert_allclose(moved(compose(one, two), 1, 2, 3), in_turn, atol=1e-9)


def test_one_motion_composed_is_itself() -> None:
    matrix = matrix_2d(motion_of((1, 2, 0)), 8, 8)
    assert_array_equal(compose(matrix), matrix)


@pytest.mark.parametrize("zoom", [0.0, -1.5, float("nan"), float("inf")])
def test_a_zoom_that_shows_nothing_is_refused(zoom: float) -> None:
    with pytest.raises(Error) as caught:
        motion_of(zoom=zoom)
    assert str(caught.value) == f"zoom is {zoom:g}; it must be greater than 0, and 1 keeps the size"


def test_a_motion_that_is_not_finite_is_refused() -> None:
    with pytest.raises(Error) as caught:
        motion_of(translation=(0.0, float("nan"), 0.0))
    assert str(caught.value) == (
        "found a camera motion that is not finite: CameraMotion(translate_x=0.0, translate_y=nan, "
        "translate_z=0.0, rotate_x=0.0, rotate_y=0.0, roll=0.0, zoom=1.0); mend its curves"
    )
