"""Floats as EXR files, read back by ffmpeg's decoder, which is another program."""

from __future__ import annotations

from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest
from numpy.typing import NDArray

from pipeline.files.exr import encode_exr
from tests import child


def decoded(path: Path, height: int, width: int) -> NDArray[np.float32]:
    argv = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(path)]
    argv += ["-f", "rawvideo", "-pix_fmt", "grayf32le", "-"]
    done = child.run(argv, capture_output=True, check=True)
    assert done.stderr == b""
    return np.frombuffer(done.stdout, "<f4").reshape(height, width)


@pytest.mark.parametrize(("height", "width"), [(1, 1), (16, 7), (17, 33), (64, 96)])
@pytest.mark.parametrize("kind", ["noise", "slope", "one"])
def test_every_number_comes_back(tmp_path: Path, height: int, width: int, kind: str) -> None:
    """Also in a last chunk that is shorter, and where noise does not get smaller."""
    row, column = np.mgrid[:height, :width]
    values = {
        "noise": np.random.default_rng(0).integers(0, 2**23, (height, width)).view(np.int64),
        "slope": 0.8 + 0.01 * row + 0.003 * column,
        "one": np.full((height, width), 2.6),
    }[kind].astype(np.float32)
    path = tmp_path / "a.exr"
    path.write_bytes(encode_exr(values, "Y"))
    np.testing.assert_array_equal(decoded(path, height, width), values)


def test_the_channel_has_its_name() -> None:
    """ffmpeg reads no channel Z; the two files differ by that letter alone."""
    values = np.ones((4, 4), np.float32)
    z, y = encode_exr(values), encode_exr(values, "Y")
    (place,) = [at for at, pair in enumerate(zip(z, y, strict=True)) if pair[0] != pair[1]]
    assert z[place : place + 2] == b"Z\0"
    assert z[:8] == b"\x76\x2f\x31\x01\x02\0\0\0"


def test_smooth_depth_gets_small() -> None:
    row = np.mgrid[:448, :768][0]
    depth = (0.8 + row / 448).astype(np.float32)
    assert len(encode_exr(depth)) < depth.nbytes / 50
