from __future__ import annotations

import zlib

import numpy as np
import pytest

from pipeline.files.picture_header import PictureError
from pipeline.files.png import Pixels, decode_png, encode_png
from pipeline.files.png_chunks import read_note


@pytest.fixture
def noise() -> Pixels:
    return np.random.default_rng(0).integers(0, 256, (7, 5, 3), dtype=np.uint8)


def test_every_pixel_survives(noise: Pixels) -> None:
    decoded = decode_png(encode_png(noise))
    assert decoded.dtype == np.uint8
    np.testing.assert_array_equal(decoded, noise)


def test_the_bytes_depend_on_the_pixels_alone(noise: Pixels) -> None:
    strided = np.ascontiguousarray(noise[:, ::-1])[:, ::-1]
    assert not strided.flags.c_contiguous
    assert encode_png(strided) == encode_png(noise)


def test_channels_are_red_green_blue() -> None:
    red = np.full((1, 1, 3), (255, 0, 0), dtype=np.uint8)
    data = encode_png(red)
    start = data.index(b"IDAT")
    length = int.from_bytes(data[start - 4 : start])
    unpacked = zlib.decompress(data[start + 4 : start + 4 + length])
    assert unpacked[1:] == b"\xff\x00\x00"  # after the byte that names the row's filter


def test_any_flipped_or_missing_byte_is_found(noise: Pixels) -> None:
    data = encode_png(noise)
    for place in range(len(data)):
        flipped = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        with pytest.raises(PictureError):
            decode_png(flipped)
        with pytest.raises(PictureError):
            decode_png(data[:place])
    with pytest.raises(PictureError):
        decode_png(data + b"\n")


def test_damage_is_told_in_words() -> None:
    with pytest.raises(PictureError) as caught:
        decode_png(b"not a picture")
    assert str(caught.value) == (
        "found 13 bytes that are not an undamaged PNG picture; "
        "remove the file and render or export the picture again"
    )


@pytest.mark.parametrize(
    ("pixels", "found"),
    [
        (np.zeros((2, 2), np.uint8), "(2, 2) uint8"),
        (np.zeros((2, 2, 4), np.uint8), "(2, 2, 4) uint8"),
        (np.zeros((2, 0, 3), np.uint8), "(2, 0, 3) uint8"),
        (np.zeros((2, 2, 3), np.float32), "(2, 2, 3) float32"),
    ],
)
def test_other_arrays_are_refused(pixels: Pixels, found: str) -> None:
    with pytest.raises(ValueError) as caught:
        encode_png(pixels)
    assert str(caught.value) == f"expected (H, W, 3) uint8 pixels, found {found}"


def test_a_note_travels_along_and_changes_no_pixel(noise: Pixels) -> None:
    data = encode_png(noise, "a5f3")
    assert read_note(data) == "a5f3"
    np.testing.assert_array_equal(decode_png(data), noise)
    assert read_note(encode_png(noise)) == ""


def test_a_damaged_picture_has_no_note(noise: Pixels) -> None:
    data = encode_png(noise, "a5f3")
    for place in range(len(data)):
        flipped = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        assert read_note(flipped) == read_note(data[:place]) == ""
