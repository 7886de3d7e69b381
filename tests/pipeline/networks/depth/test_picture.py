"""Depth that the author gives: what levels mean, and how a picture is fitted to the frame."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from pipeline.files.picture_header import PictureError
from pipeline.files.pictures import fit
from pipeline.networks.depth.picture import picture_depth
from pipeline.networks.depth.scale import FIELD, Planes
from pipeline.spec.camera import DepthPictureSpec, White

PLANES = Planes(0.5, 4.0)
FRAME = torch.zeros(1, 3, 4, 6)
RAMP = np.tile(np.linspace(0, 65535, 6).round().astype(np.uint16), (4, 1))
"""Black on the left, white on the right, 6 x 4."""


def given(folder: Path, levels: NDArray[np.generic], white: White = "near") -> DepthPictureSpec:
    path = folder / "depth.png"
    cv2.imwrite(str(path), levels)
    return DepthPictureSpec(str(path), white)


def test_levels_are_inverse_depth_where_white_is_near(tmp_path: Path) -> None:
    depth = picture_depth(given(tmp_path, RAMP), PLANES)(FRAME)
    expected = 1 / torch.linspace(1 / 4.0, 1 / 0.5, 6)
    torch.testing.assert_close(depth, expected.expand(1, 1, 4, 6))


def test_levels_are_distance_where_white_is_far(tmp_path: Path) -> None:
    depth = picture_depth(given(tmp_path, RAMP, "far"), PLANES)(FRAME)
    torch.testing.assert_close(depth, torch.linspace(0.5, 4.0, 6).expand(1, 1, 4, 6))


@pytest.mark.parametrize("white", ["near", "far"])
def test_discos_projection_takes_levels_for_distance(tmp_path: Path, white: White) -> None:
    """As Disco takes what MiDaS says; what is distance already stays that."""
    depth = picture_depth(given(tmp_path, RAMP, white), PLANES, "disco")(FRAME)
    ramp = torch.linspace(0.5, 4.0, 6)
    expected = ramp.flip(0) if white == "near" else ramp
    torch.testing.assert_close(depth, expected.expand(1, 1, 4, 6))


def test_the_planes_are_the_fields_unless_said(tmp_path: Path) -> None:
    depth = picture_depth(given(tmp_path, RAMP))(FRAME)
    assert depth.min().item() == pytest.approx(FIELD.near)
    assert depth.max().item() == pytest.approx(FIELD.far)


@pytest.mark.parametrize("factor", [0.5, 2, 3])
def test_depth_is_brought_to_the_frame(tmp_path: Path, factor: float) -> None:
    levels = cv2.resize(RAMP, None, fx=factor, fy=factor)
    depth = picture_depth(given(tmp_path, levels), PLANES)(FRAME)
    assert depth.shape == (1, 1, 4, 6)
    assert (depth.diff() <= 0).all() and depth[0, 0, 0, 0] > 3 * depth[0, 0, 0, -1]


def test_depth_lies_where_an_init_image_of_its_size_lies(tmp_path: Path) -> None:
    """Both are cut at the sides that jut out."""
    levels = np.random.default_rng(0).integers(0, 256, (8, 20), dtype=np.uint8)
    fitted = fit(np.repeat(levels[..., None], 3, axis=2), 6, 4)[..., 0]
    depth = picture_depth(given(tmp_path, levels), PLANES)(FRAME)
    expected = PLANES.depth(torch.from_numpy(fitted / np.float32(255)))
    torch.testing.assert_close(depth[0, 0], expected, rtol=0.03, atol=0)


def test_reduced_depth_is_an_average(tmp_path: Path) -> None:
    levels = np.zeros((8, 12), np.uint8)
    levels[::2, ::2] = 255
    depth = picture_depth(given(tmp_path, levels), PLANES)(FRAME)
    torch.testing.assert_close(depth, PLANES.depth(torch.full((1, 1, 4, 6), 0.25)))


def test_enlarged_depth_stays_between_the_planes(tmp_path: Path) -> None:
    levels = np.array([[0, 255], [255, 0]], np.uint8)
    depth = picture_depth(given(tmp_path, levels), PLANES)(torch.zeros(1, 3, 32, 32))
    assert depth.min() >= 0.5 and depth.max() <= 4.0


def test_each_picture_of_a_batch_has_the_same_depth(tmp_path: Path) -> None:
    both = picture_depth(given(tmp_path, RAMP), PLANES)(torch.zeros(2, 3, 4, 6))
    assert both.shape == (2, 1, 4, 6)
    assert torch.equal(both[0], both[1])


def test_a_picture_that_is_gone_is_named(tmp_path: Path) -> None:
    depth = picture_depth(DepthPictureSpec(str(tmp_path / "gone.png")))
    with pytest.raises(PictureError, match=r"gone\.png: No such file"):
        depth(FRAME)
