"""The texts of a scene, one below the other, so that each line of them all has its own number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline.errors import Origin
from pipeline.files.lines import line_starts
from pipeline.scene.reading.document import BETWEEN, Document, Mark, Piece, Route
from pipeline.scene.reading.yaml_source import read_yaml


@dataclass(slots=True)
class Texts:
    """A growing list of texts; the first is the scene's own file, whose lines stay as they are."""

    listed: list[str] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    _lines: int = 0
    _characters: int = 0

    @property
    def source(self) -> str:
        """All texts."""
        return BETWEEN.join(self.listed)

    def read(self, text: str, file: Path | None = None) -> Document:
        """The document of the text of a file; None is the scene's own."""
        return self._add(text, read_yaml(text), file, "")

    def read_value(self, argument: str, name: str, start: int) -> Document:
        """The document of the value that begins at `start` of an `argument` called `name`."""
        blanks = " " * start
        return self._add(argument, read_yaml(f"{blanks}{argument[start:]}"), None, name)

    def _add(self, text: str, document: Document, file: Path | None, argument: str) -> Document:
        lines, characters = self._lines, self._characters
        if self.listed:
            origin = Origin(len(self.listed), text, file, argument)
            self.pieces.append(Piece(lines + 1, origin))
        self.listed.append(text)
        self._lines += len(line_starts(text + BETWEEN)) - 1
        self._characters += len(text) + len(BETWEEN)
        return _moved(document, lines, characters) if lines else document


def _moved(document: Document, lines: int, characters: int) -> Document:
    """A document whose text stands behind so many lines and characters of others."""
    problems = tuple(replace(one, line=one.line + lines) for one in document.problems)
    return replace(
        document,
        keys=_moved_marks(document.keys, lines, characters),
        values=_moved_marks(document.values, lines, characters),
        problems=problems,
    )


def _moved_marks(marks: Mapping[Route, Mark], lines: int, characters: int) -> Mapping[Route, Mark]:
    def later(index: int | None) -> int | None:
        return None if index is None else index + characters

    return {
        route: replace(
            mark,
            line=mark.line + lines,
            text_start=later(mark.text_start),
            plain_end=later(mark.plain_end),
        )
        for route, mark in marks.items()
    }
