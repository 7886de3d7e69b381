"""Two eyes beside the camera: where things appear to each, what they hide and uncover."""

from __future__ import annotations

from math import radians, tan

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from pipeline.camera.eyes import Eye, Field, eyes, focal_length, ground, seen_by
from pipeline.camera.maps import PinholeMap
from pipeline.camera.sight import deep_sight
from pipeline.scene.motion import matrix_3d
from pipeline.spec.camera import CameraMotion

WIDTH, HEIGHT = 160, 96
FOCAL = focal_length(40.0, "pinhole", WIDTH, HEIGHT)
NEAR, FAR = 0.9, 2.4


def dots(*centres: tuple[float, float], width: int = WIDTH, height: int = HEIGHT) -> Field:
    """Soft white dots on grey, `(H, W, 3)`."""
    row, column = np.mgrid[:height, :width]
    grey = np.full((height, width), 60.0)
    for x, y in centres:
        grey += 150 * np.exp(-((column - x) ** 2 + (row - y) ** 2) / (2 * 1.6**2))
    return np.repeat(grey[..., None], 3, axis=2).astype(np.float32)


def place(picture: Field, x: float, y: float, reach: int = 6) -> tuple[float, float]:
    """The centre of the dot that lies around (x, y)."""
    left, top = round(x) - reach, round(y) - reach
    part = picture[top : top + 2 * reach + 1, left : left + 2 * reach + 1, 0] - 60.0
    row, column = np.mgrid[: 2 * reach + 1, : 2 * reach + 1]
    return (
        float(left + (column * part).sum() / part.sum()),
        float(top + (row * part).sum() / part.sum()),
    )


def two_planes() -> Field:
    """Inverse depth of a near plate, columns 60 to 99 and rows 20 to 75, before a far wall."""
    inverse = np.full((HEIGHT, WIDTH), 1 / FAR, dtype=np.float32)
    inverse[20:76, 60:100] = 1 / NEAR
    return inverse


def both(levels: Field, inverse: Field, ipd: float, angle: float) -> tuple[Field, Field]:
    surfaces = ground(inverse, (inverse.shape[1], inverse.shape[0]), 1)
    left, right = eyes(ipd, angle, FOCAL)
    return seen_by(left, levels, surfaces), seen_by(right, levels, surfaces)


def shift(ipd: float, angle: float, z: float, side: int) -> float:
    """Where a point goes, by the geometry of two parallel cameras whose pictures are slid."""
    return FOCAL * (-side * ipd / 400 / z + side * tan(radians(angle)))


@pytest.mark.parametrize(("ipd", "angle"), [(5.0, 0.5), (5.0, 0.0), (12.0, 1.3), (1.0, 0.05)])
def test_points_lie_where_the_geometry_puts_them(ipd: float, angle: float) -> None:
    points = {(80.0, 48.0): NEAR, (71.25, 28.0): NEAR, (30.5, 30.0): FAR, (130.0, 70.0): FAR}
    pictures = both(dots(*points), two_planes(), ipd, angle)
    for (x, y), z in points.items():
        for side, picture in zip((-1, 1), pictures, strict=True):
            expected = x + shift(ipd, angle, z, side)
            assert place(picture, expected, y) == pytest.approx((expected, y), abs=0.05)


def test_what_is_nearer_than_the_screen_stands_before_it() -> None:
    """The left eye sees near things further right than the right eye does: eyes cross for them."""
    assert shift(5, 0.5, NEAR, -1) > 0 > shift(5, 0.5, NEAR, 1)
    assert shift(5, 0.5, FAR, -1) < 0 < shift(5, 0.5, FAR, 1)
    screen = 5 / 400 / tan(radians(0.5))
    flat = np.full((HEIGHT, WIDTH), 1 / screen, dtype=np.float32)
    levels = dots((80.0, 48.0))
    for picture in both(levels, flat, 5, 0.5):
        np.testing.assert_allclose(picture, levels, atol=0.5)


def test_the_right_eye_is_the_left_one_in_a_mirror() -> None:
    levels = np.random.default_rng(0).uniform(0, 255, (HEIGHT, WIDTH, 3)).astype(np.float32)
    inverse = two_planes()
    left, _ = both(levels, inverse, 5, 0.5)
    _, right = both(
        np.ascontiguousarray(levels[:, ::-1]), np.ascontiguousarray(inverse[:, ::-1]), 5, 0.5
    )
    # OpenCV rounds positions to 1/32 of a pixel, in one direction.
    assert np.abs(left - right[:, ::-1]).max() < 12
    assert np.abs(left - right[:, ::-1]).mean() < 1


def test_the_near_plate_hides_and_uncovers_the_wall() -> None:
    """What an eye uncovers is filled with the wall, as wide as the plate moves before it."""
    ipd, angle = 24.0, 0.0
    inverse = two_planes()
    levels = np.where(inverse[..., None] > 1, np.float32(220), np.float32(40)) * np.ones(3)
    left, right = both(levels.astype(np.float32), inverse, ipd, angle)
    for picture, side in ((left, -1), (right, 1)):
        moved = shift(ipd, angle, NEAR, side)
        edges = np.array([59.5, 99.5]) + moved
        row = picture[48, :, 0]
        is_plate = np.arange(WIDTH)
        is_plate = (is_plate > edges[0] + 1) & (is_plate < edges[1] - 1)
        assert row[is_plate].min() > 215
        around = np.arange(WIDTH)
        beyond = (around < edges[0] - 1) | (around > edges[1] + 1)
        assert row[beyond].max() < 45


