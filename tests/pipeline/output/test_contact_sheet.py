from __future__ import annotations

import cv2
import numpy as np
import pytest

from pipeline.files.png import Pixels
from pipeline.output.contact_sheet import contact_sheet

PAPER = (18, 18, 20)


def plain(height: int, width: int, colour: tuple[int, int, int] = (200, 90, 40)) -> Pixels:
    return np.full((height, width, 3), colour, dtype=np.uint8)


def extent(sheet: Pixels, colour: tuple[int, int, int]) -> tuple[int, int, int, int]:
    """Left, top, width and height of what has this colour, which must fill its rectangle."""
    rows, columns = np.nonzero((sheet == colour).all(axis=2))
    left, top = int(columns.min()), int(rows.min())
    width, height = int(columns.max()) - left + 1, int(rows.max()) - top + 1
    assert len(rows) == width * height
    return left, top, width, height


@pytest.mark.parametrize("count", [1, 2, 3, 5, 7, 12, 13, 48])
@pytest.mark.parametrize(("height", "width"), [(9, 16), (64, 64), (480, 270)])
@pytest.mark.parametrize("sheet_width", [401, 1200])
def test_every_sheet_has_the_width_that_was_asked(
    count: int, height: int, width: int, sheet_width: int
) -> None:
    sheet = contact_sheet([plain(height, width)] * count, width=sheet_width)
    assert sheet.shape[1] == sheet_width
    assert sheet.dtype == np.uint8


def test_one_picture_fills_the_sheet_within_even_margins() -> None:
    sheet = contact_sheet([plain(90, 160)], width=332)
    assert extent(sheet, (200, 90, 40)) == (4, 4, 324, 182)
    assert sheet.shape == (182 + 2 * 4, 332, 3)
    assert tuple(sheet[0, 0]) == PAPER


def test_pictures_fill_rows_from_left_to_right() -> None:
    colours = [(250 - 40 * i, 40 * i, 128) for i in range(5)]
    sheet = contact_sheet([plain(40, 80, c) for c in colours], columns=3, width=316)
    places = [extent(sheet, colour) for colour in colours]
    assert [place[:2] for place in places] == [(4, 4), (108, 4), (212, 4), (4, 58), (108, 58)]
    assert {place[2:] for place in places} == {(100, 50)}
    assert tuple(sheet[80, 260]) == PAPER, "the last row has an empty place"
    assert sheet.shape == (2 * (50 + 4) + 4, 316, 3)


def test_what_the_columns_leave_over_widens_both_margins() -> None:
    colours = [(250 - 40 * i, 40 * i, 128) for i in range(3)]
    sheet = contact_sheet([plain(50, 50, c) for c in colours], columns=3, width=318)
    left, *_ = extent(sheet, colours[0])
    last, _, width, _ = extent(sheet, colours[2])
    assert (left, 318 - last - width) == (5, 5)


@pytest.mark.parametrize(
    ("count", "height", "width", "columns"),
    [(1, 9, 16, 1), (4, 9, 16, 2), (6, 9, 16, 2), (9, 64, 64, 3), (10, 64, 64, 4), (8, 16, 9, 4)],
)
def test_the_number_of_columns_suits_the_pictures(
    count: int, height: int, width: int, columns: int
) -> None:
    pictures = [plain(height, width)] * count
    np.testing.assert_array_equal(
        contact_sheet(pictures, width=600), contact_sheet(pictures, width=600, columns=columns)
    )


def test_captions_are_drawn_under_their_pictures_only() -> None:
    pictures = [plain(60, 100, (250, 40, 128)), plain(60, 100, (40, 250, 128))]
    bare = contact_sheet(pictures, columns=2, width=600)
    sheet = contact_sheet(pictures, columns=2, width=600, captions=["0:02  frame 48", ""])
    strip = sheet.shape[0] - bare.shape[0]
    left, top, width, height = extent(sheet, (250, 40, 128))
    below = sheet[top + height + 1 :]
    ink = (below != PAPER).any(axis=2)
    assert strip >= 12
    assert ink[:strip, left : left + width].any(), "a caption under the first picture"
    assert not ink[:, left + width + 1 :].any(), "and none under the second"
    assert not ink[strip:].any(), "and none that leaves its strip"
    assert below.max() > 150, "legible on dark paper"


