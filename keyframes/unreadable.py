"""What is wrong with a formula that is no expression of Python's grammar, in an author's words."""

from __future__ import annotations

import re

from keyframes.amounts import Spelled
from keyframes.characters import is_unseen, name_of
from keyframes.functions import FUNCTIONS
from keyframes.quoting import quoted

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
    "?": 'write "b if a else c" for "a ? b : c"',
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


class ExpressionError(ValueError):
    """A formula that cannot be read or has no value; `column` counts its characters from 1."""

    def __init__(self, message: str, column: int) -> None:
        super().__init__(message)
        self.column = column


def check_characters(line: str) -> None:
    """Raises ExpressionError for an empty line, a character of no formula, and odd brackets."""
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


def unreadable(text: Spelled, written: str, place: int, reason: str) -> ExpressionError:
    """What an author has to mend in a line that Python gives up at `place`, from 0, for `reason`.

    `text` is the line that Python reads and `written` the author's.
    """
    if reason.startswith("positional argument follows"):
        message, at = "numbers come before settings with names", place
    elif (single := _stray_assignment(text.line)) is not None:
        message, at = '"=" is not allowed; compare with "=="', single
    elif joined := _without_operator(text.line):
        message, at = _joined(*joined), joined[1].start()
    else:
        return _broken_off(written, text.written(place))
    return ExpressionError(message, text.written(at) + 1)


def _broken_off(line: str, place: int) -> ExpressionError:
    place = min(place + 1, len(line.rstrip()) + 1)
    tokens = [token[0] for token in _TOKEN.finditer(line)]
    if tokens.count("if") != tokens.count("else"):
        return ExpressionError('"if" and "else" go together: a if c else b', place)
    if tokens[-1] in _WORDS or tokens[-1] in "+-*/%<>=,(":
        end = len(line.rstrip()) + 1
        return ExpressionError("the formula ends where a number or name is missing", end)
    rest = line[place - 1 :].rstrip()
    shown = rest if len(rest) <= 20 else rest[:19] + "…"
    return ExpressionError(f'cannot read the formula at "{shown}"; {ALLOWED}', place)


def _stray_assignment(line: str) -> int | None:
    """Where the first `=` stands, from 0, that gives no setting of a call its value."""
    calls: list[bool] = []
    for place, character in enumerate(line):
        before = line[:place].rstrip()
        if character == "(":
            calls.append(before[-1:].isidentifier() or before[-1:].isdigit())
        elif character == ")":
            calls.pop()
        elif _ASSIGNMENT.match(line, place):
            setting = before[max(before.rfind("("), before.rfind(",")) + 1 :].strip()
            if not (calls and calls[-1] and setting.isidentifier()):
                return place
    return None


def _joined(before: re.Match[str], after: re.Match[str]) -> str:
    """What is to be mended between two values without an operator."""
    if after[0] == "mod":
        return 'there is no operator "mod"; write "%"'
    if before[0] in FUNCTIONS and after[0] != "(":
        return f"a function has brackets; write {before[0]}({quoted(after[0])})"
    return f'there is no operator before "{quoted(after[0])}"; multiply with "*"'


def _without_operator(line: str) -> tuple[re.Match[str], re.Match[str]] | None:
    """The first two values without an operator between them, as `2t`, `2 (t + 1)` or `sin t`."""
    before = None
    for token in _TOKEN.finditer(line):
        is_value = (token[0][0].isalnum() or token["number"]) and token[0] not in _WORDS
        is_call = token[0] == "(" and before is not None and before[0].isidentifier()
        if before and (is_value or token[0] == "(") and not is_call:
            return before, token
        before = token if is_value or token[0] == ")" else None
    return None
