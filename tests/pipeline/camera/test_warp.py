"""What every warp must hold to: rest, range, precision, batches, points behind the camera."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from pipeline.camera.resample import PADDINGS, SAMPLINGS
from pipeline.camera.warp import PROJECTIONS, warp_2d, warp_3d
from pipeline.diffusion.image import to_pixels, to_tensor
from pipeline.scene.motion import matrix_2d, matrix_3d
from pipeline.spec.camera import CameraMotion
from tests.pipeline.warp_scenes import (
    REST,
    SIZES,
    hills,
    motion_of,
    noise,
    plane,
    waves,
)


@pytest.mark.parametrize("sampling", sorted(SAMPLINGS))
@pytest.mark.parametrize("padding", sorted(PADDINGS))
@pytest.mark.parametrize(("height", "width"), SIZES)
def test_a_camera_at_rest_changes_no_bit(
    height: int, width: int, padding: str, sampling: str
) -> None:
    picture = noise(height, width)
    flat = matrix_2d(CameraMotion(), width, height)
    assert torch.equal(warp_2d(picture, flat, padding=padding, sampling=sampling), picture)
    for projection in PROJECTIONS:
        seen = warp_3d(
            picture,
            hills(height, width),
            REST,
            40,
            projection=projection,
            padding=padding,
            sampling=sampling,
        )
        assert torch.equal(seen, picture)


def test_a_hundred_saved_frames_at_rest_grow_neither_darker_nor_softer() -> None:
    first = to_pixels(noise(24, 36))
    pixels = first
    for _ in range(50):
        flat = warp_2d(to_tensor(pixels), np.eye(3), sampling="bicubic")
        deep = warp_3d(to_tensor(to_pixels(flat)), hills(24, 36), REST, 40)
        pixels = to_pixels(deep)
    np.testing.assert_array_equal(pixels, first)


def test_brightness_survives_a_hundred_frames_of_motion() -> None:
    pixels = to_pixels(noise(24, 36))
    brightness = pixels.mean()
    matrix = matrix_2d(motion_of((0.3, 0.2, 0)), 36, 24)
    for _ in range(100):
        pixels = to_pixels(warp_2d(to_tensor(pixels), matrix))
    assert abs(pixels.mean() - brightness) < 0.5


@pytest.mark.parametrize("projection", sorted(PROJECTIONS))
@pytest.mark.parametrize("padding", sorted(PADDINGS))
@pytest.mark.parametrize(
    "motion",
    [
        motion_of((0, 0, 300)),  # through the plane
        motion_of((0, 0, 200)),  # onto it
        motion_of((0, 0, 199.9999)),
        motion_of((0, 0, -1e6)),
        motion_of(rotation=(0, 90, 0)),
        motion_of(rotation=(180, 0, 0)),
        motion_of((1e6, 0, 200), (0, 90, 0), 1e-4),
    ],
)
def test_points_behind_the_camera_do_no_harm(
    motion: CameraMotion, padding: str, projection: str
) -> None:
    picture = noise(25, 37)
    for depth in (plane(25, 37, 1.0), plane(25, 37, 1e-4), hills(25, 37)):
        seen = warp_3d(
            picture, depth, matrix_3d(motion), 40, projection=projection, padding=padding
        )
        assert seen.isfinite().all()
        assert seen.abs().max() <= 1


@pytest.mark.parametrize("projection", sorted(PROJECTIONS))
def test_pictures_of_a_batch_have_their_own_depth(projection: str) -> None:
    pictures = torch.cat([noise(24, 36), noise(24, 36, seed=1)])
    depths = torch.cat([hills(24, 36), plane(24, 36, 3.0)])
    matrix = matrix_3d(motion_of((9, 4, 8), (0, 1, 2)))
    together = warp_3d(pictures, depths, matrix, 40, projection=projection)
    for one, picture, depth in zip(together, pictures, depths, strict=True):
        alone = warp_3d(picture[None], depth[None], matrix, 40, projection=projection)
        torch.testing.assert_close(one, alone[0])


@pytest.mark.parametrize("projection", sorted(PROJECTIONS))
def test_half_precision_costs_colours_their_digits_but_not_positions(projection: str) -> None:
    picture, depth = waves(24, 360), plane(24, 360)
    matrix = matrix_3d(motion_of((9, 4, 8), (0, 1, 2)))
    precise = warp_3d(picture, depth, matrix, 40, projection=projection)
    rough = warp_3d(picture.half(), depth.half(), matrix, 40, projection=projection)
    assert rough.dtype == torch.float16
    torch.testing.assert_close(rough.float(), precise, rtol=0, atol=0.005)


def test_bicubic_overshoot_is_clamped() -> None:
    stripes = torch.ones(1, 3, 8, 8)
    stripes[..., ::2] = -1
    stripes[..., 3] = -1
    shifted = warp_2d(stripes, matrix_2d(motion_of((0.3, 0, 0)), 8, 8), sampling="bicubic")
    assert shifted.min() == -1 and shifted.max() <= 1


def test_depth_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError) as caught:
        warp_3d(noise(8, 8), plane(8, 9), REST, 40)
    assert str(caught.value) == "expected depth (1, 1, 8, 8), found (1, 1, 8, 9)"
