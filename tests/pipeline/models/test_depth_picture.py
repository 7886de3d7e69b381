"""Depth that the author gives: levels, sizes, a folder of frames, errors."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from pipeline.models.depth_picture import load_picture_depth, open_folder_depth
from pipeline.models.depth_scale import Planes
from pipeline.png import PictureError

PLANES = Planes(0.5, 4.0)
FRAME = torch.zeros(1, 3, 4, 6)


def write(path: Path, levels: NDArray[np.generic]) -> Path:
    cv2.imwrite(str(path), levels)
    return path


def ramp(kind: type[np.generic], highest: int) -> NDArray[np.generic]:
    """Black on the left, white on the right, 6 x 4."""
    return np.tile(np.linspace(0, highest, 6).round().astype(kind), (4, 1))


@pytest.mark.parametrize(("kind", "highest"), [(np.uint8, 255), (np.uint16, 65535)])
@pytest.mark.parametrize("channels", [1, 3])
def test_white_is_near_and_black_far(
    tmp_path: Path, kind: type[np.generic], highest: int, channels: int
) -> None:
    levels = np.repeat(ramp(kind, highest)[..., None], channels, axis=2)
    depth = load_picture_depth(write(tmp_path / "depth.png", levels), 6, 4, PLANES)(FRAME)
    assert depth.shape == (1, 1, 4, 6)
    expected = PLANES.depth(torch.linspace(0, 1, 6)).expand(1, 1, 4, 6)
    torch.testing.assert_close(depth, expected)
    assert (depth[..., 0] == 4.0).all() and (depth[..., -1] == 0.5).all()


@pytest.mark.parametrize("factor", [0.5, 2, 3])
def test_depth_is_brought_to_the_frame(tmp_path: Path, factor: float) -> None:
    levels = cv2.resize(ramp(np.uint8, 255), None, fx=factor, fy=factor)
    depth = load_picture_depth(write(tmp_path / "depth.png", levels), 6, 4, PLANES)(FRAME)
    assert depth.shape == (1, 1, 4, 6)
    assert (depth.diff() <= 0).all() and depth[0, 0, 0, 0] > 3 * depth[0, 0, 0, -1]


def test_reduced_depth_is_an_average(tmp_path: Path) -> None:
    levels = np.zeros((8, 12), np.uint8)
    levels[::2, ::2] = 255
    depth = load_picture_depth(write(tmp_path / "depth.png", levels), 6, 4, PLANES)(FRAME)
    torch.testing.assert_close(depth, PLANES.depth(torch.full((1, 1, 4, 6), 0.25)))


def test_each_picture_of_a_batch_has_the_same_depth(tmp_path: Path) -> None:
    depth = load_picture_depth(write(tmp_path / "d.png", ramp(np.uint8, 255)), 6, 4, PLANES)
    both = depth(torch.zeros(2, 3, 4, 6))
    assert torch.equal(both[0], both[1])
    with pytest.raises(ValueError, match=r"this depth is for \(4, 6\) pixels, found \(5, 6\)"):
        depth(torch.zeros(1, 3, 5, 6))


def test_a_folder_holds_a_picture_for_each_frame(tmp_path: Path) -> None:
    for frame, name in {7: "shot-0007.png", 12: "shot-0012.png", 8: "8.PNG"}.items():
        write(tmp_path / name, np.full((4, 6), frame * 10, np.uint8))
    (tmp_path / "notes-0009.txt").write_text("nothing to see")
    write(tmp_path / "sheet.png", ramp(np.uint8, 255))
    folder = open_folder_depth(tmp_path, (7, 8, 12), 6, 4, PLANES)
    for frame in (7, 8, 12):
        expected = PLANES.depth(torch.full((1, 1, 4, 6), frame * 10 / 255))
        torch.testing.assert_close(folder.for_frame(frame)(FRAME), expected)


def complaint(path: Path) -> str:
    with pytest.raises(PictureError) as caught:
        load_picture_depth(path, 6, 4, PLANES)
    return str(caught.value).replace(str(path), path.name)


def test_a_missing_picture(tmp_path: Path) -> None:
    assert complaint(tmp_path / "none.png") == (
        "cannot read the depth picture none.png: No such file or directory; "
        "check its name, and that it may be read"
    )


@pytest.mark.parametrize("content", [b"", b"not a picture"])
def test_a_file_that_is_no_picture(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "text.png").write_bytes(content)
    assert complaint(tmp_path / "text.png").startswith(
        "text.png is not a depth picture that can be read; allowed are PNG"
    )


def test_floating_point_levels_have_no_white(tmp_path: Path) -> None:
    path = write(tmp_path / "depth.tiff", np.ones((4, 6), np.float32))
    assert complaint(path).startswith("depth.tiff is not a depth picture that can be read")


@pytest.mark.parametrize("channel", [1, 3])
def test_colour_and_transparency_are_refused(tmp_path: Path, channel: int) -> None:
    levels = np.full((4, 6, channel + 1 if channel == 3 else 3), 255, np.uint8)
    levels[..., channel] = 10
    assert complaint(write(tmp_path / "colour.png", levels)) == (
        "colour.png has colour or transparency, and depth has neither; export it as a grey PNG"
    )


def test_other_proportions_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "square.png", np.zeros((4, 4), np.uint8))
    assert complaint(path) == (
        "square.png is 4 x 4, and a frame 6 x 4; depth has the frame's proportions: "
        "export it at the frame's size"
    )


def folder_complaint(folder: Path) -> str:
    with pytest.raises(PictureError) as caught:
        open_folder_depth(folder, range(3), 6, 4, PLANES)
    return str(caught.value).removeprefix(f"{folder}: ")


def test_a_missing_folder(tmp_path: Path) -> None:
    assert folder_complaint(tmp_path / "none") == (
        "the folder of depth pictures cannot be read (No such file or directory)"
    )


def test_a_missing_frame(tmp_path: Path) -> None:
    write(tmp_path / "0.png", ramp(np.uint8, 255))
    assert folder_complaint(tmp_path) == (
        "no depth picture for frame 1 (2 are missing, 1 are here); name each by its frame, such "
        "as 000001.png"
    )


def test_two_pictures_for_a_frame(tmp_path: Path) -> None:
    for name in ("01.png", "1.png"):
        write(tmp_path / name, ramp(np.uint8, 255))
    assert folder_complaint(tmp_path) == (
        "01.png and 1.png are both named for frame 1; a frame has one depth picture: move one away"
    )
