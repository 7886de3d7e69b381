"""Disco Diffusion's notation of a number over the denoising: `[12]*400+[4]*600`.

Lists of numbers, repeated and joined: a thousand values, one for each timestep from noise to
picture. Disco hands the text to Python's `eval`; here it is read by a grammar of its own,

    joined = repeated { "+" repeated }
    repeated = list [ "*" count ] | count "*" list
    list = "[" number { "," number } [ "," ] "]"

and blanks may stand anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from keyframes.mistakes import Located, NotationError, found
from pipeline.spec.step_schedule import StepSchedule

TIMESTEPS = 1000
EXAMPLE = '"[12]*400+[4]*600"'

_NUMBER = re.compile(r"\s*([-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)")
_COUNT = re.compile(r"\s*([0-9]{1,15})(?![0-9.eE])")
_SIGNS = {sign: re.compile(rf"\s*{re.escape(sign)}") for sign in "[]*+,"}
_END = re.compile(r"\s*\Z")


@dataclass(frozen=True, slots=True)
class Value:
    """One number of a step list."""

    number: float
    column: int
    """Characters of the text before the number."""


@dataclass(frozen=True, slots=True)
class Repeated:
    """A list and how often it is repeated."""

    values: tuple[Value, ...]
    count: int

    @property
    def length(self) -> int:
        """The number of values of the list with its repetitions."""
        return len(self.values) * self.count


def looks_like_step_list(text: str) -> bool:
    """Whether a text is meant as a step list; no formula has a bracket."""
    return "[" in text


def parse_step_list(text: str) -> tuple[Repeated, ...]:
    """The lists of a text, which hold `TIMESTEPS` values in all.

    Raises NotationError at the first character that cannot be read, or for another number of
    values. Nothing is repeated to find that out: a count may be as large as it likes.
    """
    reader = _Reader(text)
    lists = [reader.repeated()]
    while reader.takes("+"):
        lists.append(reader.repeated())
    reader.expect_end()
    total = sum(one.length for one in lists)
    if total != TIMESTEPS:
        message = f"these are {total} values; write {TIMESTEPS}, one for each timestep"
        raise NotationError([Located((), f"{message}, such as {EXAMPLE}")])
    return tuple(lists)


def to_schedule(lists: tuple[Repeated, ...]) -> StepSchedule:
    """The values by the progress of the denoising; the k-th of n holds from k / n on."""
    steps: list[tuple[float, float]] = []
    for timestep, number in enumerate(_numbers(lists)):
        if not steps or steps[-1][1] != number:
            steps.append((timestep / TIMESTEPS, number))
    return StepSchedule(tuple(steps))


def _numbers(lists: tuple[Repeated, ...]) -> Iterator[float]:
    for repeated in lists:
        for _ in range(repeated.count):
            yield from (value.number for value in repeated.values)


class _Reader:
    """A place in a text, which moves on as its tokens are taken."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._place = 0

    def repeated(self) -> Repeated:
        """A list, and a count on either side of it."""
        if (count := self._count()) is not None:
            self._expect("*")
            return Repeated(self._list(), count)
        values = self._list()
        if not self.takes("*"):
            return Repeated(values, 1)
        if (count := self._count()) is None:
            raise self._mistake("a whole number, how often the list is repeated")
        return Repeated(values, count)

    def takes(self, sign: str) -> bool:
        """Whether `sign` comes next; then it is taken."""
        return self._match(_SIGNS[sign]) is not None

    def expect_end(self) -> None:
        """Raises NotationError unless the whole text is taken."""
        if self._match(_END) is None:
            raise self._mistake('"+", "*" or the end')

    def _match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        match = pattern.match(self._text, self._place)
        if match is not None:
            self._place = match.end()
        return match

    def _list(self) -> tuple[Value, ...]:
        self._expect("[")
        values = [self._value()]
        while self.takes(","):
            if self.takes("]"):
                return tuple(values)
            values.append(self._value())
        self._expect("]", '"," or "]"')
        return tuple(values)

    def _value(self) -> Value:
        match = self._match(_NUMBER)
        if match is None:
            raise self._mistake("a number")
        return Value(float(match[1]), match.start(1))

    def _count(self) -> int | None:
        match = self._match(_COUNT)
        return None if match is None else int(match[1])

    def _expect(self, sign: str, expected: str = "") -> None:
        if not self.takes(sign):
            raise self._mistake(expected or f'"{sign}"')

    def _mistake(self, expected: str) -> NotationError:
        rest = self._text[self._place :].lstrip()
        what = found(rest[:20]) if rest else "the end"
        message = f"expected {expected}, found {what}; lists of numbers are written as {EXAMPLE}"
        return NotationError([Located((), message, len(self._text) - len(rest))])
