"""The test pictures move as the render moves pictures, and have no end."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from pipeline.camera.warp import pinhole_sources
from pipeline.output.drawn_plane import DrawnPlane
from pipeline.output.drawn_space import DrawnSpace
from pipeline.scene.motion import compose, matrix_2d, matrix_3d
from pipeline.spec.camera import CameraMotion

WIDTH, HEIGHT = 96, 64


def test_the_plane_is_moved_by_whole_pixels_as_a_picture_is() -> None:
    plane = DrawnPlane(WIDTH, HEIGHT)
    first = plane.seen(np.eye(3)).astype(int)
    moved = plane.seen(matrix_2d(CameraMotion(translate_x=7, translate_y=-5), WIDTH, HEIGHT))
    same = np.abs(moved[:-5, 7:].astype(int) - first[5:, :-7]) < 3
    assert same.mean() > 0.93  # numbers at the edges are drawn only where they are whole


@pytest.mark.parametrize("zoom", [1e-4, 0.3, 1.0, 40.0, 1e5])
def test_the_plane_has_detail_at_every_size(zoom: float) -> None:
    seen = DrawnPlane(WIDTH, HEIGHT).seen(matrix_2d(CameraMotion(zoom=zoom), WIDTH, HEIGHT))
    assert seen.shape == (HEIGHT, WIDTH) and seen.std() > 4


def test_what_came_into_sight_is_darker_than_the_first_picture() -> None:
    seen = DrawnPlane(WIDTH, HEIGHT).seen(matrix_2d(CameraMotion(zoom=0.5), WIDTH, HEIGHT))
    inner = seen[HEIGHT // 4 + 3 : -HEIGHT // 4 - 3, WIDTH // 4 + 3 : -WIDTH // 4 - 3]
    assert np.median(seen[: HEIGHT // 4 - 3]) < np.median(inner) - 10


MOTIONS = [
    CameraMotion(translate_z=20),
    CameraMotion(translate_x=15, translate_y=6),
    CameraMotion(rotate_y=4, rotate_x=-2, roll=5),
    CameraMotion(zoom=1.1, translate_z=5),
]


@pytest.mark.parametrize("motion", MOTIONS)
def test_the_space_moves_as_a_warp_through_its_depth(motion: CameraMotion) -> None:
    space = DrawnSpace(384, 224)
    first, depth = space.first(50)
    matrix = matrix_3d(motion)
    x, y = pinhole_sources(torch.from_numpy(depth)[None, None], matrix, 50)
    seen, there = space._surroundings(matrix, 50)
    column, row = (one[0].round().long().numpy() for one in (x, y))
    # The ground up to where the warp is told that the sky begins; lines are a pixel wide.
    near = (there < 2) & (column >= 0) & (column < 384) & (row >= 0) & (row < 224)
    moved = first[row.clip(0, 223), column.clip(0, 383)].astype(int)
    assert near.mean() > 0.15
    still = np.abs(seen[near] - first[near]).mean()
    assert np.abs(seen[near] - moved[near]).mean() < 0.6 * still


def test_posts_are_drawn_where_the_camera_sees_them() -> None:
    space = DrawnSpace(384, 224)
    bare, _ = space.first(40)
    with_posts = space.seen(np.eye(4), 40).astype(int)
    columns = np.flatnonzero((with_posts - bare > 60).sum(axis=0) > 60)
    focal = 224 / (2 * np.tan(np.radians(20)))
    expected = 191.5 + 0.62 / 1.6 * focal
    assert np.abs(columns - expected).min() <= 1 and np.abs(columns - (383 - expected)).min() <= 1


def test_space_has_no_end() -> None:
    space = DrawnSpace(96, 64)
    flight = matrix_3d(CameraMotion(translate_z=200 * 8))  # ten posts on
    np.testing.assert_allclose(
        space._surroundings(flight, 40)[0], space._surroundings(np.eye(4), 40)[0], atol=8
    )
    upside_down = compose(matrix_3d(CameraMotion(roll=180)), matrix_3d(CameraMotion(rotate_x=90)))
    assert space.seen(upside_down, 40).std() > 2
