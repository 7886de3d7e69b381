"""The line of a file that a message speaks of, and a line of carets under the place.

Conventions:
    Columns count characters from 1. Cells are what a terminal has: a letter takes one, a Chinese
    character two, an accent that is written for itself none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from unicodedata import category, east_asian_width

from keyframes.quoting import visible

WIDEST = 100
"""Cells of a line that is shown; a longer one is cut on both sides of the place."""
_TAB = "    "
_CUT = "…"


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A line as it is shown, and the cells before and under the carets."""

    line: str
    before: int
    carets: int


def excerpt(
    lines: Sequence[str], line: int, column: int, end: int, widest: int = WIDEST
) -> Excerpt | None:
    """What to show of a place: from `column` of `line` to before the column `end`, or 0.

    `line` counts from 1. None where there is no such place, or nothing in its line.
    """
    if not 0 < line <= len(lines):
        return None
    start = column - 1
    written = lines[line - 1]
    # Blanks at the end are shown where they are meant.
    written = written[: max(column, len(written.rstrip()))]
    if not written or not 0 <= start <= len(written):
        return None
    stop = min(max(end - 1, start + 1), len(written))
    # More is never shown, and a line may have a million characters.
    first, last = max(0, start - widest - 1), min(len(written), start + widest + 1)
    shown = [_shown(character) for character in written[first:last]]
    stop = min(stop, last)
    begin, close = _window([cells(one) for one in shown], start - first, widest)
    left = _CUT if first + begin else ""
    right = _CUT if first + close < len(written) else ""
    before = cells(left) + sum(cells(one) for one in shown[begin : start - first])
    under = sum(cells(one) for one in shown[start - first : min(stop - first, close)])
    return Excerpt(f"{left}{''.join(shown[begin:close])}{right}", before, max(1, under))


def _window(widths: Sequence[int], start: int, widest: int) -> tuple[int, int]:
    """First and end of the characters that are shown, with the one at `start` among them."""
    if sum(widths) <= widest:
        return 0, len(widths)
    room = widest - 2 * cells(_CUT)
    ahead = _fitting(widths[start:], room * 2 // 3)
    behind = _fitting(widths[:start][::-1], room - sum(widths[start : start + ahead]))
    first = start - behind
    return first, first + _fitting(widths[first:], room)


def _fitting(widths: Sequence[int], room: int) -> int:
    """How many of the first characters find room in so many cells."""
    return sum(total <= room for total in accumulate(widths))


def _shown(character: str) -> str:
    return _TAB if character == "\t" else visible(character)


def cells(text: str) -> int:
    """How many cells of a terminal a visible text takes."""
    if text.isascii():
        return len(text)
    return sum(_cells(character) for character in text)


def _cells(character: str) -> int:
    if category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if east_asian_width(character) in "WF" else 1
