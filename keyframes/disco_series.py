"""Disco Diffusion's notation of a number over time: `0: (1.0), 50: (1.2)`.

Items of a frame and a value in parentheses, with commas between them and blanks anywhere; the
value goes straight from one key to the next. Disco skips what it cannot read; here it is a mistake.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import isfinite

from keyframes.keyed_formulas import formula_instead
from keyframes.mistakes import Located, NotationError

EXAMPLE = '"0: (1.0), 50: (1.2)"'

_ITEM = tuple(
    (re.compile(rf"\s*{pattern}"), expected)
    for pattern, expected in (
        (r"(?P<frame>[0-9]{1,9})(?![0-9.])", "a frame number"),
        (r":", '":"'),
        (r"\(", '"("'),
        (
            r"(?P<value>[-+]?\s*(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)(?=\s*\)|\s*\Z)",
            "a number",
        ),
        (r"\)", '")"'),
        (r"(?:,|\Z)", '","'),
    )
)


_NOTHING_MORE = re.compile(r"\s*\Z")


@dataclass(frozen=True, slots=True)
class SeriesKey:
    """One item of a series."""

    frame: int
    value: float
    column: int
    """Characters before the item in its text."""


def looks_like_series(text: str) -> bool:
    """Whether a text is meant as a series; no formula has a colon, `a ? b : c` of C has both."""
    return ":" in text and "?" not in text


def parse_series(text: str) -> tuple[SeriesKey, ...]:
    """The items of a series as they were written, in any order.

    Raises NotationError at the first character that cannot be read.
    """
    if formula := formula_instead(text):
        raise NotationError([Located((), *formula)])
    keys: list[SeriesKey] = []
    place = 0
    while place == 0 or text[place - 1] == ",":
        if keys and _NOTHING_MORE.match(text, place):
            raise NotationError([Located((), 'remove the "," at the end', place - 1)])
        key, place = _parse_item(text, place)
        keys.append(key)
    return tuple(keys)


def _parse_item(text: str, start: int) -> tuple[SeriesKey, int]:
    """The item at `start`, and the place behind it and its comma."""
    place = start
    parts: dict[str, str] = {}
    for pattern, expected in _ITEM:
        match = pattern.match(text, place)
        if match is None:
            raise _mistake(text, place, expected)
        parts.update(match.groupdict())
        place = match.end()
    value = float("".join(parts["value"].split()))
    column = text.index(parts["frame"], start)
    if not isfinite(value):
        raise NotationError([Located((), f"the value {parts['value']} is too large", column)])
    return SeriesKey(int(parts["frame"]), value, column), place


def _mistake(text: str, place: int, expected: str) -> NotationError:
    rest = text[place:].lstrip()
    shown = rest if len(rest) <= 20 else rest[:19] + "…"
    what = f'"{shown}"' if rest else "the end"
    message = f"expected {expected}, found {what}; numbers at frames are written as {EXAMPLE}"
    return NotationError([Located((), message, len(text) - len(rest))])
