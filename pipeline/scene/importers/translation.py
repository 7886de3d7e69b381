"""Deforum's formulas in the words of a scene: `t` is `frame`, `where(c, a, b)` is `a if c else b`.

What has no counterpart, such as `<<`, gives None: the caller then writes the values themselves.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.scene.importers.numexpr import Array, Numexpr, value_of

_SAME = frozenset(
    [
        "sin",
        "cos",
        "tan",
        "sinh",
        "cosh",
        "tanh",
        "log",
        "exp",
        "sqrt",
        "abs",
        "floor",
        "ceil",
        "round",
        "sign",
    ]
)
_WRITTEN = {
    **{"arcsin": "asin(a)", "arccos": "acos(a)", "arctan": "atan(a)", "arctan2": "atan2(a, b)"},
    **{"arcsinh": "log(a + sqrt(a ** 2 + 1))", "arccosh": "log(a + sqrt(a ** 2 - 1))"},
    **{"arctanh": "0.5 * log((1 + a) / (1 - a))", "log10": "log(a) / log(10)"},
    **{"log1p": "log(1 + a)", "expm1": "exp(a) - 1", "where": "b if a else c"},
    "fmod": "sign(a) * (abs(a) % abs(b))",
}
"""Functions that a scene has under another name, or that are made of others."""


class _Untranslatable(Exception):
    """A part of a formula that has no counterpart."""


@dataclass(frozen=True, slots=True)
class Course:
    """The frames of a video, and the seed: what the names of a formula mean."""

    frames: Array
    seed: float

    @property
    def last(self) -> float:
        """The last frame, Deforum's `max_f`."""
        return float(len(self.frames) - 1)

    @property
    def names(self) -> Mapping[str, Array]:
        """The values of all names, over the frames."""
        return {"t": self.frames, "max_f": np.array(self.last), "s": np.array(self.seed)}


def in_our_words(formula: Numexpr, course: Course) -> str | None:
    """The formula as a scene writes it; None where it has no counterpart."""
    try:
        return ast.unparse(ast.fix_missing_locations(_ours(formula.tree, course)))
    except (_Untranslatable, RecursionError):
        return None


def _ours(node: ast.expr, course: Course) -> ast.expr:
    match node:
        case ast.Constant(value=bool() as truth):
            return ast.Constant(int(truth))
        case ast.Constant():
            return ast.Constant(node.value)
        case ast.Name(id=name):
            return _named(name, course)
        case ast.BinOp(left=left, op=ast.Mod(), right=right):
            return _remainder(left, right, course)
        case ast.BinOp(left=left, op=op, right=right):
            return _joined(op, left, right, course)
        case ast.UnaryOp(op=op, operand=operand):
            inner = _ours(operand, course)
            return ast.UnaryOp(ast.Not() if isinstance(op, ast.Invert) else op, inner)
        case ast.Compare(left=left, ops=ops, comparators=others):
            return ast.Compare(_ours(left, course), ops, [_ours(one, course) for one in others])
        case ast.BoolOp(op=joint, values=values):
            return ast.BoolOp(joint, [_ours(one, course) for one in values])
        case ast.IfExp(test=test, body=body, orelse=other):
            return ast.IfExp(*(_ours(one, course) for one in (test, body, other)))
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return _called(name, [_ours(one, course) for one in arguments])
    raise _Untranslatable


def _named(name: str, course: Course) -> ast.expr:
    if name == "s":
        return ast.Constant(int(course.seed))
    words = {"t": "frame", "max_f": "(frames - 1)"}
    return ast.parse(words.get(name, name), mode="eval").body


def _joined(op: ast.operator, left: ast.expr, right: ast.expr, course: Course) -> ast.expr:
    parts = [_ours(left, course), _ours(right, course)]
    if isinstance(op, ast.BitAnd | ast.BitOr):
        if not (_is_truth(left) and _is_truth(right)):
            raise _Untranslatable
        return ast.BoolOp(ast.And() if isinstance(op, ast.BitAnd) else ast.Or(), parts)
    if isinstance(op, ast.BitXor | ast.LShift | ast.RShift):
        raise _Untranslatable
    return ast.BinOp(parts[0], op, parts[1])


def _is_truth(node: ast.expr) -> bool:
    """Whether the value of a node is true or false, and not a number."""
    match node:
        case ast.Compare() | ast.BoolOp() | ast.UnaryOp(op=ast.Invert() | ast.Not()):
            return True
        case ast.BinOp(left=left, op=ast.BitAnd() | ast.BitOr(), right=right):
            return _is_truth(left) and _is_truth(right)
    return False


def _remainder(left: ast.expr, right: ast.expr, course: Course) -> ast.expr:
    """`a % b`, whose sign is that of `a` there and that of `b` here."""
    parts = [_ours(left, course), _ours(right, course)]
    if all(np.all(value_of(one, course.names) >= 0) for one in (left, right)):
        return ast.BinOp(parts[0], ast.Mod(), parts[1])
    return _called("fmod", parts)


def _called(name: str, arguments: list[ast.expr]) -> ast.expr:
    if name in ("min", "max"):
        if len(arguments) == 1:
            return arguments[0]
        return ast.Call(ast.Name(name), arguments, [])
    if name in _SAME:
        return ast.Call(ast.Name(name), arguments, [])
    if name not in _WRITTEN:
        raise _Untranslatable
    template = ast.parse(_WRITTEN[name], mode="eval")
    filled: ast.expr = _Filled(dict(zip("abc", arguments, strict=False))).visit(template).body
    return filled


class _Filled(ast.NodeTransformer):
    """A template whose single letters are replaced by expressions."""

    def __init__(self, parts: Mapping[str, ast.expr]) -> None:
        self._parts = parts

    def visit(self, node: ast.AST) -> Any:
        """The node, or what stands for it."""
        if isinstance(node, ast.Name) and node.id in self._parts:
            return self._parts[node.id]
        return self.generic_visit(node)
