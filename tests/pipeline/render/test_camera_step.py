from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from torch import Tensor

from pipeline.camera.motion import CameraMotion, matrix_2d, matrix_3d
from pipeline.camera.warp import warp_2d, warp_3d
from pipeline.networks.depth.picture import picture_depth
from pipeline.render.camera_step import move
from pipeline.spec.frame import CameraSpec, DepthPictureSpec, White
from tests.pipeline.toy_models import RampDepth

MOVING = CameraSpec(
    mode="2d",
    translation=(3.0, -2.0, 20.0),
    rotation=(2.0, 3.0, 10.0),
    zoom=1.1,
    fov=55.0,
    projection="pinhole",
    padding="reflection",
    sampling="bilinear",
)
MOTION = CameraMotion((3.0, -2.0, 20.0), (2.0, 3.0, 10.0), 1.1)
RESTING = replace(MOVING, translation=(0.0, 0.0, 0.0), rotation=(0.0, 0.0, 0.0), zoom=1.0)


@pytest.fixture
def picture() -> Tensor:
    """Wider than high, so that swapped sides show."""
    return torch.rand(1, 3, 10, 16, generator=torch.Generator().manual_seed(0)) * 2 - 1


@pytest.mark.parametrize("padding", ["wrap", "border", "reflection", "zeros"])
@pytest.mark.parametrize("sampling", ["bicubic", "bilinear", "nearest"])
def test_2d_is_the_warp_by_the_cameras_matrix(picture: Tensor, padding: str, sampling: str) -> None:
    camera = replace(MOVING, padding=padding, sampling=sampling)
    expected = warp_2d(picture, matrix_2d(MOTION, 16, 10), padding=padding, sampling=sampling)
    assert torch.equal(move(picture, camera, None), expected)


def test_2d_does_not_ask_for_depth(picture: Tensor) -> None:
    depth = RampDepth()
    move(picture, MOVING, depth)
    assert depth.asked == 0


@pytest.mark.parametrize("projection", ["pinhole", "disco"])
@pytest.mark.parametrize("padding", ["wrap", "border", "reflection", "zeros"])
@pytest.mark.parametrize("sampling", ["bicubic", "bilinear", "nearest"])
def test_3d_is_the_warp_by_the_cameras_matrix_and_the_pictures_depth(
    picture: Tensor, projection: str, padding: str, sampling: str
) -> None:
    camera = replace(MOVING, mode="3d", projection=projection, padding=padding, sampling=sampling)
    expected = warp_3d(
        picture,
        RampDepth()(picture),
        matrix_3d(MOTION),
        55.0,
        projection=projection,
        padding=padding,
        sampling=sampling,
    )
    depth = RampDepth()
    assert torch.equal(move(picture, camera, depth), expected)
    assert depth.asked == 1


def test_3d_looks_at_the_picture_that_moves(picture: Tensor) -> None:
    looked_at = []

    def depth(seen: Tensor) -> Tensor:
        looked_at.append(seen)
        return torch.ones_like(seen[:, :1])

    move(picture, replace(MOVING, mode="3d"), depth)
    assert len(looked_at) == 1 and torch.equal(looked_at[0], picture)


def grey(path: Path, levels: list[list[int]]) -> DepthPictureSpec:
    cv2.imwrite(str(path), np.array(levels, np.uint8))
    return DepthPictureSpec(str(path))


def test_3d_goes_through_the_depth_that_the_author_gives(picture: Tensor, tmp_path: Path) -> None:
    given, depth = grey(tmp_path / "depth.png", [[0, 255], [80, 10]]), RampDepth()
    camera = replace(MOVING, mode="3d", depth=given)
    expected = warp_3d(
        picture,
        picture_depth(given)(picture),
        matrix_3d(MOTION),
        55.0,
        padding="reflection",
        sampling="bilinear",
    )
    assert torch.equal(move(picture, camera, depth), expected)
    assert torch.equal(move(picture, camera, None), expected)
    assert depth.asked == 0


@pytest.mark.parametrize("white", ["near", "far"])
def test_what_is_near_moves_farther(tmp_path: Path, white: White) -> None:
    """The left half is white. The camera goes right, so that both halves go left."""
    given = replace(grey(tmp_path / "depth.png", [[255] * 8 + [0] * 8] * 8), white=white)
    ramp = torch.linspace(-1, 1, 16).expand(1, 3, 8, 16).contiguous()
    camera = replace(RESTING, mode="3d", translation=(20.0, 0.0, 0.0), depth=given)
    shift = (move(ramp, camera, None) - ramp)[0, 0, 4]
    left, right = shift[3].item(), shift[11].item()
    assert min(left, right) > 0.02
    assert (left > 2 * right) if white == "near" else (right > 2 * left)


def test_3d_without_depth_is_an_error(picture: Tensor) -> None:
    with pytest.raises(ValueError, match=r"^a 3D camera needs a depth estimator$"):
        move(picture, replace(MOVING, mode="3d"), None)


@pytest.mark.parametrize("mode", ["2d", "3d"])
def test_a_camera_at_rest_keeps_the_picture_exactly(picture: Tensor, mode: str) -> None:
    assert torch.equal(move(picture, replace(RESTING, mode=mode), RampDepth()), picture)


def test_a_still_camera_gives_the_picture_itself_whatever_its_numbers(picture: Tensor) -> None:
    assert move(picture, replace(MOVING, mode="still"), None) is picture


@pytest.mark.parametrize("mode", ["2d", "3d"])
@pytest.mark.parametrize("name", ["translation", "rotation", "zoom"])
def test_every_motion_moves(picture: Tensor, mode: str, name: str) -> None:
    camera = replace(RESTING, mode=mode, **{name: getattr(MOVING, name)})
    assert not torch.allclose(move(picture, camera, RampDepth()), picture, atol=0.05)
