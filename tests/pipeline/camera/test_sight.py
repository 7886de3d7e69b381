"""What a moved camera sees: holes where background is uncovered, nothing hidden, no pinholes."""

from __future__ import annotations

from math import radians, tan

import pytest
import torch
from torch import Tensor
from torch.nn.functional import interpolate
from torchvision.transforms.functional import gaussian_blur

from pipeline.camera.maps import FlatMap, PinholeMap
from pipeline.camera.patches import STEEPEST, tear
from pipeline.camera.sight import Sight, deep_sight, flat_sight, unmoved
from pipeline.camera.warp import warp_2d, warp_3d
from pipeline.networks.depth.scale import FIELD
from pipeline.scene.motion import matrix_2d, matrix_3d
from pipeline.spec.camera import CameraMotion

H, W, FOV = 24, 32, 40.0
FOCAL = H / (2 * tan(radians(FOV / 2)))
NEAR, FAR = 1.0, 2.0
TOP, BOTTOM, LEFT, RIGHT = 8, 16, 10, 18
SIDEWAYS = CameraMotion(translate_x=4 * NEAR / FOCAL * 200)
"""Moves what is near by 4 pixels to the left, and what is far by 2."""


def noisy(seed: int = 0) -> Tensor:
    return torch.rand(1, 3, H, W, generator=torch.Generator().manual_seed(seed)) * 1.6 - 0.8


def square_over_background() -> tuple[Tensor, Tensor]:
    """A white square that is near, over noise that is far, and their depth."""
    picture, depth = noisy(), torch.full((1, 1, H, W), FAR)
    picture[..., TOP:BOTTOM, LEFT:RIGHT], depth[..., TOP:BOTTOM, LEFT:RIGHT] = 1.0, NEAR
    return picture, depth


def seen(picture: Tensor, depth: Tensor, motion: CameraMotion, padding: str = "border") -> Sight:
    camera_map = PinholeMap(depth, matrix_3d(motion), FOV)
    return deep_sight(picture, camera_map, padding=padding, sampling="bicubic")


def test_holes_are_where_background_is_uncovered_and_nowhere_else() -> None:
    sight = seen(*square_over_background(), SIDEWAYS)
    holes = torch.zeros(1, 1, H, W, dtype=torch.bool)
    holes[..., TOP:BOTTOM, RIGHT - 4 : RIGHT - 2] = True
    holes[..., W - 2 :] = True
    assert torch.equal(sight.known < 0.5, holes)


def test_what_is_hidden_stays_hidden_and_what_is_seen_is_sharp() -> None:
    picture, depth = square_over_background()
    sight = seen(picture, depth, SIDEWAYS)
    square = sight.picture[..., TOP:BOTTOM, LEFT - 4 : RIGHT - 4]
    assert square.min() > 0.99
    left = sight.picture[..., : LEFT - 6]
    torch.testing.assert_close(left, picture[..., 2 : LEFT - 4], atol=2e-4, rtol=0)
    below = sight.picture[..., BOTTOM + 2 :, : W - 2]
    torch.testing.assert_close(below, picture[..., BOTTOM + 2 :, 2:], atol=2e-4, rtol=0)


def test_a_hole_is_filled_from_its_far_side() -> None:
    """The background is grey, and the square beside the hole is white."""
    picture, depth = square_over_background()
    picture = torch.where(depth == NEAR, picture, -0.3)
    sight = seen(picture, depth, SIDEWAYS)
    hole = sight.picture[..., TOP + 1 : BOTTOM - 1, RIGHT - 4 : RIGHT - 2]
    assert (hole + 0.3).abs().max() < 0.1
    assert sight.depth is not None
    assert sight.depth[..., TOP + 1 : BOTTOM - 1, RIGHT - 4 : RIGHT - 2].min() > 0.9 * FAR


@pytest.mark.parametrize(("zoom", "roll"), [(1.03, 0.0), (1.06, 1.0), (1.5, 11.0), (4.0, 11.0)])
def test_growing_leaves_no_pinholes_and_stretches_by_the_zoom(zoom: float, roll: float) -> None:
    motion = CameraMotion(zoom=zoom, roll=roll)
    sight = seen(noisy(), torch.full((1, 1, H, W), FAR), motion)
    assert sight.known.min() == 1
    torch.testing.assert_close(sight.stretch, torch.full_like(sight.stretch, zoom))


