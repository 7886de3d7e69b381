"""The pinhole camera, against geometry done by hand and against what must be seen."""

from __future__ import annotations

from math import radians, tan

import numpy as np
import pytest
import torch
from torch.nn.functional import grid_sample

from pipeline.camera.warp import warp_3d
from pipeline.scene.motion import compose, matrix_3d
from pipeline.spec.camera import CameraMotion
from tests.pipeline.warp_scenes import (
    SIZES,
    hills,
    inner,
    inverse,
    motion_of,
    noise,
    plane,
    sideways,
    waves,
)


@pytest.mark.parametrize("pixels", [-4, 4])
@pytest.mark.parametrize(("height", "width"), SIZES)
def test_a_pan_before_a_plane_is_a_shift(height: int, width: int, pixels: int) -> None:
    picture = noise(height, width)
    seen = warp_3d(picture, plane(height, width), sideways(pixels, height, 1.5), 40)
    kept = slice(4, -4)
    torch.testing.assert_close(
        seen[..., kept], picture.roll(pixels, dims=3)[..., kept], rtol=0, atol=1e-4
    )


def test_the_pan_has_the_size_of_discos() -> None:
    """translate_x of 10 at depth 1.5 and fov 40 moves a square picture by -0.0916 of its half."""
    height = width = 300
    ramp = torch.linspace(-1, 1, width).expand(1, 3, height, width)
    seen = warp_3d(ramp, plane(height, width), matrix_3d(motion_of((10, 0, 0))), 40)
    change = inner(seen - ramp, 30)
    torch.testing.assert_close(change, torch.full_like(change, 0.0916), rtol=0, atol=5e-4)


def test_forward_before_a_plane_enlarges_by_the_ratio_of_distances() -> None:
    """From depth 2 to depth 1: twice as large, seen through whatever lens."""
    picture = waves(49, 73)
    matrix = matrix_3d(motion_of((0, 0, 200)))
    for fov in (20, 90):
        seen = warp_3d(picture, plane(49, 73, 2.0), matrix, fov)
        expected = picture[..., 12:37, 18:55]
        torch.testing.assert_close(seen[..., ::2, ::2], expected, rtol=0, atol=1e-5)


def test_zoom_enlarges_about_the_centre_whatever_the_depth() -> None:
    picture = waves(49, 73)
    seen = warp_3d(picture, hills(49, 73), matrix_3d(motion_of(zoom=2.0)), 40)
    expected = picture[..., 12:37, 18:55]
    torch.testing.assert_close(seen[..., ::2, ::2], expected, rtol=0, atol=1e-5)


def test_quarter_rolls_go_counter_clockwise() -> None:
    picture = noise(24, 24)
    seen = warp_3d(picture, hills(24, 24), matrix_3d(motion_of(rotation=(0, 0, 90))), 40)
    torch.testing.assert_close(seen, picture.rot90(1, (2, 3)), rtol=0, atol=1e-4)


def test_rolling_a_wide_picture_does_not_shear_it() -> None:
    picture = waves(48, 72)
    seen = warp_3d(picture, hills(48, 72), matrix_3d(motion_of(rotation=(0, 0, 90))), 40)
    upright = picture[..., 12:60].rot90(1, (2, 3))
    torch.testing.assert_close(seen[..., 12:60], upright, rtol=0, atol=1e-4)


@pytest.mark.parametrize(
    ("motion", "shift"),
    [
        (motion_of(rotation=(0, 4, 0)), (0, -1)),  # yaws right: content goes left
        (motion_of(rotation=(4, 0, 0)), (1, 0)),  # pitches up: content goes down
    ],
)
def test_a_turn_moves_the_middle_by_its_tangent(
    motion: CameraMotion, shift: tuple[int, int]
) -> None:
    size, fov = 101, 40
    distance = size / 2 / tan(radians(fov) / 2) * tan(radians(4))
    picture = torch.zeros(1, 3, size, size)
    row, column = (50 + round(sign * distance) for sign in shift)
    picture[..., 50, 50] = 1
    for depth in (plane(size, size), hills(size, size)):
        seen = warp_3d(picture, depth, matrix_3d(motion), fov)
        assert divmod(int(seen[0, 0].argmax()), size) == (row, column)


def test_near_things_move_more_and_edges_follow_them() -> None:
    """A near square before a far wall, seen from one pixel's worth of wall further left."""
    height, width = 48, 72
    square = (..., slice(16, 32), slice(20, 40))
    depth = plane(height, width, 4.0)
    depth[square] = 1.0
    picture = noise(height, width).clamp(max=0)
    picture[square] = noise(16, 20, seed=1).abs() / 2 + 0.5
    seen = warp_3d(picture, depth, sideways(1, height, 4.0), 40, sampling="bilinear")

    expected = picture.roll(1, dims=3)
    expected[..., 16:32, 24:44] = picture[square]
    torch.testing.assert_close(seen[..., 24:], expected[..., 24:], rtol=0, atol=1e-4)
    torch.testing.assert_close(seen[..., 1:21], expected[..., 1:21], rtol=0, atol=1e-4)
    uncovered = seen[..., 16:32, 21:24]
    assert (uncovered <= 1e-4).all(), "what the square uncovers must be wall, not square"