def test_a_thing_farther_than_the_wall_before_it_stays_hidden() -> None:
    """Dots just beside the plate, on the side to which it moves, are behind it for one eye."""
    levels = dots((106.0, 48.0), (54.0, 48.0))
    left, right = both(levels, two_planes(), 40.0, 0.0)
    near, far = shift(40, 0, NEAR, -1), shift(40, 0, FAR, -1)
    assert 106 + far < 99 + near
    assert np.abs(left[48, round(106 + far), 0] - 60) < 2
    assert right[48, round(106 - far), 0] > 200
    assert np.abs(right[48, round(54 - far), 0] - 60) < 2
    assert left[48, round(54 + far), 0] > 200


def test_it_agrees_with_a_camera_that_really_moves() -> None:
    """Parallel eyes are a camera beside the camera: the general warp of 3d, another program."""
    row, column = np.mgrid[:HEIGHT, :WIDTH]
    inverse = (0.7 + 0.25 * np.sin(column / 23) * np.cos(row / 17)).astype(np.float32)
    grey = 127 + 90 * np.sin(column / 4) * np.cos(row / 5)
    levels = np.repeat(grey[..., None], 3, axis=2).astype(np.float32)
    depth = torch.from_numpy(1 / inverse)[None, None]
    picture = torch.from_numpy(levels / 127.5 - 1).permute(2, 0, 1)[None]
    for side, seen in zip((-1, 1), both(levels, inverse, 8.0, 0.0), strict=True):
        way = PinholeMap(depth, matrix_3d(CameraMotion(translate_x=side * 4.0)), 40.0)
        moved = deep_sight(picture, way, padding="border", sampling="bicubic")
        expected = ((moved.picture[0].permute(1, 2, 0) + 1) * 127.5).numpy()
        inner = np.s_[4:-4, 12:-12]
        assert np.abs(seen - expected)[inner].max() < 2.5


def test_the_focal_length_is_that_of_the_projection() -> None:
    assert focal_length(90.0, "pinhole", 160, 96) == pytest.approx(48)
    assert focal_length(90.0, "disco", 160, 96) == pytest.approx(80)


def test_an_outline_that_was_enlarged_is_one_step() -> None:
    """A ramp of ten pixels, as enlarging leaves it, becomes an edge with nothing between."""
    inverse = np.full((40, 80), 0.4, dtype=np.float32)
    inverse[:, 45:] = 1.2
    inverse[:, 35:45] = np.linspace(0.4, 1.2, 12, dtype=np.float32)[1:-1]
    made = ground(inverse, (40, 20), 8)
    assert set(np.unique(made.inverse)) == {np.float32(0.4), np.float32(1.2)}
    steps = np.abs(np.diff(made.inverse[0])) > 0
    assert steps.sum() == 1
    fringe: NDArray[np.bool_] = made.fringe
    assert fringe[0].any()
    assert not fringe[:, :25].any()
    assert (made.inverse[fringe] < 1).all()


def test_a_slope_stays_a_slope() -> None:
    row = np.mgrid[:HEIGHT, :WIDTH][0]
    slope = (0.4 + 0.8 * row / HEIGHT).astype(np.float32)
    made = ground(slope, (WIDTH, HEIGHT), 1)
    np.testing.assert_array_equal(made.inverse, slope)
    assert not made.fringe.any()


def test_what_is_moved_first_is_still_resampled_once() -> None:
    """A pose by half a pixel, and an eye that moves it back by half a one: nothing is blurred."""
    levels = np.random.default_rng(1).uniform(0, 255, (HEIGHT, WIDTH, 3)).astype(np.float32)
    flat = np.ones((HEIGHT, WIDTH), dtype=np.float32)
    eye = Eye(right=0.5 / FOCAL, inward=0.0, focal=FOCAL)
    pose = np.array([[1.0, 0.0, 0.5], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    seen = seen_by(eye, levels, ground(flat, (WIDTH, HEIGHT), 1), pose)
    np.testing.assert_allclose(seen[:, 1:-1], levels[:, 1:-1], atol=1e-2)


def test_behind_a_foot_lies_the_ground_and_not_the_sky() -> None:
    """A post on a ground that runs up to a bright sky: what it uncovers is as what lies beside."""
    row, column = np.mgrid[:HEIGHT, :WIDTH]
    post = (column >= 60) & (column < 80) & (row < 90)
    run = 0.385 + 0.6 * np.clip(row - 48, 0, None) / 48
    inverse = np.where(post, np.float32(1.25), run.astype(np.float32))
    grey = np.where(row < 48, 240.0, 40.0)
    levels = np.repeat(np.where(post, 130.0, grey)[..., None], 3, axis=2).astype(np.float32)
    ipd = 24.0
    for picture, side in zip(both(levels, inverse, ipd, 0.0), (-1, 1), strict=True):
        for at, expected in ((30, 240.0), (70, 40.0)):
            behind = 1 / run[at, 0]
            moved, stays = (shift(ipd, 0.0, z, side) for z in (0.8, behind))
            # The hole lies between where the edge of the post went and where its ground is.
            edge = 59.5 if side < 0 else 79.5
            middle = round(edge + (moved + stays) / 2)
            assert picture[at, middle, 0] == pytest.approx(expected, abs=30)
