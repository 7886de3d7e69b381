"""Maps of the camera: forward and backward are each other's inverse, and the warps follow them."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from pipeline.camera.maps import BoxMap, CameraMap, FlatMap, PinholeMap
from pipeline.scene.motion import matrix_2d, matrix_3d
from pipeline.spec.camera import CameraMotion

WIDTH, HEIGHT = 24, 16
FOV = 40.0
CENTRE = (11.5, 7.5)


def depth(value: float = 2.0) -> Tensor:
    """A plane that faces the camera."""
    return torch.full((1, 1, HEIGHT, WIDTH), value)


def flat(motion: CameraMotion) -> CameraMap:
    """The way of a flat picture."""
    return FlatMap(matrix_2d(motion, WIDTH, HEIGHT), WIDTH, HEIGHT)


def pinhole(motion: CameraMotion) -> CameraMap:
    """The way of a plane before a pinhole."""
    return PinholeMap(depth(), matrix_3d(motion), FOV)


def there_and_back(way: CameraMap) -> Tensor:
    """How far, in pixels, backward and then forward misses the pixel that it began at, `(H, W)`."""
    x, y = (one.flatten() for one in way.backward())
    new_x, new_y, _ = way.forward(x, y)
    column = torch.arange(WIDTH).repeat(HEIGHT)
    row = torch.arange(HEIGHT).repeat_interleave(WIDTH)
    return torch.hypot(new_x - column, new_y - row).reshape(HEIGHT, WIDTH)


@pytest.mark.parametrize(
    "motion",
    [
        CameraMotion(translate_x=3.25, translate_y=-1.5),
        CameraMotion(roll=7, zoom=1.1),
        CameraMotion(translate_x=-2, roll=-30, zoom=0.8),
    ],
)
def test_a_flat_picture_goes_there_and_back(motion: CameraMotion) -> None:
    assert there_and_back(flat(motion)).max() < 1e-4


@pytest.mark.parametrize(
    "motion",
    [
        CameraMotion(translate_z=20),
        CameraMotion(translate_x=10, roll=5, zoom=1.1),
        CameraMotion(rotate_x=3, rotate_y=-4),
    ],
)
def test_a_plane_before_a_pinhole_goes_there_and_back(motion: CameraMotion) -> None:
    assert there_and_back(pinhole(motion)).max() < 2e-3


@pytest.mark.parametrize("make", [flat, pinhole])
def test_a_camera_at_rest_moves_nothing(make: type[CameraMap]) -> None:
    assert there_and_back(make(CameraMotion())).max() < 1e-5


def test_what_the_camera_approaches_grows_and_comes_nearer() -> None:
    """100 units are half a unit of depth: from 2 to 1.5, larger by 4/3."""
    way = pinhole(CameraMotion(translate_z=100))
    x, y, z = way.forward(torch.tensor([CENTRE[0] + 3.0]), torch.tensor([CENTRE[1]]))
    assert z.item() == pytest.approx(1.5)
    assert x.item() == pytest.approx(CENTRE[0] + 4.0, abs=1e-4)
    assert y.item() == pytest.approx(CENTRE[1], abs=1e-4)


def test_what_the_camera_has_passed_lies_behind_it() -> None:
    way = pinhole(CameraMotion(translate_z=600))
    _, _, z = way.forward(torch.tensor([5.0]), torch.tensor([5.0]))
    assert z.item() < 0


def test_the_boxs_plane_moves_as_its_backward_map_says() -> None:
    way = BoxMap(depth(), matrix_3d(CameraMotion(translate_x=10)), FOV)
    assert there_and_back(way).max() < 1e-4
