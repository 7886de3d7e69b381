"""Mistakes in plain data, each with its place in that data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Route = tuple[str | int | float, ...]
"""The keys (and places in lists, from 0) that lead from a value to one inside it."""

LONGEST_QUOTE = 60


@dataclass(frozen=True, slots=True)
class Located:
    """One mistake."""

    path: Route
    """Relative to the value that was read; empty for that value as a whole."""
    message: str
    column: int = 0
    """Characters before the mistake in the text at `path`; 0 for its beginning or all of it."""
    at_key: bool = False
    """The mistake is in the key that ends `path`, not in the value behind it."""


class NotationError(ValueError):
    """Every mistake of one value, in the order in which it was written."""

    def __init__(self, problems: Sequence[Located]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(_line(problem) for problem in self.problems))


def _line(problem: Located) -> str:
    place = ".".join(str(key) for key in problem.path)
    return f"{place}: {problem.message}" if place else problem.message


def found(value: object) -> str:
    """What was written, in the words of a message: `"big"`, `12`, `true`, `a list`, `nothing`."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{value}"' if len(value) <= LONGEST_QUOTE else f'"{value[: LONGEST_QUOTE - 1]}…"'
    if isinstance(value, Mapping):
        return "a mapping"
    return str(value) if isinstance(value, int | float) else "a list"
