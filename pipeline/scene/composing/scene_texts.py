"""The text of a file of settings, read with a bound on its size."""

from __future__ import annotations

from pathlib import Path

MAX_BYTES = 2_000_000
"""The most bytes of a scene, with all that it includes; reading as much takes some ten seconds."""


class TooLarge(Exception):
    """A file has more bytes than are left for it."""


class NoText(Exception):
    """A file is not UTF-8 text."""

    def __init__(self, line: int, column: int) -> None:
        super().__init__(line, column)
        self.line = line
        self.column = column
        """Line and column of the byte that is none, from 1."""


def text_of(path: Path, most: int) -> tuple[str, int]:
    """The text of a file, its ends of lines as `\\n`, and its size, of `most` bytes.

    Raises:
        TooLarge: there are more.
        NoText: it is not UTF-8.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise TooLarge
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise NoText(line, error.start - content.rfind(b"\n", 0, error.start)) from error
    return text.replace("\r\n", "\n"), len(content)
