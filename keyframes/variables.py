"""Numbers over time that an author gives names, for formulas to use, and for each other.

Convention:
    A variable is written as every number that moves. Its name is none that formulas know already,
    and what a variable is made from leads back to it on no way.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from keyword import iskeyword

import numpy as np
from numpy.typing import NDArray

from keyframes.curve import Curve
from keyframes.disco_series import looks_like_series
from keyframes.expression import Expression, ExpressionError, Formula
from keyframes.field import PLACES
from keyframes.functions import CONSTANTS, FUNCTIONS, OVER_TIME
from keyframes.mistakes import Located, Mistakes, NotationError, found
from keyframes.notation import read_curve
from keyframes.source import UNITS, Signal, Signals
from keyframes.syntax import column
from keyframes.timebase import Frames, Timebase
from keyframes.unheard import NOTES, SOUND_NAMES, TEMPO_NAMES

Array = NDArray[np.float64]
Number = Curve | Formula
"""A number over the video: frames in, values out."""

MOST = 100
"""Variables of one scene."""
DEEPEST = 20
"""Variables of which each is made from the one before."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,59}")
_EXAMPLE = "{push: {0s: 1, 4s: 3}}"
_KNOWN = {*CONSTANTS, *FUNCTIONS, *OVER_TIME, *UNITS, *PLACES, *TEMPO_NAMES, *SOUND_NAMES, NOTES}
"""Names that have a meaning in some formula of some scene."""


class Variable:
    """A signal that is a named number, and keeps the values that it was asked for last.

    Several formulas ask for the same frames, one after the other; arrays of frames that are handed
    over are not changed afterwards.
    """

    def __init__(self, name: str, number: Number) -> None:
        self._name = name
        self._number = number
        self._at: Array | None = None
        self._values: Array = np.empty(0)

    def __call__(self, frame: Frames) -> Frames:
        """The values at positions in frames. Raises ExpressionError where there are none."""
        at = np.asarray(frame, dtype=np.float64)
        if self._at is None or not (at is self._at or np.array_equal(at, self._at)):
            try:
                values = self._number(at)
            except ExpressionError as error:
                raise ExpressionError(f"vars.{self._name}: {error}", 1) from error
            self._at, self._values = at, np.asarray(values, dtype=np.float64)
        return self._values if at.ndim else float(self._values)


def read_variables(
    data: object, timebase: Timebase, signals: Signals, frames: Array, mistakes: Mistakes
) -> Mapping[str, Number | None]:
    """The number of each name in `data`, or None where it is mistaken, which is noted.

    Every value is finite at `frames`, which are positions in frames. What is made from a mistaken
    variable is read, but its values are not looked at.
    """
    names = _names(data, signals, mistakes)
    uses = {name: _uses(written, names) for name, written in names.items()}
    order = _Order(uses)
    for circle in order.circles:
        text, start = _in_words(circle, uses)
        mistakes.at(circle[0]).add(text, column=start)
    return _read(names, order, timebase, signals, frames, mistakes)


def with_variables(signals: Signals, numbers: Mapping[str, Number | None]) -> Signals:
    """What formulas hear where there are variables; those that are None are silent."""
    return {**signals, **{name: _signal(name, number) for name, number in numbers.items()}}


def _names(data: object, signals: Signals, mistakes: Mistakes) -> Mapping[str, object]:
    """What is written of each variable; a name that cannot be one is noted and left out."""
    if not isinstance(data, Mapping):
        mistakes.add(
            f"expected names and numbers that move, such as {_EXAMPLE}; found {found(data)}"
        )
        return {}
    if len(data) > MOST:
        mistakes.add(f"found {len(data)} variables; allowed: {MOST}")
        return {}
    known = _KNOWN | {name.partition(".")[0] for name in signals}
    names: dict[str, object] = {}
    for name, written in data.items():
        here = mistakes.at(name)
        if not isinstance(name, str) or not _NAME.fullmatch(name) or iskeyword(name):
            form = "a variable is named by letters, digits and _"
            here.add(f"{form}, as in {_EXAMPLE}; found {found(name)}", at_key=True)
        elif name in known:
            here.add(f"{name} is what formulas know already; choose another name", at_key=True)
        else:
            names[name] = written
    return names


def _uses(written: object, names: Mapping[str, object]) -> Mapping[str, int]:
    """Which variables a formula uses, and the column, from 0, where each stands first."""
    if not isinstance(written, str) or looks_like_series(written):
        return {}
    try:
        expression = Expression.parse(written)
    except ExpressionError:
        return {}
    trees = (expression.tree, *expression.calls.values())
    nodes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Name)]
    places: dict[str, int] = {}
    for node in sorted(nodes, key=column):
        if node.id in names:
            places.setdefault(node.id, column(node) - 1)
    return places


@dataclass(slots=True)
class _Order:
    """The variables so that each comes behind those that it uses, and the circles that hinder."""

    uses: Mapping[str, Mapping[str, int]]
    depths: dict[str, int] = field(default_factory=dict)
    """How many variables lie below each, in the order in which they can be read."""
    circles: list[tuple[str, ...]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for name in self.uses:
            self._visit(name, ())

    def _visit(self, name: str, way: tuple[str, ...]) -> None:
        if name in self.depths:
            return
        if name in way:
            circle = way[way.index(name) :]
            if not any(set(circle) & set(other) for other in self.circles):
                self.circles.append(circle)
            return
        for other in self.uses[name]:
            self._visit(other, (*way, name))
        self.depths[name] = 1 + max((self.depths.get(one, 0) for one in self.uses[name]), default=0)

    @property
    def in_circles(self) -> set[str]:
        return {name for circle in self.circles for name in circle}


def _in_words(circle: tuple[str, ...], uses: Mapping[str, Mapping[str, int]]) -> tuple[str, int]:
    """The message about a circle, and the column at which it begins."""
    start = uses[circle[0]][circle[1 % len(circle)]]
    if len(circle) == 1:
        return f"{circle[0]} is made from itself; name what it is made from otherwise", start
    chain = " -> ".join((*circle, circle[0]))
    return f"these are made from each other in a circle: {chain}; take one out of it", start


def _read(
    names: Mapping[str, object],
    order: _Order,
    timebase: Timebase,
    signals: Signals,
    frames: Array,
    mistakes: Mistakes,
) -> Mapping[str, Number | None]:
    numbers: dict[str, Number | None] = dict.fromkeys(names)
    unsure: set[str] = set()
    hearing = dict(with_variables(signals, numbers))
    for name, depth in order.depths.items():
        here = mistakes.at(name)
        if depth > DEEPEST:
            here.add(f"this is made from more than {DEEPEST} variables in a row; take it apart")
        elif name not in order.in_circles:
            numbers[name] = here.attempt(
                lambda written: read_curve(written, timebase, hearing), names[name]
            )
        number = numbers[name]
        hearing[name] = _signal(name, number)
        if number is None or unsure & order.uses[name].keys():
            unsure.add(name)
        elif here.attempt(lambda one: _values(one, frames), number) is None:
            unsure.add(name)
            numbers[name], hearing[name] = None, _silence
    return numbers


def _values(number: Number, frames: Array) -> Array:
    try:
        return np.asarray(number(frames), dtype=np.float64)
    except ExpressionError as error:
        raise NotationError([Located((), str(error), error.column - 1)]) from None


def _signal(name: str, number: Number | None) -> Signal:
    return _silence if number is None else Variable(name, number)


def _silence(frame: Frames) -> Frames:
    return frame * 0.0
