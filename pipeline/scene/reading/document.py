"""What is written in a scene, as plain data, and the place of every key and value in its texts.

A scene is written in one text or in several: its own file, files that it includes, arguments of
the command line. The `source` of a document is all of them, one below the other, so that a line and
a column of it mean one place; `Document.origin` tells whose place that is.

Convention:
    Lines and columns count from 1.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from keyframes.quoting import quoted
from pipeline.errors import Origin, Problem
from pipeline.files.lines import line_and_column, line_starts
from pipeline.scene.reading.stretch import Stretch

BETWEEN = "\n\n"
"""What is put between texts: the line behind the last one of a text is none of the next."""

Key = str | int | float
Route = tuple[Key, ...]
"""The keys (and places in lists, from 0) that lead from the top of the document to a value."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a key or value begins in the source, and where its text does if it is verbatim."""

    line: int
    column: int
    text_start: int | None = None
    """Index into the source at which the value's own characters begin, behind an opening quote."""
    plain_end: int | None = None
    """Index behind the last character of a text without quotes."""
    end: int | None = None
    """Column behind the last character of a key or value that ends in the line it begins in."""
    within: Route = ()
    """What the file has around it that the data has not: `profiles`, and a profile's name."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One of the texts of a document."""

    line: int
    """The line of the document's source at which it begins."""
    origin: Origin
    """What it is."""


@dataclass(frozen=True, slots=True)
class Document:
    """Plain data with the marks of its keys and values, and what is wrong with the text."""

    source: str
    data: object
    keys: Mapping[Route, Mark]
    values: Mapping[Route, Mark]
    problems: tuple[Problem, ...]
    pieces: Sequence[Piece] = ()
    """The texts below the scene's own file, in the order of the source."""
    own: Stretch | None = None
    """The part whose settings stand in the scene's place, in the document of a shot."""
    line_starts: Sequence[int] = field(init=False, repr=False, compare=False)
    """Index into the source at which each line begins."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "line_starts", line_starts(self.source))

    @property
    def own_text(self) -> str:
        """The text of the scene's own file."""
        if not self.pieces:
            return self.source
        return self.source[: self.line_starts[self.pieces[0].line - 1] - len(BETWEEN)]

    def key_place(self, route: Route) -> tuple[int, int]:
        """Line and column of the key at `route`, or of the nearest value above it."""
        mark = self.keys.get(route)
        return self.value_place(route) if mark is None else (mark.line, mark.column)

    def value_place(self, route: Route, offset: int = 0) -> tuple[int, int]:
        """Line and column of the value at `route`, `offset` characters into its text.

        A value that was not written stands at the key of the nearest one above it that was; a
        text with escapes or line breaks stands at its beginning.
        """
        mark = self.values.get(route)
        if mark is None:
            return self.key_place(route[:-1]) if route else (1, 1)
        if mark.text_start is None or offset == 0:
            return mark.line, mark.column
        return self.place_at(mark.text_start + offset)

    def within(self, route: Route) -> Route:
        """What the file has around the value at `route`, or the nearest above it that is there."""
        for length in range(len(route), 0, -1):
            here = route[:length]
            mark = self.keys.get(here) or self.values.get(here)
            if mark is not None:
                return mark.within
        return ()

    def origin(self, line: int) -> tuple[Origin | None, int]:
        """What a line is written in, None for the scene's own file, and its number in there."""
        index = bisect_right(self.pieces, line, key=lambda piece: piece.line)
        if not index:
            return None, line
        piece = self.pieces[index - 1]
        return piece.origin, line - piece.line + 1

    def place_at(self, index: int) -> tuple[int, int]:
        """Line and column of the character at `index` of the source."""
        return line_and_column(self.line_starts, index)


def dotted(route: Route) -> str:
    """A route in words: `camera.zoom.bar 5`, with places in lists from 0."""
    return ".".join(quoted(key) for key in route)
