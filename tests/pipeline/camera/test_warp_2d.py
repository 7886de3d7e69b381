"""The warp of flat pictures, against OpenCV and against what must be seen."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import torch

from pipeline.camera.resample import SAMPLINGS
from pipeline.camera.warp import warp_2d
from pipeline.scene.motion import compose, matrix_2d
from tests.pipeline.warp_scenes import (
    SIZES,
    inner,
    inverse,
    motion_of,
    noise,
    waves,
)


@pytest.mark.parametrize("zoom", [0.8, 1.0, 1.25])
@pytest.mark.parametrize(("height", "width"), SIZES)
def test_is_the_warp_of_opencv(height: int, width: int, zoom: float) -> None:
    """OpenCV rounds positions to 1/32 pixel: the tolerance is that, times the steepest slope."""
    picture = waves(height, width)
    matrix = matrix_2d(motion_of((5.3, -2.6, 0), (0, 0, 12), zoom), width, height)
    expected = cv2.warpPerspective(
        picture[0].permute(1, 2, 0).numpy(),
        matrix,
        (width, height),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_WRAP,
    )
    found = warp_2d(picture, matrix)[0].permute(1, 2, 0).numpy()
    np.testing.assert_allclose(found, expected, atol=0.01)


@pytest.mark.parametrize("sampling", sorted(SAMPLINGS))
def test_wraps_without_a_seam(sampling: str) -> None:
    """A whole and a half pixel to the right of a periodic wave is the same wave, later."""
    picture = waves(20, 30)
    for shift, tolerance in ((7, 1e-6), (7.5, 0.12 if sampling == "nearest" else 0.02)):
        column = torch.arange(30)[None] - shift
        row = torch.arange(20)[:, None] * (2 * torch.pi / 20)
        expected = 0.45 * (row - column * (2 * torch.pi / 30)).sin()
        matrix = matrix_2d(motion_of((shift, 0, 0)), 30, 20)
        found = warp_2d(picture, matrix, sampling=sampling)[0, 1]
        torch.testing.assert_close(found, expected, rtol=0, atol=tolerance)


def test_content_moves_right_and_down() -> None:
    picture = noise(20, 30)
    moved = warp_2d(picture, matrix_2d(motion_of((3, 5, 0)), 30, 20))
    assert torch.equal(moved, picture.roll((5, 3), dims=(2, 3)))


@pytest.mark.parametrize(("padding", "entering"), [("border", 0.5), ("zeros", -1.0)])
def test_what_enters_at_the_edge(padding: str, entering: float) -> None:
    picture = torch.full((1, 3, 6, 6), 0.5)
    moved = warp_2d(picture, matrix_2d(motion_of((2, 0, 0)), 6, 6), padding=padding)
    assert (moved[..., :2] == entering).all() and (moved[..., 2:] == 0.5).all()


def test_quarter_turns_go_counter_clockwise() -> None:
    """About pixel (W // 2, H // 2), which is the true centre of a picture with an odd side."""
    picture = noise(25, 25)
    turned = warp_2d(picture, matrix_2d(motion_of(rotation=(0, 0, 90)), 25, 25))
    torch.testing.assert_close(turned, picture.rot90(1, (2, 3)), rtol=0, atol=1e-4)


def test_zoom_enlarges() -> None:
    picture = waves(24, 36)
    enlarged = warp_2d(picture, matrix_2d(motion_of(zoom=2.0), 36, 24))
    torch.testing.assert_close(enlarged[..., ::2, ::2], picture[..., 6:18, 9:27])


def test_the_inverse_motion_brings_the_picture_back() -> None:
    picture = waves(96, 144)
    matrix = matrix_2d(motion_of((8.8, -7.4, 0), (0, 0, 3), 1.05), 144, 96)
    there = warp_2d(picture, matrix, sampling="bicubic")
    back = warp_2d(there, inverse(matrix), sampling="bicubic")
    torch.testing.assert_close(inner(back, 24), inner(picture, 24), rtol=0, atol=1.5e-3)


def test_composed_steps_are_one_warp() -> None:
    picture = waves(48, 72)
    steps = [
        matrix_2d(motion_of((1.2, 0.4, 0), (0, 0, 1), 1.02), 72, 48),
        matrix_2d(motion_of((-0.5, 1.1, 0), (0, 0, -3), 1.01), 72, 48),
    ]
    chained = warp_2d(warp_2d(picture, steps[0]), steps[1])
    composed = warp_2d(picture, compose(*steps))
    torch.testing.assert_close(inner(composed, 8), inner(chained, 8), rtol=0, atol=0.01)
