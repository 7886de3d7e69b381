"""What the plots of songs and of plans have in common: a wide dark page, and the clock on it."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Any

from keyframes.time_words import clock_time

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PAPER, INK, FAINT = "#121214", "#d4d4da", "#85858f"
COLOURS = ("#5aa9e6", "#f2a65a", "#7fc97f", "#e56b6f", "#b58edb", "#e0c95c", "#6fd0c5")
"""What parts that follow each other are told apart by, over and over."""
YELLOW = COLOURS[5]

WIDTH, DPI = 16.0, 100
"""Inches of a page, and pixels of an inch."""

_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800)
"""Seconds from one time that is written to the next."""
_MOST_TIMES = 22


def page(height: float) -> Figure:
    """An empty page, `height` inches high."""
    from matplotlib.figure import Figure

    return Figure((WIDTH, height), dpi=DPI, facecolor=PAPER)


def lane(figure: Figure, place: tuple[float, float, float, float]) -> Axes:
    """A bare stretch of a page at (left, bottom, width, height), in shares of the page."""
    axes = figure.add_axes(place)
    axes.set_facecolor(PAPER)
    axes.set_yticks([])
    axes.tick_params(axis="x", length=0, labelbottom=False)
    for spine in axes.spines.values():
        spine.set_visible(False)
    return axes


def write_in_block(axes: Axes, words: str, at: tuple[float, float], size: float) -> None:
    """Write words into a coloured block, from a point of the axes on."""
    style: dict[str, Any] = {"weight": "bold", "va": "center", "clip_on": True}
    axes.text(*at, words, color=PAPER, size=size, parse_math=False, **style)


def clock_marks(start: float, end: float, last: float) -> Iterator[tuple[int, str]]:
    """The whole seconds from `start` to `end`, up to `last`, that are written, and their words."""
    step = next((step for step in _STEPS if (end - start) / step <= _MOST_TIMES), _STEPS[-1])
    for second in range(0, int(last) + 1, step):
        if start <= second <= end:
            yield second, clock_time(second)


def png(figure: Figure) -> bytes:
    """The page as a PNG file, 1600 pixels wide."""
    file = BytesIO()
    with warnings.catch_warnings():
        # A title in a script that the font lacks is drawn as boxes, which is no one's fault.
        warnings.simplefilter("ignore", UserWarning)
        figure.savefig(file, format="png", dpi=DPI)
    return file.getvalue()
