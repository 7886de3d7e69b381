"""Deforum's formulas, `0.65+0.1*sin(2*3.14*t/120)`: what they are at each frame, and in our words.

Convention:
    `t` is the frame, `max_f` the last frame, `s` the seed. The grammar is numexpr's, which is
    Python's: `/` divides truly, `%` has the sign of its left side (as C's fmod), comparisons are 0
    or 1, and `& | ~` join them. `min(x)` and `max(x)` of one value are that value.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

LONGEST, DEEPEST = 2000, 50
"""Characters of a formula, and operations inside each other."""

_BINARY: Mapping[type[ast.operator], Callable[..., Array]] = {
    **{ast.Add: np.add, ast.Sub: np.subtract, ast.Mult: np.multiply, ast.Div: np.divide},
    **{ast.FloorDiv: np.floor_divide, ast.Mod: np.fmod, ast.Pow: np.power},
}
_BITS: Mapping[type[ast.operator], Callable[..., NDArray[np.int64]]] = {
    **{ast.BitAnd: np.bitwise_and, ast.BitOr: np.bitwise_or, ast.BitXor: np.bitwise_xor},
    **{ast.LShift: np.left_shift, ast.RShift: np.right_shift},
}
_COMPARE: Mapping[type[ast.cmpop], Callable[..., NDArray[np.bool_]]] = {
    **{ast.Lt: np.less, ast.LtE: np.less_equal, ast.Gt: np.greater},
    **{ast.GtE: np.greater_equal, ast.Eq: np.equal, ast.NotEq: np.not_equal},
}


def _where(test: Array, yes: Array, no: Array) -> Array:
    return np.asarray(np.where(test != 0, yes, no), dtype=np.float64)


_ONE = "sin cos tan arcsin arccos arctan sinh cosh tanh arcsinh arccosh arctanh log log10 log1p exp"
_FUNCTIONS: Mapping[str, tuple[int, Callable[..., Array]]] = {
    **{name: (1, getattr(np, name)) for name in f"{_ONE} expm1 sqrt floor ceil sign".split()},
    **{"abs": (1, np.abs), "round": (1, np.rint), "min": (1, np.array), "max": (1, np.array)},
    **{"arctan2": (2, np.arctan2), "fmod": (2, np.fmod)},
    "where": (3, _where),
}
CONSTANTS = {"pi": np.pi, "e": np.e}
"""Names that people write, though numexpr has none of them."""


@dataclass(frozen=True, slots=True)
class Numexpr:
    """A formula of Deforum's whose grammar is checked."""

    text: str
    tree: ast.expr

    @classmethod
    def parse(cls, text: str) -> Numexpr:
        """Reads a formula; ValueError says what in it cannot be read."""
        if len(text) > LONGEST:
            raise ValueError(f"a formula of {len(text)} characters")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                tree = ast.parse(" ".join(text.split()), mode="eval").body
        except (SyntaxError, ValueError, MemoryError, RecursionError):
            raise ValueError("no formula that can be read") from None
        _check(tree, 1)
        return cls(text, tree)

    @property
    def varies(self) -> bool:
        """Whether the value depends on the frame."""
        return any(isinstance(node, ast.Name) and node.id == "t" for node in ast.walk(self.tree))

    def values(self, frames: Array, last: float, seed: float) -> Array:
        """The value at each of `frames`; NaN or infinite where there is none."""
        names = {"t": frames, "max_f": np.array(last), "s": np.array(seed)}
        return np.broadcast_to(value_of(self.tree, names), frames.shape).astype(np.float64)


def value_of(tree: ast.expr, names: Mapping[str, Array]) -> Array:
    """The value of a checked tree, with values for `t`, `max_f` and `s`."""
    with np.errstate(all="ignore"):
        return np.asarray(_value(tree, names), dtype=np.float64)


def _check(node: ast.expr, depth: int) -> None:
    """Raises ValueError for what numexpr does not know."""
    if depth > DEEPEST:
        raise ValueError("a formula that is nested too deep")
    for part in _parts(node):
        _check(part, depth + 1)


