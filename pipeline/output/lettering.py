"""Words in pictures: DejaVu, which comes with matplotlib, drawn by Pillow.

Convention:
    What is drawn is how much of each pixel the letters cover, `(H, W)` in [0, 1]; sizes are pixels.
    What the font lacks shows as boxes: no text is refused.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from keyframes.quoting import visible

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

Coverage = NDArray[np.float32]

_LONGEST = 400
"""Characters of a line that are looked at; more fit on no picture."""


@lru_cache(maxsize=512)
def lettered(text: str, size: int, *, bold: bool = False) -> Coverage:
    """One line of text, as high as the font's lines are, and as wide as it needs."""
    from PIL import Image, ImageDraw

    face, words = _font(size, bold), _drawable(text)
    width = max(1, round(face.getlength(words)))
    ascent, descent = face.getmetrics()
    image = Image.new("L", (width, ascent + descent))
    ImageDraw.Draw(image).text((0, 0), words, fill=255, font=face)
    return np.asarray(image, dtype=np.float32) / np.float32(255)


def width_of(text: str, size: int, *, bold: bool = False) -> int:
    """Width of a line of text in pixels."""
    return round(_font(size, bold).getlength(_drawable(text)))


@lru_cache(maxsize=256)
def in_lines(text: str, size: int, width: int, most: int) -> tuple[str, ...]:
    """The text in at most `most` lines of `width` pixels; what is left over ends in an ellipsis."""
    words, lines = _drawable(text).split(), [""]
    for place, word in enumerate(words):
        longer = f"{lines[-1]} {word}".strip()
        if not lines[-1] or width_of(longer, size) <= width:
            lines[-1] = longer
        elif len(lines) < most:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {' '.join(words[place:])}"
            break
    return tuple(shortened_to(line, size, width) for line in lines)


def shortened_to(text: str, size: int, width: int) -> str:
    """The text, or as much of its beginning with an ellipsis as fits into `width` pixels."""
    if width_of(text, size) <= width:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        fits = width_of(f"{text[:middle].rstrip()}…", size) <= width
        low, high = (middle, high) if fits else (low, middle - 1)
    return f"{text[:low].rstrip()}…" if low else ""


def _drawable(text: str) -> str:
    """The text without what no font draws: control characters and halves of surrogate pairs."""
    return visible(text[:_LONGEST]).encode("utf-8", "replace").decode("utf-8")


@lru_cache(maxsize=16)
def _font(size: int, bold: bool) -> FreeTypeFont:
    from PIL import ImageFont

    file = _fonts() / ("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf")
    # The basic layout needs no other library, and is the same on every machine.
    return ImageFont.truetype(str(file), size, layout_engine=ImageFont.Layout.BASIC)


def _fonts() -> Path:
    """The folder of matplotlib's fonts, without importing it."""
    found = find_spec("matplotlib")
    assert found is not None and found.origin is not None  # the package depends on it
    return Path(found.origin).parent / "mpl-data" / "fonts" / "ttf"
