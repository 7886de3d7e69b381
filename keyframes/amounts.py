"""Amounts with units inside `every(...)`: `2 beats`, which to Python's grammar is no expression.

`2 beats` is read as the product `2*beats`, whose right factor is a unit. Only the brackets of
`every` are read so: elsewhere `2 beat` has a forgotten operator, and may mean `2 * beat`.
"""

from __future__ import annotations

import ast
import re
from bisect import bisect_left
from dataclasses import dataclass

from keyframes.source import UNITS

WITH_UNITS = "every"
"""The one name behind whose bracket amounts are read."""

_OPENING = re.compile(rf"\b{WITH_UNITS} *\(")
_AMOUNT = re.compile(
    rf"(?<![\w.])((?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?)( *)(?:{'|'.join(UNITS)})\b(?! *\()"
)


@dataclass(frozen=True, slots=True)
class Spelled:
    """A line whose amounts are products, and the places of characters that the author's lacks."""

    line: str
    added: tuple[int, ...]

    def written(self, place: int) -> int:
        """The place in the author's line, from 0, of a place in this one."""
        return place - bisect_left(self.added, place)


def spelled(line: str) -> Spelled:
    """The line with a `*` between the number and the unit of each amount.

    The `*` takes the place of a blank where there is one.
    """
    parts: list[str] = []
    added: list[int] = []
    done = length = 0
    for match in _amounts(line):
        before = line[done : match.end(1)]
        parts += [before, "*", match[2][1:]]
        length += len(before) + 1 + len(match[2][1:])
        if not match[2]:
            added.append(length - 1)
        done = match.end(2)
    return Spelled("".join((*parts, line[done:])), tuple(added))


def _amounts(line: str) -> list[re.Match[str]]:
    """The amounts in the brackets of `every`, in their order."""
    found: list[re.Match[str]] = []
    end = 0
    while opening := _OPENING.search(line, end):
        end = _closing(line, opening.end())
        found += _AMOUNT.finditer(line, opening.end(), end)
    return found


def _closing(line: str, start: int) -> int:
    """The place of the bracket that closes the one before `start`, or the end of the line."""
    depth = 1
    for place in range(start, len(line)):
        depth += {"(": 1, ")": -1}.get(line[place], 0)
        if depth == 0:
            return place
    return len(line)


def amount_parts(node: ast.expr) -> tuple[ast.expr, str]:
    """The number of an amount and its unit, which is "" for an expression without a unit."""
    match node:
        case ast.BinOp(left=left, op=ast.Mult(), right=ast.Name(id=unit)) if unit in UNITS:
            return left, UNITS[unit]
    return node, ""
