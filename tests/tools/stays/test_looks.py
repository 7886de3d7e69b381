"""Sharpness, edges and colours of pictures that are made for it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from pipeline.files.png import Pixels
from tests.tools.stays.takes import painting
from tools.stays.borders import smeared
from tools.stays.looks import channels, coarse, distance, edges, lab, saturation, sharpness


def flat(*colour: int) -> Pixels:
    return np.full((64, 96, 3), colour, np.uint8)


def test_the_sharpness_of_a_checkerboard() -> None:
    """Each pixel of 100 has four neighbours of 140: the Laplacian is 160 and -160 in turn."""
    board = (np.indices((64, 96)).sum(axis=0) % 2 * 40 + 100).astype(np.uint8)
    assert sharpness(np.dstack([board] * 3)) == pytest.approx(160**2)
    assert sharpness(flat(9, 90, 200)) == 0
    blurred = cv2.GaussianBlur(painting(1), (0, 0), 1)
    assert sharpness(np.asarray(blurred, np.uint8)) < 0.3 * sharpness(painting(1))


def test_an_edge_every_eighth_column() -> None:
    stripes = np.repeat(np.arange(12) % 2 * 100, 8).astype(np.uint8)
    picture = np.broadcast_to(stripes[None, :, None], (64, 96, 3)).copy()
    # Each of 11 edges is seen by the pixels on both sides of it.
    assert edges(picture) == pytest.approx(22 / 94)
    assert edges(flat(1, 2, 3)) == 0
    # A change below the bound is none.
    assert edges((picture * 0.3).astype(np.uint8)) == 0


def test_colours() -> None:
    assert channels(flat(10, 20, 30)).tolist() == [10, 20, 30]
    assert saturation(flat(200, 100, 100)) == pytest.approx(127.5, abs=0.6)
    white, grey = lab(flat(255, 255, 255)), lab(flat(119, 119, 119))
    assert distance(white, grey) == pytest.approx(50, abs=0.2)


def test_the_coarse_picture_knows_no_stripes_and_keeps_its_mean() -> None:
    stripes = np.tile(np.array([90, 110], np.uint8)[None, :, None], (64, 48, 3))
    even = coarse(stripes)
    # The borders are mirrored, so that a stripe there counts a little more.
    assert float(np.ptp(even[..., 0])) < 1
    assert distance(even, coarse(flat(100, 100, 100))) < 0.5
    half = np.hstack([flat(0, 0, 0)[:, :48], flat(255, 255, 255)[:, 48:]])
    assert float(np.ptp(coarse(half)[..., 0])) > 95


def smear(frame: Pixels, width: int) -> Pixels:
    """The frame whose outermost `width` pixels repeat the ones further in."""
    inner = frame[width:-width, width:-width]
    return np.pad(inner, ((width, width), (width, width), (0, 0)), mode="edge")


def test_repeated_pixels_at_a_border_are_smears() -> None:
    """Lines of noise: what is repeated along the normal is streaks, all of it but the corners."""
    noise = np.random.default_rng(0).integers(0, 256, (64, 96, 1)).astype(np.uint8)
    clean = np.repeat(noise, 3, axis=2)
    assert smeared(clean) < 0.001
    assert smeared(flat(80, 80, 80)) == 0
    # A sky that only gets brighter upwards, and a horizon that goes through.
    ramp = np.repeat(np.linspace(250, 60, 64).astype(np.uint8)[:, None, None], 96, axis=1)
    assert smeared(np.repeat(ramp, 3, axis=2)) == 0
    found = [smeared(smear(clean, width)) for width in (2, 4, 8)]
    assert found == sorted(found) and found[0] > 0.05 and found[2] > 0.6


def test_smears_of_paintings_stand_out() -> None:
    clean = [painting(seed) for seed in range(12)]
    before = np.mean([smeared(frame) for frame in clean])
    after = np.mean([smeared(smear(frame, 8)) for frame in clean])
    assert before < 0.12 and after > 2 * before
