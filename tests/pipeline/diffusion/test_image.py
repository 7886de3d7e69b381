from __future__ import annotations

import tracemalloc
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from pipeline.diffusion.image import to_pixels, to_tensor
from pipeline.files.picture_header import PictureError
from pipeline.files.pictures import fit, read_picture
from pipeline.files.png import Pixels, encode_png


@pytest.fixture
def levels() -> Pixels:
    """All 256 levels, with other neighbours in each channel."""
    level = np.arange(256, dtype=np.uint8).reshape(16, 16)
    return np.stack([level, level[::-1], level.T], axis=-1)


def write(path: Path, stored: NDArray[np.uint8 | np.uint16 | np.float32]) -> Path:
    """Writes what OpenCV holds: blue, green, red, alpha."""
    _, encoded = cv2.imencode(path.suffix, stored)
    path.write_bytes(encoded.tobytes())
    return path


def test_black_and_white_are_minus_one_and_one() -> None:
    pixels = np.array([[[0, 0, 255], [255, 0, 0]]], dtype=np.uint8)
    tensor = to_tensor(pixels)
    assert tensor.dtype == torch.float32
    assert tensor.tolist() == [[[[-1.0, 1.0]], [[-1.0, -1.0]], [[1.0, -1.0]]]]


def test_every_level_survives_the_round_trip(levels: Pixels) -> None:
    np.testing.assert_array_equal(to_pixels(to_tensor(levels)), levels)
    half = to_tensor(levels).double()
    np.testing.assert_array_equal(to_pixels(half), levels)


def test_a_hundred_frames_do_not_drift(levels: Pixels) -> None:
    pixels = levels
    for _ in range(100):
        pixels = to_pixels(to_tensor(pixels) - 0.4 / 127.5)  # Disco would lose 100 levels here
    np.testing.assert_array_equal(pixels, levels)


def test_numbers_become_their_nearest_level_within_range() -> None:
    numbers = torch.tensor([-7.0, -1.0, 0.003, 0.005, 1.0, 7.0])
    pixels = to_pixels(numbers.expand(1, 3, 1, 6))
    assert pixels[0, :, 0].tolist() == [0, 0, 128, 128, 255, 255]
    assert to_pixels(torch.full((1, 3, 1, 1), -0.005))[0, 0, 0] == 127


def test_strided_pixels_and_gradients_are_welcome(levels: Pixels) -> None:
    mirrored = levels[:, ::-1]
    picture = to_tensor(mirrored).requires_grad_()
    np.testing.assert_array_equal(to_pixels(picture), mirrored)


def test_broken_numbers_are_refused() -> None:
    picture = torch.zeros(1, 3, 2, 2)
    picture[0, 0, 0] = torch.tensor([torch.nan, torch.inf])
    with pytest.raises(FloatingPointError) as caught:
        to_pixels(picture)
    assert str(caught.value) == (
        "the picture holds 2 of 12 numbers that are infinite or not a number"
    )


@pytest.mark.parametrize("shape", [(3, 2, 2), (2, 3, 2, 2), (1, 1, 2, 2)])
def test_other_tensors_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError) as caught:
        to_pixels(torch.zeros(shape))
    assert str(caught.value) == f"expected a picture (1, 3, H, W), found {shape}"


def test_reads_red_green_blue(tmp_path: Path, levels: Pixels) -> None:
    file = tmp_path / "a.png"
    file.write_bytes(encode_png(levels))
    np.testing.assert_array_equal(read_picture(file), levels)


def test_sixteen_bits_become_eight_to_the_nearest(tmp_path: Path) -> None:
    deep = np.array([[[0, 128, 129], [65535, 257, 32896]]], dtype=np.uint16)
    file = write(tmp_path / "deep.png", deep)
    assert read_picture(file).tolist() == [[[1, 0, 0], [128, 1, 255]]]


def test_a_large_photograph_is_read_in_its_own_room(tmp_path: Path) -> None:
    path = write(tmp_path / "large.bmp", np.full((2000, 3000, 3), 7, dtype=np.uint8))
    tracemalloc.start()
    try:
        pixels = read_picture(path)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 5 * pixels.nbytes


def test_what_is_transparent_shows_white(tmp_path: Path) -> None:
    blue_to_nothing = np.array(
        [[[200, 0, 0, 255], [200, 0, 0, 102], [200, 0, 0, 0]]], dtype=np.uint8
    )
    file = write(tmp_path / "alpha.png", blue_to_nothing)
    assert read_picture(file).tolist() == [[[0, 0, 200], [153, 153, 233], [255, 255, 255]]]