def test_the_new_view_shows_each_point_where_it_projects() -> None:
    """Follows points of a hilly scene by hand, and reads their colour where they must appear.

    The colours are the places themselves, so an error in them is an error in pixels.
    """
    height, width, fov = 96, 144, 50.0
    depth = hills(height, width)
    place_x = torch.linspace(-1, 1, width).expand(1, 1, height, width)
    place_y = torch.linspace(-1, 1, height)[:, None].expand(1, 1, height, width)
    picture = torch.cat([place_x, place_y, place_x * 0], dim=1)
    matrix = matrix_3d(motion_of((20, -15, 12), (1, -1.5, 2), 1.03))
    seen = warp_3d(picture, depth, matrix, fov, sampling="bilinear")
    focal = height / 2 / tan(radians(fov) / 2)
    worst = 0.0
    for row, column in np.ndindex(7, 7):
        i, j = 12 + 12 * row, 20 + 17 * column
        z = float(depth[0, 0, i, j])
        x, y = (j - (width - 1) / 2) * z / focal, (i - (height - 1) / 2) * z / focal
        new = matrix @ np.array([x, y, z, 1])
        u = new[0] / new[2] * focal * 2 / width
        v = new[1] / new[2] * focal * 2 / height
        place = torch.tensor([[[[u, v]]]], dtype=torch.float32)
        colour = grid_sample(seen, place, "bilinear", align_corners=False)[0, :, 0, 0]
        error = (colour - picture[0, :, i, j]) * torch.tensor([width / 2, height / 2, 1])
        worst = max(worst, float(error.abs().max()))
    assert worst < 0.02


def test_the_inverse_motion_brings_the_picture_back() -> None:
    height, width = 96, 144
    picture = waves(height, width)
    matrix = matrix_3d(motion_of((2, 3, 0), (1, -1, 2)))
    there = warp_3d(picture, plane(height, width), matrix, 40)
    # The plane, seen from there, is tilted: its depth is what the rays say.
    focal = height / 2 / tan(radians(20))
    ray_x = (torch.arange(width) - (width - 1) / 2)[None] / focal
    ray_y = (torch.arange(height) - (height - 1) / 2)[:, None] / focal
    back = inverse(matrix)
    a, b, c, d = back[2].tolist()
    tilted = ((1.5 - d) / (a * ray_x + b * ray_y + c))[None, None]
    again = warp_3d(there, tilted, back, 40)
    torch.testing.assert_close(inner(again, 24), inner(picture, 24), rtol=0, atol=1.5e-3)


def test_composed_steps_are_one_warp() -> None:
    """Zoom included: it is part of the matrix. The first step brings the plane nearer by 0.05.

    Bilinear, as the bicubic kernel shifts slopes by up to 1/20 pixel, once for every warp.
    """
    picture, far, nearer = waves(96, 144), plane(96, 144, 1.5), plane(96, 144, 1.45)
    first = matrix_3d(motion_of((2, 1, 10), zoom=1.03))
    second = matrix_3d(motion_of((-1, 2, 4), (0, 0, 3), 0.99))
    halfway = warp_3d(picture, far, first, 40, sampling="bilinear")
    chained = warp_3d(halfway, nearer, second, 40, sampling="bilinear")
    composed = warp_3d(picture, far, compose(first, second), 40, sampling="bilinear")
    torch.testing.assert_close(inner(composed, 16), inner(chained, 16), rtol=0, atol=2.5e-3)


def test_a_camera_that_turns_its_back_sees_nothing_of_the_picture() -> None:
    for rotation in ((0, 180, 0), (0, 100, 0), (-100, 0, 0)):
        turned = matrix_3d(motion_of(rotation=rotation))
        seen = warp_3d(noise(24, 36), hills(24, 36), turned, 40, padding="zeros")
        torch.testing.assert_close(seen, torch.full_like(seen, -1))


def test_a_plane_that_was_passed_does_not_come_back_upside_down() -> None:
    """Every pixel shows the one point of it that the camera went through."""
    picture = waves(25, 37)
    seen = warp_3d(picture, plane(25, 37, 1.0), matrix_3d(motion_of((0, 0, 300))), 40)
    pierced = picture[..., 12:13, 18:19].expand_as(seen)
    torch.testing.assert_close(seen, pierced, rtol=0, atol=0.01)
