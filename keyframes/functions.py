"""The functions, constants and operators that a formula may use, all on arrays.

Conventions:
    Angles are radians. Truth is 1 and falsehood 0, and every number but 0 is true. The waves
    `saw`, `triangle` and `square` have period 1 and range -1 to 1: at 0, `saw` starts to climb
    from -1 and falls back at 1, `triangle` climbs from -1 to reach 1 halfway, `square` is 1 for
    the first half of the period and -1 for the second. `round` takes halves to the even number.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from math import e, pi, tau
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from keyframes.noise import noise

Array = NDArray[np.float64]

CONSTANTS: Mapping[str, float] = MappingProxyType({"pi": pi, "tau": tau, "e": e})


@dataclass(frozen=True, slots=True)
class Function:
    """A function of a formula and how it is called."""

    apply: Callable[..., Array]
    parameters: tuple[str, ...]
    takes_more: bool = False
    """Whether the last parameter can be repeated, as in `min(a, b, c)`."""

    def accepts(self, count: int) -> bool:
        """Whether the function takes `count` arguments."""
        least = len(self.parameters)
        return count >= least if self.takes_more else count == least


def _fract(x: Array) -> Array:
    return x - np.floor(x)


def _least(*values: Array) -> Array:
    return reduce(np.minimum, values)


def _greatest(*values: Array) -> Array:
    return reduce(np.maximum, values)


def _clamp(x: Array, low: Array, high: Array) -> Array:
    return np.minimum(np.maximum(x, low), high)


def _mix(a: Array, b: Array, x: Array) -> Array:
    return a + (b - a) * x


def _step(edge: Array, x: Array) -> Array:
    return truth(x >= edge)


def _smoothstep(low: Array, high: Array, x: Array) -> Array:
    u = np.clip((x - low) / (high - low), 0.0, 1.0)
    return u * u * (3 - 2 * u)


def _saw(x: Array) -> Array:
    return 2 * _fract(x) - 1


def _triangle(x: Array) -> Array:
    return 1 - 2 * np.abs(_saw(x))


def _square(x: Array) -> Array:
    return np.where(_fract(x) < 0.5, 1.0, -1.0)


def truth(condition: NDArray[np.bool_]) -> Array:
    """1 where the condition holds and 0 elsewhere."""
    return np.asarray(condition, dtype=np.float64)


def _running_sum(values: Array, before: float = 0.0) -> Array:
    """The trapezoids under `(n,)` values that are 1 apart, added up from `before`, `(n,)`."""
    return np.cumsum(np.concatenate(([before], (values[1:] + values[:-1]) / 2)))


def _table() -> dict[str, Function]:
    one_value: dict[str, Callable[..., Array]] = {
        **{name: getattr(np, name) for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh")},
        **{"asin": np.arcsin, "acos": np.arccos, "atan": np.arctan},
        **{name: getattr(np, name) for name in ("sqrt", "exp", "log", "log2", "abs", "sign")},
        **{"floor": np.floor, "ceil": np.ceil, "round": np.rint, "fract": _fract},
        **{"saw": _saw, "triangle": _triangle, "square": _square, "noise": noise},
    }
    return {
        **{name: Function(apply, ("x",)) for name, apply in one_value.items()},
        "atan2": Function(np.arctan2, ("y", "x")),
        "min": Function(_least, ("a", "b"), takes_more=True),
        "max": Function(_greatest, ("a", "b"), takes_more=True),
        "clamp": Function(_clamp, ("x", "low", "high")),
        "mix": Function(_mix, ("a", "b", "x")),
        "step": Function(_step, ("edge", "x")),
        "smoothstep": Function(_smoothstep, ("low", "high", "x")),
    }


FUNCTIONS: Mapping[str, Function] = MappingProxyType(_table())

ACCUMULATE = "accumulate"
OVER_TIME: Mapping[str, Function] = MappingProxyType({ACCUMULATE: Function(_running_sum, ("x",))})
"""Functions of a course over time: they apply to the values on frames that follow each other."""

Binary = Callable[[Array, Array], Array]

ARITHMETIC: Mapping[type[ast.operator], Binary] = MappingProxyType(
    {
        ast.Add: np.add,
        ast.Sub: np.subtract,
        ast.Mult: np.multiply,
        ast.Div: np.divide,
        ast.FloorDiv: np.floor_divide,
        ast.Mod: np.mod,
        ast.Pow: np.power,
    }
)

COMPARISONS: Mapping[type[ast.cmpop], Callable[[Array, Array], NDArray[np.bool_]]] = (
    MappingProxyType(
        {
            ast.Lt: np.less,
            ast.LtE: np.less_equal,
            ast.Gt: np.greater,
            ast.GtE: np.greater_equal,
            ast.Eq: np.equal,
            ast.NotEq: np.not_equal,
        }
    )
)

UNARY: Mapping[type[ast.unaryop], Callable[[Array], Array]] = MappingProxyType(
    {
        ast.UAdd: np.positive,
        ast.USub: np.negative,
        ast.Not: lambda x: truth(x == 0),
    }
)
