from __future__ import annotations

from itertools import count

import cv2
import numpy as np
import pytest

from pipeline.files.png import Pixels
from pipeline.spec.camera import CameraMotion
from tools.sharpness.steady import MOTIONS, flicker

NATIVE, SIZE = (24, 16), (96, 64)
WAVES = np.sin(np.arange(192) / 30)[:, None] + np.cos(np.arange(128) / 25)
PAINTING = np.repeat(np.rint(120 + 40 * WAVES.T)[..., None], 3, axis=2).astype(np.uint8)
"""So smooth that 24 x 16 px have it all."""


def cubic(picture: Pixels) -> Pixels:
    return np.asarray(cv2.resize(picture, SIZE, interpolation=cv2.INTER_CUBIC), np.uint8)


@pytest.mark.parametrize("motion", MOTIONS.values(), ids=list(MOTIONS))
def test_what_moves_along_does_not_flicker(motion: CameraMotion) -> None:
    found = flicker(PAINTING, motion, NATIVE, cubic)
    assert found.truth < 0.5
    assert found.alone < 0.3


def test_brightness_that_comes_and_goes_is_all_flicker() -> None:
    calls = count()

    def blinking(picture: Pixels) -> Pixels:
        return cubic(picture) + np.uint8(6 * (next(calls) % 2))

    assert flicker(PAINTING, CameraMotion(), NATIVE, blinking).alone == pytest.approx(6)


def test_a_pattern_on_the_screen_flickers_where_the_camera_moves() -> None:
    columns = np.uint8(10 * (np.arange(SIZE[0]) // 2 % 2))[None, :, None]
    motion = CameraMotion(translate_x=0.5)  # two pixels of the large picture: stripe on gap
    found = flicker(PAINTING, motion, NATIVE, lambda picture: cubic(picture) + columns)
    assert found.alone == pytest.approx(10, abs=0.5)
    still = flicker(PAINTING, CameraMotion(), NATIVE, lambda picture: cubic(picture) + columns)
    assert still.alone == 0
