"""Videos sharpened on their way into the file."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from pipeline.files.png import Pixels, encode_png
from tests.media import look
from tests.pipeline.videos import make


@pytest.fixture
def frame(tmp_path: Path) -> Path:
    """A soft edge from dark to light between two flat halves."""
    halves = np.full((64, 96, 3), 60, np.uint8)
    halves[:, 48:] = 180
    file = tmp_path / "000000.png"
    file.write_bytes(encode_png(np.asarray(cv2.GaussianBlur(halves, (0, 0), 1.0), np.uint8)))
    return file


def shown(frame: Path, name: str, **others: object) -> Pixels:
    return look(make([frame], frame.parent / name, **others)).pixels[0]


def steepest(pixels: Pixels) -> int:
    return int(np.abs(np.diff(pixels[..., 1].astype(int), axis=1)).max())


@pytest.mark.parametrize("name", ["a.mp4", "a.webm", "a.mov"])
def test_more_strength_makes_edges_steeper_and_leaves_what_is_flat(frame: Path, name: str) -> None:
    soft, crisp, harsh = (
        shown(frame, f"{strength}{name}", sharpen=strength, crf=4) for strength in (0, 0.4, 1)
    )
    assert steepest(soft) < steepest(crisp) < steepest(harsh)
    for flat in (slice(0, 30), slice(66, 96)):
        assert np.abs(crisp[:, flat].astype(int) - soft[:, flat]).max() <= 2


@pytest.mark.parametrize("size", [(48, 32), (192, 128)])
def test_videos_of_another_size_are_sharpened_too(frame: Path, size: tuple[int, int]) -> None:
    plain, crisp = (
        shown(frame, f"{strength}.mp4", size=size, sharpen=strength) for strength in (0, 1)
    )
    assert steepest(crisp) > 1.1 * steepest(plain)


def test_without_strength_the_video_is_what_it_was(frame: Path) -> None:
    plain, zero = make([frame], frame.parent / "a.mp4"), frame.parent / "b.mp4"
    make([frame], zero, sharpen=0.0)
    assert plain.read_bytes() == zero.read_bytes()
