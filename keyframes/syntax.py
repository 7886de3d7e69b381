"""The grammar of formulas: a text to a checked syntax tree, or a mistake and its column.

A formula is one expression of Python's grammar, of which `parse` lets through numbers, names (with
one dot at most), arithmetic, comparisons, `and or not`, `a if c else b`, and calls. All else is
refused here, so that evaluation meets nothing that it does not know, and the size is bounded. A
call of a name that is no function is let through: `keyframes.hearing` knows whether there is such
a source, and what can be said to it.
"""

from __future__ import annotations

import ast
import warnings
from math import isfinite

from keyframes.amounts import spelled
from keyframes.functions import (
    ARITHMETIC,
    COMPARISONS,
    CONSTANTS,
    FUNCTIONS,
    OVER_TIME,
    UNARY,
    Function,
)
from keyframes.quoting import quoted
from keyframes.time_words import counted
from keyframes.unreadable import ALLOWED, ExpressionError, check_characters, unreadable

__all__ = ["ALLOWED", "ExpressionError", "column", "dotted", "parse"]

MAX_LENGTH = 1000
MAX_VALUES = 200
"""Numbers, names, operations and calls of one formula."""
MAX_DEPTH = 40
"""Operations and calls inside each other; a sum of n terms is n - 1 deep."""

_CALLED = {**FUNCTIONS, **OVER_TIME}
_BLANKS = str.maketrans("\t\n\r", "   ")


def parse(text: str) -> ast.expr:
    """The tree of a formula; `column` says where in `text` a node stands.

    Raises ExpressionError at the first thing that is no part of the grammar, and for a text that
    is longer than MAX_LENGTH, MAX_VALUES or MAX_DEPTH.
    """
    if len(text) > MAX_LENGTH:
        raise ExpressionError(
            f"the formula has {len(text)} characters; allowed: {MAX_LENGTH}", MAX_LENGTH + 1
        )
    line = text.translate(_BLANKS)
    check_characters(line)
    tree = _python_tree(line)
    values = [node for node in ast.walk(tree) if isinstance(node, ast.expr)]
    if len(values) > MAX_VALUES:
        raise ExpressionError(
            f"the formula has {len(values)} numbers, names and operations; allowed: {MAX_VALUES}", 1
        )
    _check(tree, 1)
    return tree


def column(node: ast.expr | ast.keyword) -> int:
    """Where a node of a parsed formula begins, from 1."""
    return node.col_offset + 1


def dotted(node: ast.expr) -> str | None:
    """The name that a node is, `low` or `drums.onset`; None for anything else."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=ast.Name(id=owner), attr=name):
            return f"{owner}.{name}"
    return None


def _python_tree(line: str) -> ast.expr:
    indent = len(line) - len(line.lstrip())
    text = spelled(line)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # Python only warns of "1if x else 2"
            tree = ast.parse(text.line.strip(), mode="eval").body
    except SyntaxError as error:
        place = max(error.offset or 1, 1) - 1 + indent
        raise unreadable(text, line, place, error.msg) from None
    except (MemoryError, RecursionError):
        raise _too_deep(1) from None
    for node in ast.walk(tree):
        if isinstance(node, ast.expr | ast.keyword):
            node.col_offset = text.written(node.col_offset + indent)
    return tree


def _too_deep(place: int) -> ExpressionError:
    return ExpressionError(
        f"the formula is nested more than {MAX_DEPTH} deep; take it apart", place
    )


def _check(node: ast.expr, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise _too_deep(column(node))
    for part in _parts(node):
        _check(part, depth + 1)


def _parts(node: ast.expr) -> list[ast.expr]:
    """What an allowed node is computed from."""
    match node:
        case ast.Constant():
            _check_number(node)
            return []
        case ast.Name(id=name):
            if function := _CALLED.get(name):
                usage = f"{name}({', '.join(function.parameters)})"
                raise ExpressionError(f'"{name}" is a function; write {usage}', column(node))
            return []
        case ast.Attribute(value=ast.Name()):
            return []
        case ast.UnaryOp(op=operator, operand=operand) if type(operator) in UNARY:
            return [operand]
        case ast.BinOp(op=operator) if type(operator) in ARITHMETIC:
            return [node.left, node.right]
        case ast.BoolOp():
            return node.values
        case ast.Compare(ops=operators) if all(type(op) in COMPARISONS for op in operators):
            return [node.left, *node.comparators]
        case ast.IfExp():
            return [node.body, node.test, node.orelse]
        case ast.Call():
            return _arguments(node)
    raise ExpressionError(f"this is not allowed; {ALLOWED}", column(node))


def _check_number(node: ast.Constant) -> None:
    value = node.value
    if isinstance(value, bool) or not isinstance(value, int | float):
        word = "..." if value is ... else str(value)
        raise ExpressionError(f'"{quoted(word)}" is not a number; {ALLOWED}', column(node))
    try:
        is_finite = isfinite(float(value))
    except OverflowError:
        is_finite = False
    if not is_finite:
        raise ExpressionError("the number is too large; allowed: below 1.8e308", column(node))


def _arguments(node: ast.Call) -> list[ast.expr]:
    name = dotted(node.func)
    if name is None:
        raise ExpressionError('only a function can be called; multiply with "*"', column(node))
    if name in CONSTANTS:
        raise ExpressionError(
            f'"{name}" is a number, not a function; multiply with "*"', column(node)
        )
    if function := _CALLED.get(name):
        _check_call(node, name, function)
    else:
        _check_source(node, name)
    return [*node.args, *(setting.value for setting in node.keywords)]


def _check_call(node: ast.Call, name: str, function: Function) -> None:
    more = ", ..." if function.takes_more else ""
    usage = f"write {name}({', '.join(function.parameters)}{more})"
    if node.keywords or any(isinstance(value, ast.Starred) for value in node.args):
        raise ExpressionError(f"{name} takes values without names or stars; {usage}", column(node))
    if not function.accepts(len(node.args)):
        raise ExpressionError(
            f"{name} has {counted(len(node.args), 'value')}; {usage}", column(node)
        )


def _check_source(node: ast.Call, name: str) -> None:
    seen: set[str] = set()
    for setting in node.keywords:
        if setting.arg is None:
            raise ExpressionError(f"{quoted(name)} takes no stars", column(node))
        if setting.arg in seen:
            message = f'"{quoted(setting.arg)}" is written twice; keep one of them'
            raise ExpressionError(message, column(setting))
        seen.add(setting.arg)
    if any(isinstance(value, ast.Starred) for value in node.args):
        raise ExpressionError(f"{quoted(name)} takes no stars", column(node))
