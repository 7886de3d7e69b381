"""A camera before a clip sees it from where it has come to, and what was painted goes that way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor

from pipeline.camera.maps import FlatMap
from pipeline.camera.motion import compose, matrix_2d
from pipeline.diffusion.image import to_pixels, to_tensor
from pipeline.render.arrival import Arrival, arrive
from pipeline.render.camera_step import camera_map, sight_of
from pipeline.render.clip_camera import ClipPose
from pipeline.render.memory import NOTHING, Memory
from pipeline.spec.camera import CameraMotion, CameraSpec
from pipeline.spec.clip import CarrySpec, ClipFrame
from pipeline.spec.frame import FrameSpec, SavedFrame
from tests.pipeline.toy_networks import RampDepth, toy_networks
from tools.bench.moving_pictures import Layer, moving_pictures, shifted

HEIGHT, WIDTH = 96, 144
FLAT = CameraSpec(mode="2d", padding="border")
DEEP = CameraSpec(mode="3d", padding="border")
STEP = CameraMotion(translate_x=1.5, roll=1.0, zoom=1.02)
STILL = moving_pictures(HEIGHT, WIDTH, Layer(3, shifted(0, 0))).old
OTHER = moving_pictures(HEIGHT, WIDTH, Layer(50, shifted(0, 0))).old


def spec(camera: CameraSpec, *motions: CameraMotion, blend: float = 0.0) -> FrameSpec:
    inputs = (SavedFrame(0), ClipFrame("a.mkv", 0), ClipFrame("a.mkv", 1))
    return FrameSpec(
        frame=1,
        size=(WIDTH, HEIGHT),
        inputs=inputs,
        shares=(blend, 0.0, 1 - blend),
        motions=motions,
        camera=camera,
        carry=CarrySpec(),
    )


def arrived(one: FrameSpec, pictures: Sequence[Tensor], memory: Memory = NOTHING) -> Arrival:
    found = arrive(one, [to_pixels(each) for each in pictures], toy_networks(), memory)
    assert found is not None
    return found


def seen(picture: Tensor, camera: CameraSpec, *motions: CameraMotion) -> Tensor:
    """The picture after so many motions, in one warp."""
    exact = to_tensor(to_pixels(picture))
    way = camera_map(exact, motions, camera, RampDepth())
    return sight_of(exact, way, camera, splat=True).picture


@pytest.mark.parametrize("camera", [FLAT, DEEP], ids=["2d", "3d"])
def test_the_clip_is_seen_from_where_the_camera_has_come_to_in_one_warp(
    camera: CameraSpec,
) -> None:
    memory = NOTHING
    for count in range(1, 5):
        found = arrived(spec(camera, STEP), (STILL, STILL, STILL), memory)
        expected = seen(STILL, camera, *[STEP] * count)
        assert torch.allclose(found.sight.picture, expected, atol=1e-5)
        memory = Memory(pose=found.pose)


def test_several_motions_at_once_are_all_of_them() -> None:
    one = arrived(spec(FLAT, STEP), (STILL, STILL, STILL))
    two = arrived(spec(FLAT, STEP), (STILL, STILL, STILL), Memory(pose=one.pose))
    both = arrived(spec(FLAT, STEP, STEP), (STILL, STILL, STILL))
    assert two.pose is not None and both.pose is not None
    np.testing.assert_allclose(two.pose.matrix, both.pose.matrix, atol=1e-12)


def test_what_was_painted_goes_the_cameras_way_within_half_a_pixel() -> None:
    """Of a clip in which nothing moves, from a pose that is not that of the clip."""
    matrix = matrix_2d(STEP, WIDTH, HEIGHT)
    earlier = ClipPose(compose(matrix, matrix))
    found = arrived(spec(FLAT, STEP, blend=1.0), (STILL, STILL, STILL), Memory(pose=earlier))
    assert found.way is not None
    true_x, true_y = FlatMap(matrix, WIDTH, HEIGHT).backward()
    x, y = found.way.backward()
    off = torch.hypot(x - true_x, y - true_y)[0]
    came = found.goes_along[0, 0] == 1
    assert came.float().mean() > 0.85
    assert (off[came] <= 0.5).float().mean() > 0.999


def test_a_camera_that_rests_sees_the_clip_as_it_is() -> None:
    found = arrived(spec(FLAT), (OTHER, STILL, STILL))
    assert found.pose is None
    assert torch.allclose(found.sight.picture, to_tensor(to_pixels(STILL)), atol=1e-6)


def test_over_a_cut_the_camera_stays_where_it_is_and_nothing_else() -> None:
    one = arrived(spec(FLAT, STEP), (STILL, STILL, STILL))
    memory = Memory(pose=one.pose)
    found = arrived(spec(FLAT, STEP, blend=0.9), (STILL, STILL, OTHER), memory)
    assert found.way is None
    assert found.memory is NOTHING
    assert torch.allclose(found.sight.picture, seen(OTHER, FLAT, STEP, STEP), atol=1e-5)
    assert found.pose is not None and one.pose is not None
    assert not np.array_equal(found.pose.matrix, one.pose.matrix)


def test_what_comes_into_sight_beside_the_clip_is_not_known() -> None:
    away = CameraMotion(translate_x=20)
    found = arrived(spec(FLAT, away), (STILL, STILL, STILL))
    assert (found.sight.known[..., :18] == 0).all()
    assert (found.sight.known[..., 21:] == 1).all()


def test_a_camera_of_another_mode_begins_at_the_clip() -> None:
    flat = arrived(spec(FLAT, STEP), (STILL, STILL, STILL))
    deep = arrived(spec(DEEP, STEP), (STILL, STILL, STILL), Memory(pose=flat.pose))
    fresh = arrived(spec(DEEP, STEP), (STILL, STILL, STILL))
    assert deep.pose is not None and fresh.pose is not None
    assert np.array_equal(deep.pose.matrix, fresh.pose.matrix)


def test_a_pose_is_read_back_to_the_bit() -> None:
    pose = ClipPose(matrix_2d(replace(STEP, roll=0.1), WIDTH, HEIGHT))
    again = Memory.from_arrays(Memory(pose=pose).to_arrays()).pose
    assert again is not None
    assert np.array_equal(again.matrix, pose.matrix)
