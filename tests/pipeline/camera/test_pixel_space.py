"""Points in pixels: the same places as the warps find, for flat pictures and for scenes."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from pipeline.camera.maps import FlatMap, PinholeMap
from pipeline.camera.pixel_space import deep_step, enlargement, flat_step, reach_at, seen_from
from pipeline.scene.motion import Matrix, compose, matrix_2d, matrix_3d
from pipeline.spec.camera import CameraMotion
from tests.pipeline.warp_scenes import REST, hills, inverse, motion_of

WAY = motion_of((9, 4, 30), (2, -3, 5), 1.1)
H, W = 24, 36


def pixels() -> tuple[torch.Tensor, torch.Tensor]:
    row, column = torch.meshgrid(torch.arange(H).float(), torch.arange(W).float(), indexing="ij")
    return column.flatten(), row.flatten()


def test_points_of_a_scene_go_where_the_pinhole_map_sends_them() -> None:
    depth = hills(H, W)
    found = seen_from(depth[:, 0], [deep_step(matrix_3d(WAY), 40, H)])
    expected = PinholeMap(depth, matrix_3d(WAY), 40).forward(*pixels())
    for one, other in zip(found, expected, strict=True):
        torch.testing.assert_close(one.flatten(), other, rtol=0, atol=1e-4)


def test_points_of_a_flat_picture_go_where_the_flat_map_sends_them() -> None:
    matrix = matrix_2d(CameraMotion(translate_x=3, translate_y=-2, roll=20, zoom=1.3), W, H)
    x, y, z = seen_from(torch.ones(1, H, W), [flat_step(matrix, W, H)])
    expected_x, expected_y, _ = FlatMap(matrix, W, H).forward(*pixels())
    torch.testing.assert_close(x.flatten(), expected_x, rtol=0, atol=1e-4)
    torch.testing.assert_close(y.flatten(), expected_y, rtol=0, atol=1e-4)
    torch.testing.assert_close(z, torch.ones_like(z))


@pytest.mark.parametrize("step", [deep_step(REST, 40, H), flat_step(np.eye(3), W, H)])
def test_at_rest_each_pixel_is_itself_bit_for_bit(step: Matrix) -> None:
    x, y, z = seen_from(hills(H, W)[:, 0], [step])
    for found, own in zip((x, y), pixels(), strict=True):
        assert torch.equal(found.flatten(), own)
    assert torch.equal(z, hills(H, W)[:, 0])


def test_the_steps_of_a_lens_that_changes_compose() -> None:
    """A picture that is seen by another lens is the same picture: a pure roll commutes with it."""
    roll = matrix_3d(motion_of(rotation=(0, 0, 5)))
    both = compose(deep_step(roll, 40, H), deep_step(roll, 70, H))
    twice = deep_step(matrix_3d(motion_of(rotation=(0, 0, 10))), 55, H)
    np.testing.assert_allclose(both, twice, atol=1e-12)


def test_a_ray_is_cut_where_its_point_has_the_depth() -> None:
    back = inverse(deep_step(matrix_3d(WAY), 40, H))
    reach = hills(H, W)[:, 0]
    _, _, depth = seen_from(reach, [back, back])
    torch.testing.assert_close(reach_at(depth, [back, back])[1], reach[0])


def test_a_lens_enlarges_by_its_zoom_wherever_the_camera_looks() -> None:
    steps = [matrix_3d(motion_of((1, 2, 3), (4, 5, 6), zoom)) for zoom in (1.0, 2.0)]
    backs = [inverse(deep_step(step, 40, H)) for step in steps]
    assert enlargement(backs) == pytest.approx([1.0, 2.0])
