from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from torch import Tensor

from pipeline.camera.warp import warp_2d, warp_3d
from pipeline.networks.depth.picture import picture_depth
from pipeline.render.camera_step import move
from pipeline.scene.motion import compose, matrix_2d, matrix_3d
from pipeline.spec.camera import CameraMode, CameraMotion, CameraSpec, DepthPictureSpec, White
from tests.pipeline.toy_networks import RampDepth
from tests.pipeline.warp_scenes import motion_of

SEEN = CameraSpec(fov=55.0, padding="reflection", sampling="bilinear")
IN_3D = replace(SEEN, mode="3d")
MOTION = motion_of((3.0, -2.0, 20.0), (2.0, 3.0, 10.0), 1.1)
RESTING = CameraMotion()


@pytest.fixture
def picture() -> Tensor:
    """Wider than high, so that swapped sides show."""
    return torch.rand(1, 3, 10, 16, generator=torch.Generator().manual_seed(0)) * 2 - 1


@pytest.mark.parametrize("padding", ["wrap", "border", "reflection", "zeros"])
@pytest.mark.parametrize("sampling", ["bicubic", "bilinear", "nearest"])
def test_2d_is_the_warp_by_the_cameras_matrix(picture: Tensor, padding: str, sampling: str) -> None:
    camera = replace(SEEN, padding=padding, sampling=sampling)
    expected = warp_2d(picture, matrix_2d(MOTION, 16, 10), padding=padding, sampling=sampling)
    assert torch.equal(move(picture, [MOTION], camera, None), expected)


def test_2d_does_not_ask_for_depth(picture: Tensor) -> None:
    depth = RampDepth()
    move(picture, [MOTION], SEEN, depth)
    assert depth.asked == 0


@pytest.mark.parametrize("projection", ["pinhole", "disco"])
@pytest.mark.parametrize("padding", ["wrap", "border", "reflection", "zeros"])
@pytest.mark.parametrize("sampling", ["bicubic", "bilinear", "nearest"])
def test_3d_is_the_warp_by_the_cameras_matrix_and_the_pictures_depth(
    picture: Tensor, projection: str, padding: str, sampling: str
) -> None:
    camera = replace(IN_3D, projection=projection, padding=padding, sampling=sampling)
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
    assert torch.equal(move(picture, [MOTION], camera, depth), expected)
    assert depth.asked == 1


def test_3d_looks_at_the_picture_that_moves(picture: Tensor) -> None:
    looked_at = []

    def depth(seen: Tensor) -> Tensor:
        looked_at.append(seen)
        return torch.ones_like(seen[:, :1])

    move(picture, [MOTION], IN_3D, depth)
    assert len(looked_at) == 1 and torch.equal(looked_at[0], picture)


def grey(path: Path, levels: list[list[int]]) -> DepthPictureSpec:
    cv2.imwrite(str(path), np.array(levels, np.uint8))
    return DepthPictureSpec(str(path))


def test_3d_goes_through_the_depth_that_the_author_gives(picture: Tensor, tmp_path: Path) -> None:
    given, depth = grey(tmp_path / "depth.png", [[0, 255], [80, 10]]), RampDepth()
    camera = replace(IN_3D, depth=given)
    expected = warp_3d(
        picture,
        picture_depth(given)(picture),
        matrix_3d(MOTION),
        55.0,
        padding="reflection",
        sampling="bilinear",
    )
    assert torch.equal(move(picture, [MOTION], camera, depth), expected)
    assert torch.equal(move(picture, [MOTION], camera, None), expected)
    assert depth.asked == 0


@pytest.mark.parametrize("white", ["near", "far"])
def test_what_is_near_moves_farther(tmp_path: Path, white: White) -> None:
    """The left half is white. The camera goes right, so that both halves go left."""
    given = replace(grey(tmp_path / "depth.png", [[255] * 8 + [0] * 8] * 8), white=white)
    ramp = torch.linspace(-1, 1, 16).expand(1, 3, 8, 16).contiguous()
    to_the_right = CameraMotion(translate_x=20.0)
    shift = (move(ramp, [to_the_right], replace(IN_3D, depth=given), None) - ramp)[0, 0, 4]
    left, right = shift[3].item(), shift[11].item()
    assert min(left, right) > 0.02
    assert (left > 2 * right) if white == "near" else (right > 2 * left)


def test_3d_without_depth_is_an_error(picture: Tensor) -> None:
    with pytest.raises(ValueError, match=r"^a 3D camera needs a depth estimator$"):
        move(picture, [MOTION], IN_3D, None)


@pytest.mark.parametrize("mode", ["2d", "3d"])
def test_a_camera_at_rest_keeps_the_picture_exactly(picture: Tensor, mode: CameraMode) -> None:
    assert torch.equal(move(picture, [RESTING], replace(SEEN, mode=mode), RampDepth()), picture)


@pytest.mark.parametrize("mode", ["2d", "3d"])
def test_without_motions_the_picture_itself_comes_back(picture: Tensor, mode: CameraMode) -> None:
    assert move(picture, [], replace(SEEN, mode=mode), None) is picture


def test_motions_in_2d_are_one_warp_by_their_composed_matrix(picture: Tensor) -> None:
    two = [CameraMotion(translate_x=1.3, roll=20.0), CameraMotion(translate_y=-0.4, zoom=1.2)]
    matrix = compose(*(matrix_2d(motion, 16, 10) for motion in two))
    expected = warp_2d(picture, matrix, padding="reflection", sampling="bilinear")
    assert torch.equal(move(picture, two, SEEN, None), expected)
    one_by_one = move(move(picture, two[:1], SEEN, None), two[1:], SEEN, None)
    assert not torch.allclose(one_by_one, expected, atol=0.02)


def test_motions_in_3d_ask_for_depth_once(picture: Tensor) -> None:
    two, depth = [CameraMotion(translate_z=9.0), CameraMotion(rotate_y=2.0)], RampDepth()
    expected = warp_3d(
        picture,
        RampDepth()(picture),
        compose(*map(matrix_3d, two)),
        55.0,
        padding="reflection",
        sampling="bilinear",
    )
    assert torch.equal(move(picture, two, IN_3D, depth), expected)
    assert depth.asked == 1


@pytest.mark.parametrize("mode", ["2d", "3d"])
@pytest.mark.parametrize("name", [motion.name for motion in fields(CameraMotion)])
def test_every_motion_moves(picture: Tensor, mode: CameraMode, name: str) -> None:
    only = replace(RESTING, **{name: getattr(MOTION, name)})
    seen = move(picture, [only], replace(SEEN, mode=mode), RampDepth())
    flat = mode == "2d" and name in ("translate_z", "rotate_x", "rotate_y")
    assert torch.allclose(seen, picture, atol=0.02) == flat
