"""Many frames on one page, to look a render over at a glance; without torch.

Convention:
    Pixels are `(H, W, 3)` uint8 arrays, red, green, blue. Lengths are pixels of the sheet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, sqrt

import cv2
import numpy as np

from pipeline.files.png import Pixels, check_pixels

_PAPER = (18, 18, 20)
_RIM = (48, 48, 52)
_INK = (176, 176, 182)
_FONT = cv2.FONT_HERSHEY_SIMPLEX

_PROPORTION = 1.5
"""Width over height that a sheet comes near to when the columns are left to it."""
_BLOCKS = 4.0
"""From this enlargement on pixels show as blocks: a smooth kernel would only look out of focus."""


@dataclass(frozen=True, slots=True)
class _Layout:
    columns: int
    rows: int
    left: int
    gap: int
    cell_width: int
    cell_height: int
    caption_height: int

    @property
    def height(self) -> int:
        return self.gap + self.rows * (self.cell_height + self.caption_height + self.gap)

    def corner(self, number: int) -> tuple[int, int]:
        """Left and top of a cell; cells fill the rows from left to right."""
        row, column = divmod(number, self.columns)
        return (
            self.left + column * (self.cell_width + self.gap),
            self.gap + row * (self.cell_height + self.caption_height + self.gap),
        )


def contact_sheet(
    pictures: Sequence[Pixels],
    *,
    columns: int | None = None,
    width: int = 1200,
    captions: Sequence[str] | None = None,
) -> Pixels:
    """The pictures in rows on dark paper, `width` wide, each with its caption under it.

    Cells have the proportions of the first picture; others are centred in theirs, uncropped.
    Without `columns` their number makes the sheet somewhat wider than high. A caption that is
    wider than its picture is drawn smaller; its letters must be ASCII to be legible.
    """
    _check(pictures, columns, captions)
    layout = _arrange(pictures, columns, width, captioned=captions is not None)
    sheet = np.full((layout.height, width, 3), _PAPER, dtype=np.uint8)
    for number, picture in enumerate(pictures):
        _place(sheet, picture, layout, *layout.corner(number))
    for number, caption in enumerate(captions or ()):
        _write(sheet, caption, layout, *layout.corner(number))
    return sheet


def _check(pictures: Sequence[Pixels], columns: int | None, captions: Sequence[str] | None) -> None:
    if not pictures:
        raise ValueError("a contact sheet needs at least one picture, found none")
    if columns is not None and columns < 1:
        raise ValueError(f"a contact sheet needs at least one column, found {columns}")
    if captions is not None and len(captions) != len(pictures):
        raise ValueError(f"found {len(captions)} captions for {len(pictures)} pictures")
    for picture in pictures:
        check_pixels(picture)


def _arrange(
    pictures: Sequence[Pixels], columns: int | None, width: int, *, captioned: bool
) -> _Layout:
    height, breadth, _ = pictures[0].shape
    count = len(pictures)
    if columns is None:
        most = min(count, max(1, round(sqrt(count * _PROPORTION * height / breadth))))
        # Of all numbers of columns that need as many rows, the one with the fullest last row.
        columns = ceil(count / ceil(count / most))
    gap = max(4, width // 75)
    cell_width = (width - gap * (columns + 1)) // columns
    if cell_width < 1:
        raise ValueError(f"{columns} columns do not fit in {width} pixels")
    return _Layout(
        columns=columns,
        rows=ceil(count / columns),
        # What the division leaves over widens both outer margins alike.
        left=(width - columns * cell_width - (columns - 1) * gap) // 2,
        gap=gap,
        cell_width=cell_width,
        cell_height=max(1, round(cell_width * height / breadth)),
        caption_height=max(10, width // 46) if captioned else 0,
    )


def _place(sheet: Pixels, picture: Pixels, layout: _Layout, left: int, top: int) -> None:
    """Draws the picture, as large as its cell allows, in the middle of it, with a thin rim."""
    height, breadth, _ = picture.shape
    scale = min(layout.cell_width / breadth, layout.cell_height / height)
    size = (
        min(layout.cell_width, max(1, round(breadth * scale))),
        min(layout.cell_height, max(1, round(height * scale))),
    )
    left += (layout.cell_width - size[0]) // 2
    top += (layout.cell_height - size[1]) // 2
    # Frames that end in darkness would otherwise run into the paper.
    cv2.rectangle(sheet, (left - 1, top - 1), (left + size[0], top + size[1]), _RIM)
    scaled = cv2.resize(picture, size, interpolation=_kernel(scale))
    sheet[top : top + size[1], left : left + size[0]] = scaled


def _kernel(scale: float) -> int:
    if scale < 1.0:
        return int(cv2.INTER_AREA)
    return int(cv2.INTER_LANCZOS4 if scale < _BLOCKS else cv2.INTER_NEAREST)


def _write(sheet: Pixels, caption: str, layout: _Layout, left: int, top: int) -> None:
    """Draws the caption under the cell, flush with its left edge."""
    size = layout.caption_height / 58
    (breadth, _), _ = cv2.getTextSize(caption, _FONT, size, 1)
    size *= min(1.0, layout.cell_width / max(breadth, 1))
    baseline = top + layout.cell_height + round(layout.caption_height * 0.72)
    cv2.putText(sheet, caption, (left, baseline), _FONT, size, _INK, 1, cv2.LINE_AA)