def _parts(node: ast.expr) -> list[ast.expr]:
    match node:
        case ast.Constant(value=bool() | int() | float() as number):
            _finite(number)
            return []
        case ast.Name(id=name) if name in ("t", "max_f", "s", *CONSTANTS):
            return []
        case ast.Name(id=name):
            raise ValueError(f"a formula with the unknown name {name}")
        case ast.BinOp(left=left, right=right, op=op) if type(op) in (*_BINARY, *_BITS):
            return [left, right]
        case ast.UnaryOp(operand=operand):
            return [operand]
        case ast.Compare(left=left, ops=ops, comparators=others) if all(
            type(op) in _COMPARE for op in ops
        ):
            return [left, *others]
        case ast.BoolOp(values=values):
            return values
        case ast.IfExp(test=test, body=body, orelse=other):
            return [test, body, other]
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in _FUNCTIONS:
            return _counted(name, arguments)
        case ast.Call(func=ast.Name(id=name)):
            raise ValueError(f"a formula with the unknown function {name}")
    raise ValueError("no formula that can be read")


def _counted(name: str, arguments: list[ast.expr]) -> list[ast.expr]:
    count, _ = _FUNCTIONS[name]
    if len(arguments) != count and not (name in ("min", "max") and arguments):
        raise ValueError(f"{name} with {len(arguments)} values")
    return arguments


def _finite(number: float) -> None:
    try:
        float(number)
    except OverflowError:
        raise ValueError("a number that is too large") from None


def _value(node: ast.expr, names: Mapping[str, Array]) -> Array:
    match node:
        case ast.Constant(value=number):
            return np.array(float(number))  # type: ignore[arg-type]
        case ast.Name(id=name):
            return np.array(CONSTANTS[name]) if name in CONSTANTS else names[name]
        case ast.BinOp(left=left, op=op, right=right):
            pair = _value(left, names), _value(right, names)
            return _BINARY[type(op)](*pair) if type(op) in _BINARY else _bits(type(op), *pair)
        case ast.UnaryOp(op=unary, operand=operand):
            return _unary(unary, _value(operand, names))
        case ast.Compare(left=left, ops=ops, comparators=others):
            values = [_value(part, names) for part in (left, *others)]
            held = [
                _COMPARE[type(op)](a, b) for op, a, b in zip(ops, values, values[1:], strict=False)
            ]
            return np.asarray(np.all(np.broadcast_arrays(*held), axis=0), dtype=np.float64)
        case ast.BoolOp(op=joint, values=parts):
            tests = np.broadcast_arrays(*(_value(part, names) != 0 for part in parts))
            joined = np.all(tests, axis=0) if isinstance(joint, ast.And) else np.any(tests, axis=0)
            return np.asarray(joined, dtype=np.float64)
        case ast.IfExp(test=test, body=body, orelse=other):
            chosen = _value(test, names) != 0
            return np.where(chosen, _value(body, names), _value(other, names))
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return _called(name, [_value(part, names) for part in arguments])
    raise AssertionError("this has passed the grammar unchecked")


def _called(name: str, values: list[Array]) -> Array:
    if name in ("min", "max") and len(values) > 1:
        pick = np.minimum if name == "min" else np.maximum
        least = values[0]
        for value in values[1:]:
            least = pick(least, value)
        return least
    return _FUNCTIONS[name][1](*values)


def _unary(operator: ast.unaryop, value: Array) -> Array:
    if isinstance(operator, ast.USub):
        return -value
    # `~` of a comparison is "not"; numexpr refuses it for other numbers.
    return value if isinstance(operator, ast.UAdd) else np.asarray(value == 0, dtype=np.float64)


def _bits(operator: type[ast.operator], left: Array, right: Array) -> Array:
    bound = float(2**40)
    whole = [np.nan_to_num(np.clip(one, -bound, bound)).astype(np.int64) for one in (left, right)]
    if operator in (ast.LShift, ast.RShift):
        whole[1] = np.clip(whole[1], 0, 20)
    return np.asarray(_BITS[operator](*whole), dtype=np.float64)
