"""Formulas: numbers over time as one safe expression, such as `0.3 * sin(tau * beat / 8)`.

Conventions:
    A formula is computed on arrays, for all frames at once and in floating point: 1/0 is infinite
    and matters only if it reaches the result. Both branches of `a if c else b` are computed.
    `keyframes.functions` says what the functions do, `keyframes.syntax` what can be written.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from itertools import pairwise
from types import MappingProxyType
from typing import overload

import numpy as np
from numpy.typing import NDArray

from keyframes.functions import ARITHMETIC, COMPARISONS, CONSTANTS, FUNCTIONS, UNARY, truth
from keyframes.nearest import nearest
from keyframes.quoting import quoted
from keyframes.syntax import ExpressionError, column, parse
from keyframes.timebase import NEEDS_TEMPO, Frames, Timebase

__all__ = ["Expression", "ExpressionError", "Formula", "Signal", "clock_signals"]

Array = NDArray[np.float64]
Signal = Callable[[Frames], Frames]
"""A variable of a formula: its values at positions in frames."""

MAX_EXPONENT = 64
"""The largest exponent that a power may have, of either sign."""

MUSICAL = ("beat", "bar")
"""The signals that are there only with a tempo."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A formula whose grammar is checked; its variables get values when it is evaluated."""

    text: str
    tree: ast.expr = field(repr=False, compare=False)

    @classmethod
    def parse(cls, text: str) -> Expression:
        """Reads a formula. Raises ExpressionError for what `keyframes.syntax.parse` refuses.

        An exponent without variables must lie within MAX_EXPONENT; others are checked when they
        are evaluated.
        """
        tree = parse(text)
        for node in ast.walk(tree):
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
                exponent = node.right
                if not _names(exponent):
                    _check_exponent(_evaluate(exponent, {}), exponent)
        return cls(text, tree)

    @property
    def names(self) -> frozenset[str]:
        """The variables; constants and functions are none."""
        return frozenset(node.id for node in _names(self.tree))

    def check_names(self, known: Iterable[str]) -> None:
        """Raises ExpressionError at the first variable that is not in `known`."""
        names = sorted(known)
        for node in sorted(_names(self.tree), key=column):
            if node.id not in names:
                raise ExpressionError(_unknown(node.id, names), column(node))

    def evaluate(self, variables: Mapping[str, Frames]) -> Frames:
        """The value, of the variables' common shape; it is infinite or NaN where it has none.

        Raises ExpressionError for a variable without value and for an exponent beyond
        MAX_EXPONENT.
        """
        self.check_names(variables)
        value = _evaluate(self.tree, variables)
        return value if value.ndim else float(value)


@dataclass(frozen=True, slots=True, eq=False)
class Formula:
    """An expression as a curve: its variables are signals, functions of the frame.

    Raises ExpressionError if the expression uses a variable that is no signal.
    """

    expression: Expression
    signals: Mapping[str, Signal] = field(repr=False)

    def __post_init__(self) -> None:
        self.expression.check_names(self.signals)

    @overload
    def __call__(self, frame: float) -> float: ...
    @overload
    def __call__(self, frame: Array) -> Array: ...
    def __call__(self, frame: Frames) -> Frames:
        """The value at a position in frames, or an array of values at an array of positions.

        Raises ExpressionError if a value is not finite.
        """
        at = np.asarray(frame, dtype=np.float64)
        variables = {name: self.signals[name](at) for name in self.expression.names}
        values = np.broadcast_to(self.expression.evaluate(variables), at.shape).copy()
        lost = np.flatnonzero(~np.isfinite(values))
        if lost.size:
            first = lost[0]
            raise ExpressionError(
                f'"{quoted(self.expression.text)}" is not a finite number at frame '
                f"{at.reshape(-1)[first]:.10g} (value {values.reshape(-1)[first]})",
                1,
            )
        return values if at.ndim else float(values)


