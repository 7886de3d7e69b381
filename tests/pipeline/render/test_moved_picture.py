"""A picture of draft size, moved as the render moves frames."""

from __future__ import annotations

import numpy as np
import torch

from pipeline.camera.warp import warp_2d, warp_3d
from pipeline.diffusion.image import to_pixels, to_tensor
from pipeline.files.png import Pixels
from pipeline.render.moved_picture import MovedPicture, known_depth
from pipeline.scene.motion import matrix_2d, matrix_3d
from pipeline.spec.camera import CameraMotion, CameraSpec

WIDTH, HEIGHT = 64, 48
DEEP = CameraSpec(mode="3d")


def smooth() -> Pixels:
    column, row = np.arange(WIDTH), np.arange(HEIGHT)[:, None]
    waves = (np.sin(column / 7 + row / 11), np.cos(row / 6), np.sin(column / 9))
    levels = np.stack(np.broadcast_arrays(*waves), axis=-1)
    return np.rint(127 + 100 * levels).astype(np.uint8)


def ramp() -> np.ndarray:
    rows = np.linspace(2.2, 0.9, HEIGHT, dtype=np.float32)[:, None]
    return np.ascontiguousarray(np.broadcast_to(rows, (HEIGHT, WIDTH)))


def apart(one: Pixels, other: Pixels, border: int) -> float:
    inner = slice(border, -border)
    difference = one[inner, inner].astype(int) - other[inner, inner]
    return float(np.abs(difference).mean())


def test_a_flat_picture_is_seen_as_the_render_warps_it() -> None:
    picture = MovedPicture(smooth(), known_depth(ramp()))
    matrix = matrix_2d(CameraMotion(zoom=1.2, roll=8, translate_x=3), WIDTH, HEIGHT)
    warped = to_pixels(warp_2d(to_tensor(smooth()), matrix, padding="border", sampling="bicubic"))
    assert apart(picture.seen(CameraSpec(), matrix), warped, 2) < 0.6


def test_a_deep_one_is_too_through_its_depth() -> None:
    picture = MovedPicture(smooth(), known_depth(ramp()))
    matrix = matrix_3d(CameraMotion(translate_z=30, rotate_y=2, translate_x=8))
    depth = torch.from_numpy(ramp())[None, None]
    warped = to_pixels(warp_3d(to_tensor(smooth()), depth, matrix, 40))
    still = apart(smooth(), warped, 4)
    assert apart(picture.seen(DEEP, matrix), warped, 4) < 0.1 * still


def test_beyond_its_edges_lies_a_hatch_and_nothing_is_smeared() -> None:
    picture = MovedPicture(np.full((HEIGHT, WIDTH, 3), 240, np.uint8), known_depth(ramp()))
    matrix = matrix_2d(CameraMotion(translate_x=20), WIDTH, HEIGHT)
    seen = picture.seen(CameraSpec(), matrix)
    assert seen[:, :19].max() < 80 and len(np.unique(seen[:, :19])) == 2
    assert (seen[:, 21:] == 240).all()


def test_a_camera_at_rest_shows_the_picture_itself() -> None:
    picture = MovedPicture(smooth(), known_depth(ramp()))
    np.testing.assert_array_equal(picture.seen(CameraSpec(), np.eye(3)), smooth())
    assert apart(picture.seen(DEEP, np.eye(4)), smooth(), 1) < 0.5
