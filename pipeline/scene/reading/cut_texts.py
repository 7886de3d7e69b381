"""Free texts without quotes that a `#` cuts off: to YAML ` #3 at dawn` is a comment.

Comments are welcome, and most have a blank behind their `#`. So a `#` behind a text that is
followed by a blank, by another `#` or by nothing begins a comment; `#3` and `#art` are taken for
words of the text. Other values, such as numbers and names, cannot lose words unnoticed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.errors import Problem
from pipeline.scene.reading.document import Document, Route, dotted
from pipeline.scene.reading.shot_documents import SHOTS

_CUT_OFF = re.compile(r"[ \t]+(#[^\s#][^\n]*)")
_NO_TEXTS = ("blend", "weight", "image")
LONGEST_QUOTE = 30


def cut_texts(document: Document) -> Iterator[Problem]:
    """The prompts and titles of `document` that seem to go on behind a `#`."""
    for route, mark in document.values.items():
        if mark.plain_end is None or not _is_free_text(route):
            continue
        cut = _CUT_OFF.match(document.source, mark.plain_end)
        if cut:
            end = mark.plain_end + len(cut[0]) - len(cut[1])
            yield Problem(*document.place_at(end), dotted(route), _message(cut[1].rstrip()))


def _is_free_text(route: Route) -> bool:
    here = route[2:] if route[:1] == (SHOTS,) else route
    if here[:1] == ("prompts",):
        return here[-1] not in _NO_TEXTS
    return here == ("video", "title")


def _message(rest: str) -> str:
    shown = rest if len(rest) <= LONGEST_QUOTE else f"{rest[:LONGEST_QUOTE]}..."
    return (
        f'"{shown}" would be cut off, as a # behind a blank begins a comment; put the text in '
        'quotes as a whole, or write "# " before a comment'
    )
