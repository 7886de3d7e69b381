"""Pictures in videos of other proportions: sizes, places, and that both ways of scaling agree."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from pipeline.files.png import Pixels, encode_png
from pipeline.output.fit import Size, effective_fit, fitted, place
from pipeline.spec.plan import Fit
from tests.media import look
from tests.pipeline.videos import make

FITS: tuple[Fit, ...] = ("cover", "contain", "stretch")
LEFT, MIDDLE, RIGHT = (220, 40, 40), (40, 220, 40), (40, 40, 220)


def thirds(width: int, height: int) -> Pixels:
    """Red, green and blue side by side."""
    pixels = np.empty((height, width, 3), np.uint8)
    for third, colour in enumerate((LEFT, MIDDLE, RIGHT)):
        pixels[:, width * third // 3 : width * (third + 1) // 3] = colour
    return pixels


@pytest.mark.parametrize(
    ("picture", "canvas", "fit", "scaled", "corner"),
    [
        ((96, 64), (36, 64), "cover", (96, 64), (30, 0)),
        ((96, 64), (72, 128), "cover", (192, 128), (60, 0)),
        ((96, 64), (37, 64), "cover", (96, 64), (29, 0)),
        ((64, 96), (64, 36), "cover", (64, 96), (0, 30)),
        ((96, 64), (36, 64), "contain", (36, 24), (0, 20)),
        ((96, 64), (36, 63), "contain", (36, 24), (0, 19)),
        ((64, 96), (64, 36), "contain", (24, 36), (20, 0)),
        ((96, 64), (36, 64), "stretch", (36, 64), (0, 0)),
        ((4096, 16), (16, 16), "contain", (16, 1), (0, 7)),
    ],
)
def test_where_a_picture_goes(
    picture: Size, canvas: Size, fit: Fit, scaled: Size, corner: Size
) -> None:
    placement = place(picture, canvas, fit)
    assert (placement.picture, placement.corner) == (scaled, corner)
    assert placement.is_cut == (fit == "cover")


@pytest.mark.parametrize("fit", FITS)
@pytest.mark.parametrize("factor", [0.1, 0.37, 1.0, 1.3, 1.5104, 8, 15.9])
@pytest.mark.parametrize("picture", [(96, 64), (1280, 704), (64, 4096), (112, 80), (16, 16)])
def test_a_factor_never_cuts(picture: Size, factor: float, fit: Fit) -> None:
    canvas = (max(1, round(factor * picture[0])), max(1, round(factor * picture[1])))
    assert effective_fit(picture, canvas, fit) == "stretch"
    assert place(picture, canvas, fit).picture == canvas


@pytest.mark.parametrize("canvas", [(48, 90), (120, 50), (31, 77), (300, 20)])
def test_what_covers_is_cut_alike_on_both_sides(canvas: Size) -> None:
    found = fitted(thirds(96, 64), canvas, "cover")
    assert found.shape == (canvas[1], canvas[0], 3)
    middle = np.flatnonzero((found[canvas[1] // 2] == MIDDLE).all(axis=1))
    assert abs((middle[0] + middle[-1]) - (canvas[0] - 1)) <= 2, "green stays in the middle"
    assert found.min() > 0, "no bars"


def test_a_few_pixels_are_cut_alike_on_both_sides() -> None:
    """Where a third is two pixels wide, the kernel's swing beside its edges reaches all of it."""
    found = fitted(thirds(96, 64), (7, 7), "cover").astype(int)
    apart = np.abs(found[3][:, None] - [LEFT, MIDDLE, RIGHT]).sum(axis=2)
    middle = np.flatnonzero(apart.argmin(axis=1) == 1)
    assert abs((middle[0] + middle[-1]) - 6) <= 2, "green stays in the middle"
    assert found.min() > 0, "no bars"


@pytest.mark.parametrize("canvas", [(48, 90), (120, 50), (31, 77), (300, 20)])
def test_what_is_contained_is_whole_between_black_bars(canvas: Size) -> None:
    found = fitted(thirds(96, 64), canvas, "contain")
    rows, columns = np.nonzero(found.any(axis=2))
    extent = columns.max() - columns.min() + 1, rows.max() - rows.min() + 1
    assert extent[0] / extent[1] == pytest.approx(1.5, rel=0.06)
    assert abs(columns.min() - (canvas[0] - 1 - columns.max())) <= 1
    assert abs(rows.min() - (canvas[1] - 1 - rows.max())) <= 1
    inside = found[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    assert tuple(inside[0, 0]) == LEFT and tuple(inside[-1, -1]) == RIGHT


@pytest.mark.parametrize("fit", FITS)
@pytest.mark.parametrize("canvas", [(48, 90), (120, 50), (144, 96)])
def test_ffmpeg_puts_a_picture_where_we_do(tmp_path: Path, canvas: Size, fit: Fit) -> None:
    rng = np.random.default_rng(3)
    blobs = rng.integers(0, 256, (4, 6, 3), dtype=np.uint8)
    pixels = np.asarray(cv2.resize(blobs, (96, 64), interpolation=cv2.INTER_CUBIC), np.uint8)
    frame = tmp_path / "000000.png"
    frame.write_bytes(encode_png(pixels))
    (found,) = look(make([frame], tmp_path / "a.mp4", size=canvas, fit=fit, crf=1)).pixels
    expected = fitted(pixels, canvas, fit)
    assert found.shape == expected.shape
    assert np.abs(found.astype(int) - expected).mean() < 5
    aside = np.abs(np.roll(found, 3, axis=1).astype(int) - expected).mean()
    assert aside > 8, "three pixels aside they do not agree"


def test_all_ways_are_one_where_the_proportions_are(tmp_path: Path) -> None:
    frame = tmp_path / "000000.png"
    frame.write_bytes(encode_png(thirds(96, 64)))
    videos = [make([frame], tmp_path / f"{fit}.mp4", size=(192, 128), fit=fit) for fit in FITS]
    assert len({video.read_bytes() for video in videos}) == 1
    pictures = {fitted(thirds(96, 64), (48, 32), fit).tobytes() for fit in FITS}
    assert len(pictures) == 1


def test_stripes_that_are_too_fine_for_the_canvas_become_grey() -> None:
    stripes = np.zeros((48, 72, 3), np.uint8)
    stripes[:, ::2] = 255
    inside = fitted(stripes, (48, 32), "stretch")[:, 4:-4].astype(int)
    assert np.abs(inside - 127.5).max() < 25, "no other stripes in their place"


def test_soft_edges_stay_steeper_than_averages_over_areas_leave_them() -> None:
    sharp = np.zeros((48, 720, 3), np.uint8)
    for column in range(10, 710, 11):
        sharp[:, column:] = 255 - sharp[:, column:]
    soft = np.asarray(cv2.GaussianBlur(sharp, (0, 0), 1.0), np.uint8)
    averaged = np.asarray(cv2.resize(soft, (480, 32), interpolation=cv2.INTER_AREA), np.uint8)
    ours, theirs = (
        np.sort(np.abs(np.diff(found[16, :, 0].astype(int))))[-60:].mean()
        for found in (fitted(soft, (480, 32), "stretch"), averaged)
    )
    assert ours > 1.05 * theirs
