"""Pictures of many kinds as pixels: turned upright, and refused before they are decoded."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipeline.files.grey import read_grey
from pipeline.files.picture_header import MAX_PIXELS, PictureError, orientation, too_large
from pipeline.files.pictures import read_picture
from pipeline.files.png import encode_png
from tests.pipeline.files.headers import SEEN, png_that_claims, seen, write_oriented

COLOURS = np.arange(18, dtype=np.uint8).reshape(2, 3, 3) * 14
ALPHA = np.full((2, 3, 1), 255, dtype=np.uint8)


@pytest.mark.parametrize("asked", SEEN)
@pytest.mark.parametrize("suffix", ["png", "webp", "tiff"])
@pytest.mark.parametrize("transparent", [False, True])
def test_a_picture_is_turned_upright_with_alpha_and_without(
    tmp_path: Path, suffix: str, asked: int, transparent: bool
) -> None:
    stored = np.concatenate((COLOURS, ALPHA), axis=2) if transparent else COLOURS
    path = write_oriented(tmp_path / f"a.{suffix}", stored, asked)
    np.testing.assert_array_equal(read_picture(path), seen(COLOURS, asked))


@pytest.mark.parametrize("suffix", ["png", "webp"])
def test_what_is_transparent_is_turned_too(tmp_path: Path, suffix: str) -> None:
    stored = np.concatenate((COLOURS, ALPHA), axis=2)
    stored[0, 0, 3] = 0
    white = COLOURS.copy()
    white[0, 0] = 255
    path = write_oriented(tmp_path / f"a.{suffix}", stored, 6)
    np.testing.assert_array_equal(read_picture(path), seen(white, 6))


@pytest.mark.parametrize("asked", SEEN)
@pytest.mark.parametrize("suffix", ["png", "tiff"])
def test_depth_is_turned_as_its_picture_is(tmp_path: Path, suffix: str, asked: int) -> None:
    levels = COLOURS[..., 0].copy()
    path = write_oriented(tmp_path / f"a.{suffix}", levels, asked)
    np.testing.assert_allclose(read_grey(path), seen(levels, asked) / np.float32(255))


def test_a_note_that_asks_for_nothing_known_is_left(tmp_path: Path) -> None:
    stored = np.concatenate((COLOURS, ALPHA), axis=2)
    path = write_oriented(tmp_path / "a.png", stored, 9)
    np.testing.assert_array_equal(read_picture(path), COLOURS)
    assert orientation(encode_png(COLOURS)) == 1
    assert orientation(b"Exif, and no picture") == 1


@pytest.mark.parametrize("read", [read_picture, read_grey])
@pytest.mark.parametrize(
    ("size", "words"),
    [
        ((40_000, 40_000), f"has more than the {MAX_PIXELS:,} pixels that a picture may have"),
        ((10_001, 10_000), f"has 10001 x 10000, more than the {MAX_PIXELS:,} pixels"),
        ((MAX_PIXELS, 1), "can be read; allowed are PNG"),
        ((2**31 - 1, 2**31 - 1), f"has more than the {MAX_PIXELS:,} pixels"),
        ((0, 5), "can be read; allowed are PNG"),
        ((3, 2), "can be read; allowed are PNG"),
    ],
)
def test_a_header_that_lies_is_refused(
    tmp_path: Path, read: object, size: tuple[int, int], words: str
) -> None:
    path = tmp_path / "lie.png"
    path.write_bytes(png_that_claims(*size))
    assert callable(read)
    with pytest.raises(PictureError) as caught:
        read(path)
    assert str(caught.value).startswith(str(path))
    assert words in str(caught.value)


def test_a_size_is_told_before_anything_is_decoded(tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    path.write_bytes(png_that_claims(20_000, 5001))
    with path.open("rb") as file:
        assert too_large(file) == (
            "has 20000 x 5001, more than the 100,000,000 pixels that a picture may have; "
            "export it smaller"
        )
