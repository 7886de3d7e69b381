"""A camera before a clip sees it from where it has come to, and what was painted goes that way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
import torch
from torch import Tensor

from pipeline.camera.maps import FlatMap
from pipeline.diffusion.image import to_pixels, to_tensor
from pipeline.render.arrival import Arrival, arrive
from pipeline.render.camera_step import camera_map, matrix_of, sight_of
from pipeline.render.memory import NOTHING
from pipeline.scene.motion import matrix_2d
from pipeline.spec.camera import CameraMotion, CameraSpec
from pipeline.spec.clip import CarrySpec, ClipFrame, ClipPose
from pipeline.spec.frame import FrameSpec, SavedFrame
from tests.pipeline.toy_networks import RampDepth, toy_networks
from tools.bench.moving_pictures import Layer, moving_pictures, shifted

HEIGHT, WIDTH = 96, 144
FLAT = CameraSpec(mode="2d", padding="border")
DEEP = CameraSpec(mode="3d", padding="border")
STEP = CameraMotion(translate_x=1.5, roll=1.0, zoom=1.02)
STILL = moving_pictures(HEIGHT, WIDTH, Layer(3, shifted(0, 0))).old
OTHER = moving_pictures(HEIGHT, WIDTH, Layer(50, shifted(0, 0))).old


def stand(camera: CameraSpec, *motions: CameraMotion) -> ClipPose | None:
    """The pose after motions since the clip was seen as it is."""
    if not motions:
        return None
    matrix = matrix_of(STILL, motions, camera)
    return ClipPose(camera.mode, tuple(matrix.ravel().tolist()), camera.fov)


def spec(
    camera: CameraSpec, before: Sequence[CameraMotion], *motions: CameraMotion, blend: float = 0.0
) -> FrameSpec:
    """A frame after `motions`, of a camera that has moved `before`."""
    inputs = (SavedFrame(0), ClipFrame("a.mkv", 0), ClipFrame("a.mkv", 1))
    return FrameSpec(
        frame=1,
        size=(WIDTH, HEIGHT),
        inputs=inputs,
        shares=(blend, 0.0, 1 - blend),
        motions=motions,
        camera=camera,
        carry=CarrySpec(stood=stand(camera, *before), stands=stand(camera, *before, *motions)),
    )


def arrived(one: FrameSpec, pictures: Sequence[Tensor]) -> Arrival:
    found = arrive(one, [to_pixels(each) for each in pictures], toy_networks(), NOTHING)
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
    for count in range(4):
        found = arrived(spec(camera, [STEP] * count, STEP), (STILL, STILL, STILL))
        expected = seen(STILL, camera, *[STEP] * (count + 1))
        assert torch.allclose(found.sight.picture, expected, atol=1e-5)


def test_what_was_painted_goes_the_cameras_way_within_half_a_pixel() -> None:
    """Of a clip in which nothing moves, from a pose that is not that of the clip."""
    found = arrived(spec(FLAT, [STEP, STEP], STEP, blend=1.0), (STILL, STILL, STILL))
    assert found.way is not None
    true_x, true_y = FlatMap(matrix_2d(STEP, WIDTH, HEIGHT), WIDTH, HEIGHT).backward()
    x, y = found.way.backward()
    off = torch.hypot(x - true_x, y - true_y)[0]
    came = found.goes_along[0, 0] == 1
    assert came.float().mean() > 0.85
    assert (off[came] <= 0.5).float().mean() > 0.999


def test_a_camera_that_rests_sees_the_clip_as_it_is() -> None:
    found = arrived(spec(FLAT, ()), (OTHER, STILL, STILL))
    assert torch.allclose(found.sight.picture, to_tensor(to_pixels(STILL)), atol=1e-6)


def test_over_a_cut_the_camera_stays_where_it_is_and_nothing_else() -> None:
    found = arrived(spec(FLAT, [STEP], STEP, blend=0.9), (STILL, STILL, OTHER))
    assert found.way is None
    assert found.memory is NOTHING
    assert torch.allclose(found.sight.picture, seen(OTHER, FLAT, STEP, STEP), atol=1e-5)


def test_what_comes_into_sight_beside_the_clip_is_not_known() -> None:
    away = CameraMotion(translate_x=20)
    found = arrived(spec(FLAT, (), away), (STILL, STILL, STILL))
    assert (found.sight.known[..., :18] == 0).all()
    assert (found.sight.known[..., 21:] == 1).all()


def test_the_clip_is_seen_by_the_field_of_view_of_its_pose() -> None:
    """Another one of the frame's camera changes nothing of it."""
    away = CameraMotion(translate_x=30)
    one = spec(DEEP, (), away)
    other = replace(one, camera=replace(DEEP, fov=90, taken=20))
    pictures = (STILL, STILL, STILL)
    assert torch.equal(arrived(one, pictures).sight.picture, arrived(other, pictures).sight.picture)
