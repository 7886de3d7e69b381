"""Mistakes in plain data, each with its place in that data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from keyframes.characters import unseen_in
from keyframes.nearest import nearest
from keyframes.quoting import LONGEST_QUOTE, quoted

T = TypeVar("T")
V = TypeVar("V")

Route = tuple[str | int | float, ...]
"""The keys (and places in lists, from 0) that lead from a value to one inside it."""


MOST_MISTAKES = 200
"""Mistakes of one value behind which no more are looked for; fewer are ever listed."""


@dataclass(frozen=True, slots=True)
class Located:
    """One mistake: its place in the data, and its message."""

    path: Route
    """The mistake's place below the value that was read; empty for that value as a whole."""
    message: str
    column: int = 0
    """Characters before the mistake in the text at `path`; 0 for its beginning or all of it."""
    at_key: bool = False
    """The mistake is in the key that ends `path`, not in the value behind it."""


class NotationError(ValueError):
    """Every mistake of one value, in the order in which they were found."""

    def __init__(self, problems: Sequence[Located]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(_line(problem) for problem in self.problems))


def _line(problem: Located) -> str:
    place = ".".join(quoted(key) for key in problem.path)
    return f"{place}: {problem.message}" if place else problem.message


@dataclass(frozen=True, slots=True)
class Mistakes:
    """A list of mistakes that grows while a value is read, and the place that is being read.

    Reading goes on after a mistake, so that the author sees all of them at once.
    """

    path: Route = ()
    problems: list[Located] = field(default_factory=list)

    def at(self, *keys: str | int | float) -> Mistakes:
        """The list of mistakes, at the place `keys` below the present one."""
        return Mistakes((*self.path, *keys), self.problems)

    def add(self, message: str, *, column: int = 0, at_key: bool = False) -> None:
        """Notes a mistake at the place that is being read."""
        self.problems.append(Located(self.path, message, column, at_key))

    def attempt(self, read: Callable[[V], T], value: V) -> T | None:
        """`read(value)`, or None once the ValueError that it raises is noted.

        Behind MOST_MISTAKES nothing more is read: to look for what was meant takes its time.
        """
        if len(self.problems) > MOST_MISTAKES:
            return None
        try:
            return read(value)
        except NotationError as error:
            self.problems.extend(
                replace(problem, path=(*self.path, *problem.path)) for problem in error.problems
            )
            return None
        except ValueError as error:
            self.add(str(error))
            return None

    def check_keys(self, data: Mapping[str, object], allowed: Sequence[str]) -> None:
        """Notes every key of `data` that is not allowed."""
        for key in data:
            if key not in allowed and len(self.problems) <= MOST_MISTAKES:
                words = f"unknown key{nearest(str(key), allowed)}; allowed: {', '.join(allowed)}"
                self.at(key).add(words, at_key=True)

    def raise_any(self) -> None:
        """Raises NotationError if there are mistakes."""
        if self.problems:
            raise NotationError(self.problems)


def found(value: object) -> str:
    """What was written, in the words of a message: `"big"`, `12`, `true`, `a list`, `nothing`."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{quoted(value)}"{unseen_in(value[:LONGEST_QUOTE])}'
    if isinstance(value, int | float):
        return quoted(value)
    return "a mapping" if isinstance(value, Mapping) else "a list"
