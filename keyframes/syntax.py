"""The grammar of formulas: a text to a checked syntax tree, or a mistake and its column.

A formula is one expression of Python's grammar, of which `parse` lets through numbers, names,
arithmetic, comparisons, `and or not`, `a if c else b`, and calls of the known functions. All else
is refused here, so that evaluation meets nothing that it does not know, and the size is bounded.
"""

from __future__ import annotations

import ast
import re
import warnings
from math import isfinite

from keyframes.characters import is_unseen, name_of
from keyframes.functions import ARITHMETIC, COMPARISONS, CONSTANTS, FUNCTIONS, UNARY
from keyframes.nearest import nearest
from keyframes.quoting import quoted

MAX_LENGTH = 1000
MAX_VALUES = 200
"""Numbers, names, operations and calls of one formula."""
MAX_DEPTH = 40
"""Operations and calls inside each other; a sum of n terms is n - 1 deep."""

ALLOWED = (
    "a formula is made of numbers, names, + - * / // % **, comparisons, and, or, not, "
    "`a if c else b`, parentheses and function calls"
)

_FOREIGN = re.compile(r"[^A-Za-z0-9_ .,+\-*/%()<>=!]|!(?!=)")
_INSTEAD = {
    "^": 'use "**" for powers',
    "&": 'use "and"',
    "|": 'use "or"',
    "!": 'use "not"',
    "[": 'use "(" and ")"',
    "{": 'use "(" and ")"',
    "\u2212": 'use "-"',
    "\u2013": 'use "-"',
    "\u00d7": 'use "*"',
    "\u00b7": 'use "*"',
    "\u00f7": 'use "/"',
    "\u03c0": 'use "pi"',
    **dict.fromkeys("\u201c\u201d\u201e\u2018\u2019", 'use straight quotes: "..."'),
}
_ASSIGNMENT = re.compile(r"(?<![<>=!])=(?!=)")
_TOKEN = re.compile(r"(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)|\w+|[^\w ]")
_WORDS = frozenset({"and", "or", "not", "if", "else"})
_BLANKS = str.maketrans("\t\n\r", "   ")


class ExpressionError(ValueError):
    """A formula that cannot be read or has no value; `column` counts its characters from 1."""

    def __init__(self, message: str, column: int) -> None:
        super().__init__(message)
        self.column = column


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
    _check_characters(line)
    tree = _python_tree(line)
    values = [node for node in ast.walk(tree) if isinstance(node, ast.expr)]
    if len(values) > MAX_VALUES:
        raise ExpressionError(
            f"the formula has {len(values)} numbers, names and operations; allowed: {MAX_VALUES}", 1
        )
    _check(tree, 1)
    return tree


def column(node: ast.expr) -> int:
    """Where a node of a parsed formula begins, from 1."""
    return node.col_offset + 1


def _check_characters(line: str) -> None:
    if not line.strip():
        raise ExpressionError(f"the formula is empty; {ALLOWED}", 1)
    if foreign := _FOREIGN.search(line):
        instead = _INSTEAD.get(foreign[0], ALLOWED)
        what = f'"{foreign[0]}"'
        if is_unseen(foreign[0]):
            what, instead = name_of(foreign[0]), "write a plain blank, or nothing"
        raise ExpressionError(f"{what} is not allowed; {instead}", foreign.start() + 1)
    opened: list[int] = []
    for place, character in enumerate(line, start=1):
        if character == "(":
            opened.append(place)
        elif character == ")":
            if not opened:
                raise ExpressionError('")" closes nothing; remove it', place)
            opened.pop()
    if opened:
        raise ExpressionError('"(" is not closed; add a ")"', opened[-1])


def _python_tree(line: str) -> ast.expr:
    indent = len(line) - len(line.lstrip())
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # Python only warns of "1if x else 2"
            tree = ast.parse(line.strip(), mode="eval").body
    except SyntaxError as error:
        place = min(max(error.offset or 1, 1) + indent, len(line.rstrip()) + 1)
        raise _unreadable(line, place) from None
    except (MemoryError, RecursionError):
        raise _too_deep(1) from None
    for node in ast.walk(tree):
        if isinstance(node, ast.expr):
            node.col_offset += indent
    return tree


def _unreadable(line: str, place: int) -> ExpressionError:
    if single := _ASSIGNMENT.search(line):
        return ExpressionError('"=" is not allowed; compare with "=="', single.start() + 1)
    if joined := _without_operator(line):
        return ExpressionError(
            f'there is no operator before "{quoted(joined[0])}"; multiply with "*"',
            joined.start() + 1,
        )
    tokens = [token[0] for token in _TOKEN.finditer(line)]
    if tokens.count("if") != tokens.count("else"):
        return ExpressionError('"if" and "else" go together: a if c else b', place)
    if tokens[-1] in _WORDS or tokens[-1] in "+-*/%<>=,(":
        end = len(line.rstrip()) + 1
        return ExpressionError("the formula ends where a number or name is missing", end)
    rest = line[place - 1 :].rstrip()
    shown = rest if len(rest) <= 20 else rest[:19] + "…"
    return ExpressionError(f'cannot read the formula at "{shown}"; {ALLOWED}', place)


def _without_operator(line: str) -> re.Match[str] | None:
    """The first value that directly follows another, as in `2t`, `2 (t + 1)` or `sin t`."""
    before = None
    for token in _TOKEN.finditer(line):
        is_value = (token[0][0].isalnum() or token["number"]) and token[0] not in _WORDS
        is_call = token[0] == "(" and before is not None and before[0].isidentifier()
        if before and (is_value or token[0] == "(") and not is_call:
            return token
        before = token if is_value or token[0] == ")" else None
    return None


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
            if name in FUNCTIONS:
                usage = f"{name}({', '.join(FUNCTIONS[name].parameters)})"
                raise ExpressionError(f'"{name}" is a function; write {usage}', column(node))
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
    if not isinstance(node.func, ast.Name):
        raise ExpressionError('only a function can be called; multiply with "*"', column(node))
    name = node.func.id
    if name not in FUNCTIONS:
        raise ExpressionError(_no_function(name), column(node))
    function = FUNCTIONS[name]
    more = ", ..." if function.takes_more else ""
    usage = f"write {name}({', '.join(function.parameters)}{more})"
    if node.keywords or any(isinstance(value, ast.Starred) for value in node.args):
        raise ExpressionError(f"{name} takes values without names or stars; {usage}", column(node))
    if not function.accepts(len(node.args)):
        raise ExpressionError(f"{name} has {len(node.args)} values; {usage}", column(node))
    return node.args


def _no_function(name: str) -> str:
    if name in CONSTANTS:
        return f'"{name}" is a number, not a function; multiply with "*"'
    known = ", ".join(sorted(FUNCTIONS))
    return (
        f'"{quoted(name)}" is not a function{nearest(name, FUNCTIONS)}; the functions are {known}'
    )
