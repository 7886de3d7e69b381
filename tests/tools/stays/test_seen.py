"""The motion that is seen: of pictures that move as they are, that hang, and that flicker."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from pipeline.files.png import Pixels
from tools.stays.seen import seen_motion


def texture(seed: int = 0) -> Pixels:
    noise = np.random.default_rng(seed).uniform(0, 255, (100, 140, 3)).astype(np.float32)
    smooth = cv2.GaussianBlur(noise, (0, 0), 2.5)
    return np.clip((smooth - 127) * 4 + 127, 0, 255).astype(np.uint8)


def panned(pixels: int, count: int = 6) -> list[Pixels]:
    """A window of 96 x 64 that goes so many pixels a frame over a texture."""
    whole = texture()
    return [np.ascontiguousarray(whole[10:74, k * pixels : k * pixels + 96]) for k in range(count)]


@pytest.mark.parametrize("pixels", [0, 1, 3])
def test_a_picture_that_moves_as_it_is_has_that_motion_and_no_flicker(pixels: int) -> None:
    seen = seen_motion(panned(pixels))
    assert seen.motion == pytest.approx(pixels, abs=0.15)
    assert seen.flicker < 1.5


def test_what_flickers_does_so_beyond_its_motion() -> None:
    rng = np.random.default_rng(1)
    frames = [
        np.clip(frame + rng.normal(0, 12, frame.shape), 0, 255).astype(np.uint8)
        for frame in panned(2)
    ]
    assert seen_motion(frames).flicker > 4 * max(0.5, seen_motion(panned(2)).flicker)
