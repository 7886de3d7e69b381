"""Drawing on pixels: blocks, lines and words, mixed by how much they cover.

Convention:
    Pixels are `(H, W, 3)` uint8 arrays, which are changed in place; x goes right, y down. What lies
    outside is cut off.
"""

from __future__ import annotations

import numpy as np

from pipeline.files.png import Pixels
from pipeline.output.lettering import Coverage, lettered

Colour = tuple[int, int, int]


def colour(code: str) -> Colour:
    """Red, green and blue of a code such as `#5aa9e6`."""
    return int(code[1:3], 16), int(code[3:5], 16), int(code[5:7], 16)


def between(one: Colour, other: Colour, share: float) -> Colour:
    """The colour that lies a share of the way from one to the other."""
    red, green, blue = (round(a + share * (b - a)) for a, b in zip(one, other, strict=True))
    return red, green, blue


def block(pixels: Pixels, left: int, top: int, right: int, bottom: int, ink: Colour) -> None:
    """Fill a rectangle, whose right and lower sides are not part of it."""
    pixels[max(0, top) : max(0, bottom), max(0, left) : max(0, right)] = ink


def cover(
    pixels: Pixels, coverage: Coverage, left: int, top: int, ink: Colour, opacity: float = 1.0
) -> None:
    """Lay a colour over what `coverage` covers, whose upper left corner lies at (left, top)."""
    height, width = pixels.shape[:2]
    h, w = coverage.shape
    x0, y0, x1, y1 = max(0, left), max(0, top), min(width, left + w), min(height, top + h)
    if x0 >= x1 or y0 >= y1:
        return
    share = opacity * coverage[y0 - top : y1 - top, x0 - left : x1 - left, None]
    under = pixels[y0:y1, x0:x1]
    mixed = under + share * (np.array(ink, dtype=np.float32) - under)
    pixels[y0:y1, x0:x1] = np.rint(mixed).astype(np.uint8)


def write(
    pixels: Pixels,
    text: str,
    at: tuple[int, int],
    size: int,
    ink: Colour,
    *,
    bold: bool = False,
    align: float = 0.0,
) -> int:
    """Write a line whose upper left corner is `at`, or with `align` 1 its upper right; its width.

    An `align` of 1/2 centres it there.
    """
    letters = lettered(text, size, bold=bold)
    width: int = letters.shape[1]
    cover(pixels, letters, at[0] - round(align * width), at[1], ink)
    return width
