"""Motions and matrices: each way is the other's inverse, and both are those of the camera."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from pipeline.scene.motion import compose, matrix_3d
from pipeline.scene.paths.rigid import (
    MOTIONS,
    inverse,
    matrices_of,
    motions_of,
    seen_from,
    steps_between,
    turn_x,
    turn_y,
    turn_z,
    views,
)
from pipeline.spec.camera import CameraMotion

RNG = np.random.default_rng(3)
ANYTHING = np.column_stack((RNG.normal(size=(500, 3)) * 300, RNG.uniform(-180, 180, (500, 3))))


def as_motion(row: np.ndarray) -> CameraMotion:
    return CameraMotion(**dict(zip(MOTIONS, row.tolist(), strict=True)))


def test_matrices_are_those_of_the_camera() -> None:
    for row, matrix in zip(ANYTHING, matrices_of(ANYTHING), strict=True):
        np.testing.assert_allclose(matrix, matrix_3d(as_motion(row)), atol=1e-14)


def test_motions_make_up_the_matrix_that_they_are_taken_from() -> None:
    matrices = matrices_of(ANYTHING)
    for row, matrix in zip(motions_of(matrices), matrices, strict=True):
        np.testing.assert_allclose(matrix_3d(as_motion(row)), matrix, atol=1e-9)


@pytest.mark.parametrize("off", [0.0, 1e-16, 1e-12, 1e-9, 1e-6, 1e-3])
@pytest.mark.parametrize("yaw", [90.0, -90.0])
def test_near_a_right_angle_of_yaw_too(yaw: float, off: float) -> None:
    """Where roll and pitch turn about one axis, many pairs of them make up one rotation."""
    others = RNG.uniform(-180, 180, (50, 2))
    turns = turn_z(others[:, 0]) @ turn_y(np.full(50, yaw - off)) @ turn_x(others[:, 1])
    matrices = views(turns, np.zeros((50, 3)))
    for row, matrix in zip(motions_of(matrices), matrices, strict=True):
        np.testing.assert_allclose(matrix_3d(as_motion(row)), matrix, atol=1e-9)


def test_no_motion_is_no_number() -> None:
    assert motions_of(np.eye(4)[None]).tolist() == [[0.0] * 6]
    assert "-" not in str(motions_of(np.eye(4)[None]).tolist())


def test_steps_lead_from_view_to_view() -> None:
    poses = matrices_of(ANYTHING)
    steps = [matrix_3d(as_motion(row)) for row in steps_between(poses[:40])]
    np.testing.assert_allclose(compose(poses[0], *steps), poses[39], atol=1e-9)


def test_an_inverse_leads_back() -> None:
    matrices = matrices_of(ANYTHING)
    there = np.broadcast_to(np.eye(4), matrices.shape)
    np.testing.assert_allclose(inverse(matrices) @ matrices, there, atol=1e-12)


@pytest.mark.parametrize(
    ("motion", "direction"),
    [
        (CameraMotion(rotate_x=10), (0, -1, 0)),
        (CameraMotion(rotate_y=10), (1, 0, 0)),
    ],
)
def test_signs_are_those_of_the_manual(motion: CameraMotion, direction: tuple[int, ...]) -> None:
    """A camera that looks up or right has in its middle what was above or right of it."""
    row = np.array([[getattr(motion, name) for name in MOTIONS]])
    looks = inverse(matrices_of(row))[0, :3, 2]
    assert looks @ direction == pytest.approx(np.sin(np.radians(10)))


def test_a_view_has_the_camera_in_its_origin() -> None:
    place, turn = np.array([[1.0, -2.0, 3.0]]), turn_y(np.array([30.0]))
    seen = seen_from(place, turn)[0] @ [*place[0], 1.0]
    np.testing.assert_allclose(seen, [0, 0, 0, 1], atol=1e-15)
    # What lies before the camera is where its own z leads.
    before = place[0] + turn[0] @ [0, 0, 2]
    np.testing.assert_allclose(seen_from(place, turn)[0] @ [*before, 1.0], [0, 0, 2, 1], atol=1e-15)


def test_zoom_is_left_to_the_lens() -> None:
    motion = CameraMotion(translate_x=3, roll=4)
    row = np.array([[getattr(motion, name) for name in MOTIONS]])
    zoomed = matrix_3d(replace(motion, zoom=2.0))
    assert not np.allclose(matrices_of(row)[0], zoomed)
