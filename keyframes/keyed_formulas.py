"""Formulas at frames, `0: (1.0 + 0.5*sin(t)), 50: (2)`, as Deforum writes them.

There `t` counts frames. A formula here stands for the whole video, and `t` counts seconds.
"""

from __future__ import annotations

import re
from itertools import pairwise

_HEAD = re.compile(r"\s*([0-9]{1,9})\s*:\s*\(")
_COMMA = re.compile(r"\s*(?:,|\Z)")
_FRAME = re.compile(r"\bt\b")
_FRAMES = re.compile(r"\bmax_f\b")
_NUMBER = re.compile(r"[-+]?\s*[0-9.]+(?:[eE][-+]?[0-9]+)?")
_CALCULATES = re.compile(r"\w\s*[-+*/(%]|\bt\b")
MOST = 8
"""Formulas of one text that are put into one; more are shown by an example."""


def formula_instead(text: str) -> tuple[str, int] | None:
    """How keyed formulas are written here, and where the first of them begins in `text`.

    None for a text of another form, or one whose values are all plain numbers.
    """
    items = _items(text)
    formulas = [start for _, value, start in items if _is_formula(value)]
    if not formulas:
        return None
    ordered = sorted((frame, _in_frames(value)) for frame, value, _ in items)
    whole = ordered[-1][1]
    for (_, value), (until, _) in reversed(list(pairwise(ordered))):
        whole = f"{value} if frame < {until} else {whole}"
    written = (
        whole if len(items) <= MOST else f"{ordered[0][1]} if frame < {ordered[1][0]} else ..."
    )
    note = "; t counts seconds here, and frame counts frames" if _FRAME.search(text) else ""
    return (
        f'write a formula alone, without frames before it: "{written}"{note}',
        formulas[0],
    )


def _is_formula(value: str) -> bool:
    return not _NUMBER.fullmatch(value) and _CALCULATES.search(value) is not None


def _items(text: str) -> list[tuple[int, str, int]]:
    """Frame, value and where the value begins, of each item; none where one has another form."""
    items: list[tuple[int, str, int]] = []
    place = 0
    while place < len(text):
        head = _HEAD.match(text, place)
        end = None if head is None else _closing(text, head.end())
        comma = None if end is None else _COMMA.match(text, end + 1)
        if head is None or end is None or comma is None:
            return []
        items.append((int(head[1]), text[head.end() : end].strip(), head.end()))
        place = comma.end()
    return items


def _closing(text: str, start: int) -> int | None:
    """The place of the bracket that closes the one before `start`."""
    depth = 1
    for place in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        if depth == 0:
            return place
    return None


def _in_frames(formula: str) -> str:
    return _FRAMES.sub("frames", _FRAME.sub("frame", formula))