def clock_signals(timebase: Timebase, frame_count: int) -> Mapping[str, Signal]:
    """What every formula can use: the time of a video of `frame_count` frames.

    `t` seconds, `frame`, `frames` (their number), `fps`, `duration` in seconds, `progress` from 0
    at the first frame to 1 at the last; with a tempo also `beat` and `bar`, which are 0 at the
    first beat and have fractions.
    """
    last = max(frame_count - 1, 1)
    signals: dict[str, Signal] = {
        "t": timebase.seconds,
        "frame": lambda frame: frame,
        "progress": lambda frame: frame / last,
        "frames": _steady(frame_count),
        "fps": _steady(float(timebase.fps)),
        "duration": _steady(frame_count / float(timebase.fps)),
    }
    if timebase.tempo is not None:
        signals.update(zip(MUSICAL, (timebase.beats, timebase.bars), strict=True))
    return MappingProxyType(signals)


def _steady(value: float) -> Signal:
    return lambda frame: np.full(np.shape(frame), float(value)) if np.ndim(frame) else float(value)


def _unknown(name: str, known: list[str]) -> str:
    if name in MUSICAL:
        return f'"{name}" {NEEDS_TEMPO}'
    hint = nearest(name, [*known, *CONSTANTS, *FUNCTIONS])
    return (
        f'unknown name "{quoted(name)}"{hint}; a formula can use {", ".join([*known, *CONSTANTS])}'
    )


def _names(tree: ast.expr) -> list[ast.Name]:
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and node.id not in CONSTANTS and node.id not in FUNCTIONS
    ]


def _evaluate(tree: ast.expr, variables: Mapping[str, Frames]) -> Array:
    with np.errstate(all="ignore"):
        return np.asarray(_value(tree, variables), dtype=np.float64)


def _value(node: ast.expr, variables: Mapping[str, Frames]) -> Array:
    """The value of a node that `parse` let through, by its kind."""
    match node:
        case ast.Constant(value=int() | float() as number):
            return np.asarray(number, dtype=np.float64)
        case ast.Name(id=name):
            value = CONSTANTS[name] if name in CONSTANTS else variables[name]
            return np.asarray(value, dtype=np.float64)
        case ast.UnaryOp(op=operator, operand=operand):
            return UNARY[type(operator)](_value(operand, variables))
        case ast.BinOp(left=left, op=operation, right=right):
            operands = _value(left, variables), _value(right, variables)
            if isinstance(operation, ast.Pow):
                _check_exponent(operands[1], right)
            return ARITHMETIC[type(operation)](*operands)
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return FUNCTIONS[name].apply(*(_value(part, variables) for part in arguments))
        case ast.IfExp(test=test, body=body, orelse=other):
            is_true = _value(test, variables) != 0
            return np.where(is_true, _value(body, variables), _value(other, variables))
        case ast.BoolOp(op=connective, values=values):
            tests = [_value(part, variables) != 0 for part in values]
            combine = np.logical_and if isinstance(connective, ast.And) else np.logical_or
            return truth(reduce(combine, tests))
        case ast.Compare(left=left, ops=operators, comparators=others):
            return _compared([_value(part, variables) for part in (left, *others)], operators)
    raise AssertionError(f"{type(node).__name__} has passed the grammar unchecked")


def _compared(values: list[Array], operators: list[ast.cmpop]) -> Array:
    """1 where every comparison of a chain such as `a < b <= c` holds, else 0."""
    holds = [
        COMPARISONS[type(operator)](*pair)
        for operator, pair in zip(operators, pairwise(values), strict=True)
    ]
    return truth(reduce(np.logical_and, holds))


def _check_exponent(exponent: Array, node: ast.expr) -> None:
    beyond = exponent[~(np.abs(exponent) <= MAX_EXPONENT)]
    if beyond.size:
        raise ExpressionError(
            f"an exponent lies from -{MAX_EXPONENT} to {MAX_EXPONENT}; found {beyond[0]:g}",
            column(node),
        )
