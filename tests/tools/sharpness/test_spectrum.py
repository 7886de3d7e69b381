from __future__ import annotations

import cv2
import numpy as np
import pytest

from pipeline.files.png import Pixels
from tests.tools.sharpness.drawn import grey, stripes
from tools.sharpness.spectrum import fineness, power_spectrum


@pytest.mark.parametrize("period", [4.0, 10.0, 20.0])
def test_stripes_have_their_power_at_their_frequency(period: float) -> None:
    frequencies, power = power_spectrum(stripes(period))
    sums = power * frequencies
    assert frequencies[sums.argmax()] == pytest.approx(1 / period, abs=1 / 100)


def test_noise_has_as_much_at_every_frequency() -> None:
    frequencies, power = power_spectrum(grey(np.random.default_rng(0).normal(128, 20, (256, 256))))
    halves = (power[(frequencies > low) & (frequencies < low + 0.2)].mean() for low in (0.05, 0.28))
    assert next(halves) == pytest.approx(next(halves), rel=0.05)


def discs(number: int) -> Pixels:
    """Discs of 20 px in 256 x 256 px."""
    picture, places = np.full((256, 256, 3), 90, np.uint8), np.random.default_rng(number)
    for x, y in places.integers(20, 236, (number, 2)).tolist():
        cv2.circle(picture, (x, y), 10, (180, 180, 180), -1, cv2.LINE_AA)
    return picture


def test_a_blurred_picture_is_less_fine_and_one_of_more_edges_is_as_fine() -> None:
    few, many = discs(4), discs(40)
    blurred = np.asarray(cv2.GaussianBlur(many, (0, 0), 2), np.uint8)
    assert fineness(blurred) < fineness(many) / 2
    assert fineness(few) == pytest.approx(fineness(many), rel=0.15)
