"""Values of checked formulas: a tree that `keyframes.syntax.parse` let through, on arrays."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import reduce
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from keyframes.functions import ARITHMETIC, COMPARISONS, CONSTANTS, FUNCTIONS, UNARY, truth
from keyframes.syntax import ExpressionError, column
from keyframes.timebase import Frames

Array = NDArray[np.float64]

MAX_EXPONENT = 64
"""The largest exponent that a power may have, of either sign."""


def evaluate(tree: ast.expr, variables: Mapping[str, Frames]) -> Array:
    """The value of a tree all of whose names are constants or in `variables`.

    Raises ExpressionError for an exponent beyond MAX_EXPONENT.
    """
    with np.errstate(all="ignore"):
        return np.asarray(_value(tree, variables), dtype=np.float64)


def variables_in(tree: ast.expr) -> list[ast.Name]:
    """The names of a tree that are neither constants nor functions."""
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and node.id not in CONSTANTS and node.id not in FUNCTIONS
    ]


def check_constant_exponents(tree: ast.expr) -> None:
    """Raises ExpressionError for an exponent without variables beyond MAX_EXPONENT."""
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
            exponent = node.right
            if not variables_in(exponent):
                _check_exponent(evaluate(exponent, {}), exponent)


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