def test_an_approach_grows_what_is_near_more() -> None:
    sight = seen(*square_over_background(), CameraMotion(translate_z=60.0))
    assert sight.known.min() == 1
    assert sight.stretch[0, 0, 12, 14].item() == pytest.approx(NEAR / (NEAR - 0.3), rel=1e-4)
    assert sight.stretch[0, 0, 2, 2].item() == pytest.approx(FAR / (FAR - 0.3), rel=1e-4)


@pytest.mark.parametrize(
    "motion",
    [
        CameraMotion(),
        CameraMotion(zoom=1.2, roll=5.0),
        CameraMotion(translate_z=50.0),
        CameraMotion(rotate_y=3.0),
    ],
    ids=["rest", "zoom", "forward", "turn"],
)
def test_a_single_surface_is_as_sharp_as_by_the_warp_that_looks_backward(
    motion: CameraMotion,
) -> None:
    picture, depth = noisy(), torch.full((1, 1, H, W), FAR)
    sight = seen(picture, depth, motion)
    warped = warp_3d(picture, depth, matrix_3d(motion), FOV)
    whole = (sight.known == 1) & (sight.stretch >= 1)
    assert whole.float().mean() > 0.4
    assert torch.equal((sight.picture * whole), (warped * whole))


def test_what_shrinks_for_many_frames_does_not_ring() -> None:
    """As much fine detail is left as is in the picture reduced once, by averaging."""
    picture = interpolate(noisy(), scale_factor=3, mode="bicubic").clamp(-1, 1)
    *_, height, width = picture.shape
    way = FlatMap(matrix_2d(CameraMotion(zoom=0.97), width, height), width, height)
    small = picture
    for _ in range(16):
        small = flat_sight(small, way, padding="border", sampling="bicubic").picture
    reduced = interpolate(picture, scale_factor=0.97**16, mode="bilinear", antialias=True)
    top, left = height // 2 - 12, width // 2 - 16
    middle = small[..., top : top + 24, left : left + 32]
    assert detail(middle) == pytest.approx(detail(reduced), rel=0.25)


def detail(picture: Tensor) -> float:
    inner = picture - gaussian_blur(picture, [7, 7], [1.0, 1.0])
    return inner[..., 4:-4, 4:-4].std().item()


def test_surfaces_tear_by_the_range_that_depth_is_laid_in() -> None:
    whole = 1 / FIELD.near - 1 / FIELD.far
    assert tear(H, W) == pytest.approx(STEEPEST * whole / H)


def test_at_rest_all_is_known_whatever_the_depth() -> None:
    picture, depth = square_over_background()
    sight = seen(picture, depth, CameraMotion())
    assert sight.known.min() == 1 and torch.equal(sight.picture, picture)
    torch.testing.assert_close(sight.stretch, torch.ones_like(sight.stretch))


def test_pulling_back_knows_the_middle_by_the_factor_of_the_camera() -> None:
    sight = seen(noisy(), torch.full((1, 1, H, W), FAR), CameraMotion(translate_z=-100.0))
    share = FAR / (FAR + 0.5)
    assert sight.known.mean().item() == pytest.approx(share**2, abs=0.03)
    assert sight.known[0, 0, H // 2, W // 2] == 1 and sight.known[0, 0, 0].max() == 0


@pytest.mark.parametrize(("motion", "columns"), [(3.0, 3), (-2.5, 2), (0.0, 0)])
def test_a_flat_picture_is_known_where_it_is(motion: float, columns: int) -> None:
    picture = noisy()
    matrix = matrix_2d(CameraMotion(translate_x=motion), W, H)
    camera_map = FlatMap(matrix, W, H)
    sight = flat_sight(picture, camera_map, padding="border", sampling="bicubic")
    unknown = (sight.known < 0.5).sum().item()
    assert unknown == columns * H
    warped = warp_2d(picture, matrix, padding="border", sampling="bicubic")
    assert torch.equal(sight.picture, warped)
    around = flat_sight(picture, camera_map, padding="wrap", sampling="bicubic")
    assert around.known.min() == 1


def test_a_flat_zoom_stretches_by_its_factor() -> None:
    camera_map = FlatMap(matrix_2d(CameraMotion(zoom=1.06, roll=2.0), W, H), W, H)
    sight = flat_sight(noisy(), camera_map, padding="border", sampling="bicubic")
    torch.testing.assert_close(sight.stretch, torch.full_like(sight.stretch, 1.06))


def test_without_a_camera_all_is_known() -> None:
    sight = unmoved(noisy())
    assert sight.known.min() == 1 and sight.stretch.max() == 1
