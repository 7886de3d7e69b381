"""What is told of a problem's place: where it ends in its line, and in which text that line is.

What a problem speaks of is the key or value that begins there, or a word. Problems are found at
many places and know where they begin. The rest is looked up afterwards, so that none of those
places needs to know.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from pipeline.errors import Problem
from pipeline.scene.reading.document import Document

_WORD = re.compile(r"\w+(?:\.\w+)*|\S")


def with_ends(document: Document, problems: Iterable[Problem]) -> list[Problem]:
    """The problems of a document, each with the column behind what it speaks of."""
    listed = list(problems)
    ends = _ends(document) if listed else {}
    return [replace(one, end=one.end or _end(document, one, ends)) for one in listed]


def as_told(document: Document, problems: Iterable[Problem]) -> list[Problem]:
    """The problems of a document, each with its end, at its line of the text that it stands in."""
    return [_in_its_text(document, one) for one in with_ends(document, problems)]


def _in_its_text(document: Document, problem: Problem) -> Problem:
    origin, line = document.origin(problem.line)
    return replace(problem, line=line, origin=origin) if origin else problem


def _ends(document: Document) -> dict[tuple[int, int], int]:
    """The end of each key and value by where it begins, 0 in another line; of two the key's."""
    marks = (*document.values.values(), *document.keys.values())
    return {(mark.line, mark.column): mark.end or 0 for mark in marks}


def _end(document: Document, problem: Problem, ends: dict[tuple[int, int], int]) -> int:
    place = problem.line, problem.column
    if place in ends:
        return ends[place]
    if document.data is None or problem.line > len(document.line_starts):
        return 0
    # Inside a text, as in a formula.
    start = document.line_starts[problem.line - 1] + problem.column - 1
    word = _WORD.match(document.source, start)
    return problem.column + len(word[0]) if word else 0
