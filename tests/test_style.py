"""The measurable part of the house style: short functions and files, docstrings of their own."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
SOURCES = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for top in ("keyframes", "pipeline")
    for path in sorted((ROOT / top).rglob("*.py"))
}
TREES = {path: ast.parse(source) for path, source in SOURCES.items()}

LONGEST_FUNCTION = 30
"""Lines of a function from `def` to its end, its docstring not counted."""

LONGEST_FILE = 250
"""Lines of a file."""

LEANING = (
    "And ",
    "Or ",
    "Also ",
    "The same",
    "That of",
    "Those ",
    "They ",
    "It ",
    "Of the",
    "Its ",
)
"""Beginnings of a docstring that makes sense only after the one above it."""

OVERRIDING = {"forward", "compose_node", "scan_flow_scalar_non_spaces"}
"""Methods that torch and PyYAML name and document, and that classes here override."""

FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef


def is_docstring(statement: ast.stmt) -> bool:
    """Whether a statement is a text that stands by itself, also below a field or constant."""
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def lines_of(node: ast.stmt) -> int:
    """Lines from the first to the last of a statement."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def long_functions(tree: ast.Module) -> Iterator[str]:
    """Line and name of each function, nested ones too, that is longer than it may be."""
    for node in ast.walk(tree):
        if isinstance(node, FUNCTION):
            described = lines_of(node.body[0]) if is_docstring(node.body[0]) else 0
            if lines_of(node) - described > LONGEST_FUNCTION:
                yield f"{node.lineno} {node.name}"


def leaning_docstrings(tree: ast.Module) -> Iterator[str]:
    """Line and beginning of each docstring that goes on with what another one says."""
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt) and is_docstring(node):
            text = ast.unparse(node).strip("'\" \n")
            if text.startswith(LEANING):
                yield f"{node.lineno} {text[:40]}"


def undescribed(body: list[ast.stmt]) -> Iterator[str]:
    """Line and name of each public class, function or method without a docstring."""
    for node in body:
        if not isinstance(node, FUNCTION | ast.ClassDef) or node.name.startswith("_"):
            continue
        overload = any(ast.unparse(mark) == "overload" for mark in node.decorator_list)
        if not (ast.get_docstring(node) or overload or node.name in OVERRIDING):
            yield f"{node.lineno} {node.name}"
        if isinstance(node, ast.ClassDef):
            yield from undescribed(node.body)


def test_no_function_is_too_long() -> None:
    long = [f"{path}:{found}" for path, tree in TREES.items() for found in long_functions(tree)]

    assert long == []


def test_no_file_is_too_long() -> None:
    lengths = {path: len(source.splitlines()) for path, source in SOURCES.items()}

    assert {path: lines for path, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_docstrings_do_not_lean_on_the_one_above() -> None:
    leaning = [
        f"{path}:{found}" for path, tree in TREES.items() for found in leaning_docstrings(tree)
    ]

    assert leaning == []


def test_what_is_public_has_a_docstring() -> None:
    bare = [f"{path}:{found}" for path, tree in TREES.items() for found in undescribed(tree.body)]

    assert bare == []


def test_each_rule_finds_what_breaks_it() -> None:
    body = '    """Words\n    in two lines."""\n' + "    pass\n" * 29
    texts = 'x = 1\n"""And so on."""\ny = 2\n"""Android."""\n'
    bare = "class A:\n    def b(self): ...\n    def _c(self): ...\n    def forward(self): ...\n"

    assert list(long_functions(ast.parse(f"def f():\n{body}"))) == []
    assert list(long_functions(ast.parse(f"def f():\n{body}    pass\n"))) == ["1 f"]
    assert list(leaning_docstrings(ast.parse(texts))) == ["2 And so on."]
    assert list(undescribed(ast.parse(bare).body)) == ["1 A", "2 b"]
