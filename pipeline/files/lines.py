"""The lines of a text, as YAML counts them: editors and messages speak of the same ones."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")


def lines_of(text: str) -> list[str]:
    """The lines of a text, without their ends."""
    return _END.split(text)


def line_starts(text: str) -> tuple[int, ...]:
    """Index into the text at which each line begins."""
    return (0, *(end.end() for end in _END.finditer(text)))


def line_and_column(starts: Sequence[int], index: int) -> tuple[int, int]:
    """Line and column, from 1, of the character at `index` of a text whose lines start there."""
    line = bisect_right(starts, index)
    return line, index - starts[line - 1] + 1
