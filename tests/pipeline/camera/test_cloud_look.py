"""What a cloud shows: sharp where it was painted, hidden where something is nearer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
import torch
from torch import Tensor

from pipeline.camera.cloud import View, extend, moved
from pipeline.camera.cloud_look import COARSE, Look, look
from pipeline.camera.pixel_space import deep_step, flat_step
from pipeline.camera.warp import warp_3d
from pipeline.diffusion.image import to_pixels, to_tensor
from pipeline.scene.motion import Matrix, matrix_2d, matrix_3d
from pipeline.spec.camera import CameraMotion
from tests.pipeline.warp_scenes import hills, inner, motion_of, noise, plane, sideways, waves

H, W = 24, 36
REST = np.eye(4)
PAINTED = to_tensor(to_pixels(noise(H, W)))
"""A picture of 256 levels, as all that are painted."""


def begun(picture: Tensor, depth: Tensor) -> tuple[View, ...]:
    views, _, _ = extend(None, picture, depth, 0)
    return views


def after(views: tuple[View, ...], step: Matrix, depth: Tensor | None = None) -> Look:
    return look(moved(views, step), plane(H, W, 50.0) if depth is None else depth, step)


def deep(translation: Sequence[float] = (0, 0, 0), zoom: float = 1.0) -> Matrix:
    x, y, z = translation
    return deep_step(matrix_3d(motion_of((x, y, z), zoom=zoom)), 40, H)


def aside(pixels: float, depth: float) -> Matrix:
    """The step that moves content at `depth` to the right by so many pixels."""
    return deep_step(sideways(pixels, H, depth), 40, H)


def test_a_camera_at_rest_sees_the_painted_picture() -> None:
    picture = PAINTED
    seen = look(begun(picture, hills(H, W)), hills(H, W), REST)
    assert np.array_equal(to_pixels(seen.picture), to_pixels(picture))
    assert torch.equal(seen.shown, torch.ones_like(seen.shown))
    torch.testing.assert_close(seen.depth, hills(H, W), rtol=1e-3, atol=0)


@pytest.mark.parametrize("mode", ["2d", "3d"])
def test_there_and_back_again_the_picture_is_the_painted_one(mode: str) -> None:
    if mode == "2d":
        there, depth = flat_step(matrix_2d(CameraMotion(zoom=1.04), W, H), W, H), plane(H, W, 1.0)
    else:
        there, depth = deep((0.5, 0.2, 4)), hills(H, W)
    picture = PAINTED
    views = begun(picture, depth)
    for step in (*(there,) * 20, *(np.linalg.inv(there).astype(np.float64),) * 20):
        views = moved(views, step)
    seen = look(views, depth, REST)
    difference = np.abs(to_pixels(seen.picture).astype(int) - to_pixels(picture))
    assert difference.max() <= 1


def test_content_moves_by_the_pixels_of_the_camera() -> None:
    seen = after(begun(noise(H, W), plane(H, W)), aside(3, 1.5))
    torch.testing.assert_close(seen.picture[..., 4:], noise(H, W)[..., 1:-3], rtol=0, atol=2e-3)
    assert seen.shown[..., :2].max() == 0 and seen.shown[..., 4:].min() == 1


def test_a_hundred_small_steps_cost_one_resampling() -> None:
    def crispness(picture: Tensor) -> float:
        return float(picture.diff(n=2).square().mean())

    views = begun(noise(H, W), plane(H, W))
    step = aside(0.03, 1.5)
    for _ in range(100):
        views = moved(views, step)
    seen = look(views, plane(H, W), step)
    known = seen.picture[..., 5:]
    assert crispness(known) >= 0.9 * crispness(noise(H, W)[..., :-5])


def test_what_is_hidden_stays_hidden_and_what_comes_out_is_unknown() -> None:
    """A near half goes right over the far one, twice as fast."""
    depth = plane(H, W, 2.0)
    depth[..., :12] = 1.0
    picture = torch.where(depth < 1.5, 0.5, -0.5).expand(1, 3, H, W)
    seen = after(begun(picture, depth), aside(6, 1.0), depth)
    assert (seen.picture[..., 7:16] > 0.4).all() and seen.shown[..., 7:16].min() == 1
    assert (seen.picture[..., 20:] < -0.4).all() and seen.shown[..., 20:].min() == 1
    assert seen.shown[..., :5].max() == 0
    back = after(begun(picture, depth), aside(-6, 1.0), depth)
    # The near half ends at 6 now, and the far one begins at 9: between them nothing is known.
    assert back.shown[..., 7:9].max() == 0
    assert (back.picture[..., :5] > 0.4).all() and (back.picture[..., 12:30] < -0.4).all()


def test_what_the_last_picture_alone_has_hides_the_cloud_behind_it() -> None:
    near = plane(H, W, 3.0)
    near[..., 10:20, 10:20] = 1.0
    seen = look(begun(noise(H, W), plane(H, W, 3.0)), near, REST)
    assert seen.shown[..., 12:18, 12:18].max() == 0
    assert seen.shown[..., :8, :].min() == 1


def test_the_view_that_took_a_place_at_its_size_is_seen() -> None:
    step = flat_step(matrix_2d(CameraMotion(zoom=2.0), W, H), W, H)
    first = begun(torch.full((1, 3, H, W), 0.5), plane(H, W, 1.0))
    second = begun(torch.full((1, 3, H, W), -0.5), plane(H, W, 1.0))
    views = (*moved(first, step), *second)
    assert look(views, plane(H, W, 1.0), REST).picture.max() < -0.4
    back = np.linalg.inv(step).astype(np.float64)
    seen = look(moved(views, back), plane(H, W, 1.0), back)
    assert seen.picture.min() > 0.4
    assert seen.used == (True, False)


def test_what_has_grown_too_large_is_shown_no_more() -> None:
    step = flat_step(matrix_2d(CameraMotion(zoom=COARSE + 0.05), W, H), W, H)
    assert after(begun(noise(H, W), plane(H, W, 1.0)), step, plane(H, W, 1.0)).shown.max() == 0


def test_pulled_far_back_a_picture_is_averaged() -> None:
    step = flat_step(matrix_2d(CameraMotion(zoom=0.25), W, H), W, H)
    checks = torch.ones(1, 3, H, W)
    checks[..., ::2] = -1
    seen = after(begun(checks, plane(H, W, 1.0)), step, plane(H, W, 1.0))
    small = seen.picture[..., 11:14, 16:21]
    assert seen.shown[..., 11:14, 16:21].min() == 1
    assert small.abs().max() < 0.3
    assert seen.shown[..., :8, :].max() == 0


def test_a_view_without_trust_is_seen_through() -> None:
    (view,) = begun(noise(H, W), plane(H, W))
    half = View(view.picture, view.depth, view.points, 0, view.matrix, trust=0.25)
    seen = look((half,), plane(H, W), REST)
    torch.testing.assert_close(seen.shown, torch.full_like(seen.shown, 0.25))


def test_behind_the_camera_there_is_nothing() -> None:
    seen = after(begun(noise(H, W), plane(H, W)), deep((0, 0, 400)))
    assert seen.shown.max() == 0 and seen.picture.isfinite().all()
    turned = deep_step(matrix_3d(motion_of(rotation=(0, 180, 0))), 40, H)
    assert after(begun(noise(H, W), plane(H, W)), turned).shown.max() == 0


def test_an_empty_cloud_shows_nothing() -> None:
    seen = look((), plane(H, W), REST)
    assert seen.shown.max() == 0 and seen.used == ()
    torch.testing.assert_close(inner(seen.depth, 1), inner(plane(H, W), 1))


def test_a_smooth_scene_is_seen_as_the_warp_sees_it() -> None:
    matrix = matrix_3d(motion_of((6, 3, 8), (0.5, -0.5, 1)))
    depth = hills(H, W)
    seen = after(begun(waves(H, W), depth), deep_step(matrix, 40, H), depth)
    expected = warp_3d(waves(H, W), depth, matrix, 40)
    sure = inner(seen.shown, 3) == 1
    apart = inner(seen.picture - expected, 3).abs().amax(1, keepdim=True)
    assert sure.float().mean() > 0.9
    assert float(apart[sure].max()) < 0.06