def test_captions_differ() -> None:
    sheets = [contact_sheet([plain(60, 100)], captions=[text]) for text in ("frame 1", "frame 2")]
    assert sheets[0].shape == sheets[1].shape
    assert (sheets[0] != sheets[1]).any()


def test_a_long_caption_stays_under_its_picture() -> None:
    colours = [(250, 40, 128), (40, 250, 128)]
    sheet = contact_sheet(
        [plain(60, 100, colour) for colour in colours], width=400, captions=["word " * 40, ""]
    )
    left, top, width, height = extent(sheet, colours[0])
    ink = (sheet[top + height + 1 :] != PAPER).any(axis=(0, 2))
    assert ink.any() and not ink[left + width + 1 :].any()


def test_pictures_of_other_proportions_are_centred_whole() -> None:
    square, wide, tall = (250, 40, 128), (40, 250, 128), (40, 128, 250)
    pictures = [plain(50, 50, square), plain(25, 50, wide), plain(50, 25, tall)]
    sheet = contact_sheet(pictures, columns=3, width=316)
    assert extent(sheet, square) == (4, 4, 100, 100)
    assert extent(sheet, wide) == (108, 4 + 25, 100, 50)
    assert extent(sheet, tall) == (212 + 25, 4, 50, 100)


def test_tiny_pictures_show_their_pixels() -> None:
    checkers = np.indices((4, 4)).sum(axis=0) % 2 * 200 + 30
    tiny = np.repeat(checkers[..., None], 3, axis=2).astype(np.uint8)
    sheet = contact_sheet([tiny], width=48)
    blocks = sheet[4:44, 4:44]
    np.testing.assert_array_equal(blocks, tiny.repeat(10, axis=0).repeat(10, axis=1))


def test_larger_pictures_are_averaged_down_and_smoothed_up() -> None:
    rng = np.random.default_rng(0)
    for side, kernel in ((160, cv2.INTER_AREA), (20, cv2.INTER_LANCZOS4)):
        picture = rng.integers(0, 256, (side, side, 3), dtype=np.uint8)
        sheet = contact_sheet([picture], width=48)
        expected = cv2.resize(picture, (40, 40), interpolation=kernel)
        np.testing.assert_array_equal(sheet[4:44, 4:44], expected)


def test_dark_pictures_stand_out_from_the_paper() -> None:
    sheet = contact_sheet([plain(50, 50, PAPER)], width=108)
    rim = sheet[3:105, 3:105]
    assert (rim[[0, -1]] > PAPER).all() and (rim[:, [0, -1]] > PAPER).all()


@pytest.mark.parametrize(
    ("pictures", "options", "message"),
    [
        ([], {}, "a contact sheet needs at least one picture, found none"),
        ([plain(2, 2)], {"columns": 0}, "a contact sheet needs at least one column, found 0"),
        ([plain(2, 2)], {"captions": ["a", "b"]}, "found 2 captions for 1 pictures"),
        ([plain(2, 2)] * 30, {"columns": 30, "width": 100}, "30 columns do not fit in 100 pixels"),
        (
            [plain(2, 2)[..., 0]],
            {},
            "expected (H, W, 3) uint8 pixels, found (2, 2) uint8",
        ),
    ],
)
def test_what_cannot_be_a_sheet_is_refused(
    pictures: list[Pixels], options: dict[str, int], message: str
) -> None:
    with pytest.raises(ValueError) as caught:
        contact_sheet(pictures, **options)  # type: ignore[arg-type]
    assert str(caught.value) == message
