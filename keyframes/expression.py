"""Formulas: numbers over time as one safe expression, such as `0.3 * sin(tau * beat / 8)`.

Conventions:
    A formula is computed on arrays, for all frames at once and in floating point: 1/0 is infinite
    and matters only if it reaches the result. Both branches of `a if c else b` are computed.
    `keyframes.functions` says what the functions do, `keyframes.syntax` what can be written,
    `keyframes.clock` and `keyframes.pulses` what every formula can hear.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import TypeGuard, overload

import numpy as np
from numpy.typing import NDArray

from keyframes.accumulate import Accumulated
from keyframes.clock import clock_signals
from keyframes.evaluation import check_constant_exponents, evaluate, variables_in
from keyframes.functions import OVER_TIME
from keyframes.hearing import check_known, lifted, signal_of
from keyframes.quoting import quoted
from keyframes.source import Signal, Signals
from keyframes.syntax import ExpressionError, column, dotted, parse
from keyframes.timebase import Frames
from keyframes.unheard import unknown

__all__ = ["Expression", "ExpressionError", "Formula", "Signal", "clock_signals"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Expression:
    """A formula whose grammar is checked; its variables get values when it is evaluated."""

    text: str
    tree: ast.expr = field(repr=False, compare=False)
    """What is computed: a call of anything but a function of numbers is a variable in it."""
    calls: Mapping[str, ast.expr] = field(repr=False, compare=False)
    """These calls, by the variable that has their value: `low(release=0.3)`, `drums.onset`."""

    @classmethod
    def parse(cls, text: str) -> Expression:
        """Reads a formula. Raises ExpressionError for what `keyframes.syntax.parse` refuses.

        An exponent without variables must lie within MAX_EXPONENT; others are checked when they
        are evaluated.
        """
        return _parsed(text)

    @property
    def names(self) -> frozenset[str]:
        """The variables, calls among them; constants and functions are none."""
        return frozenset(node.id for node in variables_in(self.tree))

    def check_names(self, known: Iterable[str]) -> None:
        """Raises ExpressionError at the first variable that is not in `known`."""
        names = frozenset(known)
        for node in sorted(variables_in(self.tree), key=column):
            if node.id not in names:
                raise ExpressionError(unknown(node.id, names), column(node))

    def evaluate(self, variables: Mapping[str, Frames]) -> Frames:
        """The value, of the variables' common shape; it is infinite or NaN where it has none.

        Raises ExpressionError for a variable without value and for an exponent beyond
        MAX_EXPONENT.
        """
        self.check_names(variables)
        value = evaluate(self.tree, variables)
        return value if value.ndim else float(value)


# The shots of a scene read its formulas again, each for itself.
@lru_cache(maxsize=1024)
def _parsed(text: str) -> Expression:
    tree, calls = lifted(parse(text))
    for part in (tree, *calls.values()):
        check_constant_exponents(part)
    return Expression(text, tree, calls)


@dataclass(frozen=True, slots=True, eq=False)
class Formula:
    """An expression as a curve: its variables are signals, functions of the frame.

    Each different call of a source is made into a signal once. Raises ExpressionError if the
    expression uses what is not among the signals, or tells a source what it does not take.
    """

    expression: Expression
    signals: Signals = field(repr=False)
    _heard: Mapping[str, Signal] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_heard", _heard(self.expression, self.signals))

    @overload
    def __call__(self, frame: float) -> float: ...
    @overload
    def __call__(self, frame: Array) -> Array: ...
    def __call__(self, frame: Frames) -> Frames:
        """The value at a position in frames, or an array of values at an array of positions.

        Raises ExpressionError if a value is not finite.
        """
        at = np.asarray(frame, dtype=np.float64)
        values = _course(self.expression.tree, self._heard, at)
        lost = np.flatnonzero(~np.isfinite(values))
        if lost.size:
            first = lost[0]
            raise ExpressionError(
                f'"{quoted(self.expression.text)}" is not a finite number at frame '
                f"{at.reshape(-1)[first]:.10g} (value {values.reshape(-1)[first]})",
                1,
            )
        return values if at.ndim else float(values)


def heard_at(formula: Formula, frame: float) -> dict[str, float]:
    """The names in a formula that move, calls among them, with their values at a position.

    Of a sum over time it is the sum, and what is summed up as well. The names are in the order of
    the alphabet.
    """
    return {name: float(signal(frame)) for name, signal in sorted(formula._heard.items())}


def _course(tree: ast.expr, heard: Mapping[str, Signal], at: Array) -> Array:
    """The values of a tree at positions, of their shape, in an array of its own."""
    variables = {name: heard[name](at) for name in {node.id for node in variables_in(tree)}}
    return np.broadcast_to(evaluate(tree, variables), at.shape).copy()


def _heard(expression: Expression, signals: Signals) -> Mapping[str, Signal]:
    """The signal of each variable of an expression, and of those inside what is accumulated."""
    sums = {name: call for name, call in expression.calls.items() if _is_sum(call)}
    used = {
        node.id: expression.calls.get(node.id, node)
        for tree in (expression.tree, *(_summand(call) for call in sums.values()))
        for node in variables_in(tree)
        if node.id not in sums
    }
    for node in sorted(used.values(), key=column):
        check_known(node, signals)
    heard = {name: signal_of(node, signals) for name, node in used.items()}
    for name, call in sums.items():
        # An inner sum comes before the one around it, and is heard when that one is computed.
        time = signal_of(ast.copy_location(ast.Name("t"), call), signals)
        step = float(time(1.0) - time(0.0))
        heard[name] = Accumulated(partial(_course, _summand(call), heard), step)
    return heard


def _is_sum(call: ast.expr) -> TypeGuard[ast.Call]:
    return isinstance(call, ast.Call) and dotted(call.func) in OVER_TIME


def _summand(call: ast.Call) -> ast.expr:
    return call.args[0]
