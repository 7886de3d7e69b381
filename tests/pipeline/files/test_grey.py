"""Grey picture files: their levels, and what is refused."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from pipeline.files.grey import read_grey
from pipeline.files.picture_header import PictureError


def write(path: Path, levels: NDArray[np.generic]) -> Path:
    cv2.imwrite(str(path), levels)
    return path


def ramp(kind: type[np.generic], highest: int) -> NDArray[np.generic]:
    """Black on the left, white on the right, 6 x 4."""
    return np.tile(np.linspace(0, highest, 6).round().astype(kind), (4, 1))


@pytest.mark.parametrize(("kind", "highest"), [(np.uint8, 255), (np.uint16, 65535)])
@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize("suffix", ["png", "tif"])
def test_black_is_0_and_white_1(
    tmp_path: Path, kind: type[np.generic], highest: int, channels: int, suffix: str
) -> None:
    """An alpha channel that hides nothing is that of a program that always writes one."""
    levels = np.repeat(ramp(kind, highest)[..., None], channels, axis=2)
    levels[..., 3:] = highest
    grey = read_grey(write(tmp_path / f"grey.{suffix}", levels))
    assert grey.dtype == np.float32
    np.testing.assert_allclose(grey, np.tile(np.linspace(0, 1, 6), (4, 1)), atol=1e-6)


def complaint(path: Path) -> str:
    with pytest.raises(PictureError) as caught:
        read_grey(path)
    return str(caught.value).replace(str(path), path.name)


def test_a_missing_picture(tmp_path: Path) -> None:
    assert complaint(tmp_path / "none.png") == (
        "cannot read the depth picture none.png: No such file or directory; "
        "check its name, and that it may be read"
    )


UNREADABLE = (
    "is not a depth picture that can be read; allowed are PNG, TIFF and others "
    "with 8 or 16 bits: export it as a grey PNG of 16 bits"
)


@pytest.mark.parametrize("content", [b"", b"not a picture"])
def test_a_file_that_is_no_picture(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "text.png").write_bytes(content)
    assert complaint(tmp_path / "text.png") == f"text.png {UNREADABLE}"


def test_a_damaged_picture_is_refused_without_a_word_of_opencv(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "cut.png", ramp(np.uint16, 65535))
    path.write_bytes(path.read_bytes()[:-20])
    assert complaint(path) == f"cut.png {UNREADABLE}"
    assert capfd.readouterr().err == ""


def test_floating_point_levels_have_no_white(tmp_path: Path) -> None:
    path = write(tmp_path / "depth.tiff", np.ones((4, 6), np.float32))
    assert complaint(path) == f"depth.tiff {UNREADABLE}"


@pytest.mark.parametrize("channel", [1, 3])
def test_colour_and_transparency_are_refused(tmp_path: Path, channel: int) -> None:
    levels = np.full((4, 6, channel + 1 if channel == 3 else 3), 255, np.uint8)
    levels[..., channel] = 10
    assert complaint(write(tmp_path / "colour.png", levels)) == (
        "colour.png has colour or transparency, and depth has neither; export it as a grey PNG"
    )
