"""Damaged pictures are told by us, and by nobody else."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import cv2
import numpy as np
import pytest

from pipeline.files.grey import read_grey
from pipeline.files.opencv import decode
from pipeline.files.pictures import read_picture
from pipeline.files.png import PictureError


def half(data: bytes) -> bytes:
    return data[: len(data) // 2]


def scratched(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 255, data[middle + 1] ^ 255]) + data[middle + 2 :]


@pytest.mark.parametrize("damage", [half, scratched])
@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif", ".bmp", ".webp", ".gif"])
def test_nothing_is_printed_about_a_damaged_picture(
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    damage: Callable[[bytes], bytes],
    suffix: str,
) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    path = tmp_path / f"picture{suffix}"
    path.write_bytes(damage(cv2.imencode(suffix, noise)[1].tobytes()))
    for read in (read_picture, read_grey):
        with suppress(PictureError):
            read(path)
    assert capfd.readouterr() == ("", "")


def test_standard_error_is_there_again_afterwards(capfd: pytest.CaptureFixture[str]) -> None:
    data = np.frombuffer(half(cv2.imencode(".png", np.zeros((8, 8), np.uint8))[1]), np.uint8)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: decode(data, cv2.IMREAD_COLOR), range(200)))
    os.write(2, b"still here")
    assert capfd.readouterr().err == "still here"