def test_grey_becomes_colour(tmp_path: Path) -> None:
    file = write(tmp_path / "grey.png", np.array([[7, 200]], dtype=np.uint8))
    assert read_picture(file).tolist() == [[[7, 7, 7], [200, 200, 200]]]


def test_a_photograph_is_turned_upright(tmp_path: Path) -> None:
    """EXIF orientation 6: the camera was held on its side, so row 0 of the file is at the right."""
    stored = np.zeros((16, 32, 3), dtype=np.uint8)
    stored[:8] = 255
    _, encoded = cv2.imencode(".jpg", stored)
    tiff = b"II*\0\x08\0\0\0" + b"\x01\0" + b"\x12\x01\x03\0\x01\0\0\0\x06\0\0\0" + bytes(4)
    exif = b"Exif\0\0" + tiff
    marker = b"\xff\xe1" + (len(exif) + 2).to_bytes(2) + exif
    data = encoded.tobytes()
    file = tmp_path / "photo.jpg"
    file.write_bytes(data[:2] + marker + data[2:])
    upright = read_picture(file)
    assert upright.shape == (32, 16, 3)
    assert upright[:, 8:].min() > 250 and upright[:, :8].max() < 5


def test_a_missing_picture_is_named(tmp_path: Path) -> None:
    file = tmp_path / "none.png"
    with pytest.raises(PictureError) as caught:
        read_picture(file)
    assert str(caught.value) == (
        f"cannot read the picture {file}: No such file or directory; "
        "check its name, and that it may be read"
    )


def test_a_folder_is_not_a_picture(tmp_path: Path) -> None:
    with pytest.raises(PictureError) as caught:
        read_picture(tmp_path)
    assert str(caught.value) == (
        f"cannot read the picture {tmp_path}: Is a directory; "
        "check its name, and that it may be read"
    )


@pytest.mark.parametrize("data", [b"", b"hello, I am a text"])
def test_what_is_no_picture_is_said_to_be_none(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "words.png"
    file.write_bytes(data)
    with pytest.raises(PictureError) as caught:
        read_picture(file)
    assert str(caught.value) == (
        f"{file} is not a picture that can be read; allowed are PNG, JPEG, WebP, BMP and TIFF "
        "with 8 or 16 bits a channel: export it as PNG"
    )


def test_floating_point_pictures_are_refused(tmp_path: Path) -> None:
    file = write(tmp_path / "float.tiff", np.ones((2, 2, 3), dtype=np.float32))
    with pytest.raises(PictureError, match="with 8 or 16 bits a channel"):
        read_picture(file)


def test_fitting_to_the_same_size_changes_nothing(levels: Pixels) -> None:
    np.testing.assert_array_equal(fit(levels, 16, 16), levels)


@pytest.mark.parametrize("size", [(8, 8), (16, 6), (5, 16), (64, 16), (7, 300), (1, 1), (768, 449)])
def test_fitting_gives_the_size_that_was_asked(levels: Pixels, size: tuple[int, int]) -> None:
    width, height = size
    fitted = fit(levels, width, height)
    assert fitted.shape == (height, width, 3)
    assert fitted.dtype == np.uint8 and fitted.flags.c_contiguous


def test_fitting_cuts_both_sides_alike() -> None:
    """Thirds of red, green and blue side by side: a square from their middle is green."""
    thirds = np.repeat(np.eye(3, dtype=np.uint8) * 255, 20, axis=0)
    wide = np.tile(thirds, (20, 1, 1))
    np.testing.assert_array_equal(fit(wide, 20, 20), wide[:, 20:40])
    tall = np.ascontiguousarray(wide.transpose(1, 0, 2))
    np.testing.assert_array_equal(fit(tall, 20, 20), tall[20:40])


def test_reducing_averages() -> None:
    checkers = np.indices((32, 32)).sum(axis=0) % 2 * 255
    pixels = np.repeat(checkers[..., None], 3, axis=2).astype(np.uint8)
    assert set(fit(pixels, 16, 16).ravel().tolist()) <= {127, 128}


@pytest.mark.parametrize(("w", "h", "width", "height"), [(49, 49, 343, 343), (3, 7, 6, 14)])
def test_an_exact_multiple_is_not_cut(w: int, h: int, width: int, height: int) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (h, w, 3), dtype=np.uint8)
    whole = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_LANCZOS4)
    np.testing.assert_array_equal(fit(pixels, width, height), whole)
