"""Formulas of the places of a picture: a number for each of its pixels, on each frame.

Convention:
    `x` and `y` go from 0 at the left and upper edge to 1 at the right and lower one, `depth` from 0
    for the nearest to 1 for the farthest. All else that a formula can hear has one value a frame.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from keyframes.expression import Expression, ExpressionError, Formula
from keyframes.source import Signals
from keyframes.syntax import column
from keyframes.timebase import Frames

Array = NDArray[np.float64]

PLACES = ("depth", "x", "y")
"""What a formula can say of a place."""


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """A formula of places as a function of the frame.

    Raises ExpressionError if the formula uses what is neither a place nor among the signals, or
    sums up over time what has a value at each place.
    """

    expression: Expression
    signals: Signals = field(repr=False)
    _heard: Mapping[str, Formula] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        for call in self.expression.calls.values():
            for node in ast.walk(call):
                if isinstance(node, ast.Name) and node.id in PLACES:
                    raise ExpressionError(
                        f'"{node.id}" has a value at each place of the picture, and what is called '
                        "here has one for each frame",
                        column(node),
                    )
        Formula(self.expression, {**self.signals, **dict.fromkeys(PLACES, _nowhere)})
        object.__setattr__(self, "_heard", self._formulas())

    @property
    def places(self) -> frozenset[str]:
        """Which of `PLACES` the formula uses."""
        return self.expression.names & frozenset(PLACES)

    def at(self, frame: float) -> tuple[tuple[str, float], ...]:
        """The names in the formula that move over the video, with their values at a frame."""
        return tuple((name, float(self._heard[name](frame))) for name in sorted(self._heard))

    def _formulas(self) -> dict[str, Formula]:
        """Each variable of the formula that is no place, as a formula of its own."""
        calls = self.expression.calls
        return {
            name: Formula(
                Expression.parse(ast.unparse(calls[name]) if name in calls else name), self.signals
            )
            for name in self.expression.names - frozenset(PLACES)
        }


def _nowhere(frame: Frames) -> Frames:
    return frame * 0.0


def field_values(text: str, values: Mapping[str, float], places: Mapping[str, Array]) -> Array:
    """The formula `text` at places, of their common shape; infinite or NaN where it has no value.

    Raises ExpressionError for a name that has no value.
    """
    value = Expression.parse(text).evaluate({**values, **places})
    shape = np.broadcast_shapes(*(np.shape(one) for one in places.values()))
    return np.broadcast_to(np.asarray(value, dtype=np.float64), shape)
