"""What is wrong with the syntax of a YAML text, in words for the person who wrote it.

PyYAML reports what its scanner expected. Each rule below turns one such report into what the author
can mend, and chooses the place to look at: where the report struck, or where the unfinished thing
began.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import yaml
from yaml.reader import ReaderError

from keyframes.characters import unseen_in
from pipeline.errors import Problem
from pipeline.files.lines import line_and_column, line_starts, lines_of
from pipeline.scene.reading.yaml_characters import PATH_HINT

PAST_THE_LAST = "found the code of no character"
"""What the reader of escapes says of one past the last."""


@dataclass(frozen=True, slots=True)
class _Rule:
    report: str
    """Pattern that is searched in PyYAML's `context: problem`, where a text is not YAML."""
    words: str
    """Template over the report's groups, and the line and column where the thing began."""
    at_beginning: bool = False
    """Point to where the unfinished thing began, not to where reading stopped."""


_INDENT = (
    "this does not fit the lines above: check its indentation, and put a text that holds quotes,"
    ' ": " or " #" into quotes as a whole'
)

_NEVER_CLOSED = "a bracket is opened here and never closed"
_HIDDEN = re.compile(r"[ \t]#.*[]}]")

_RULES = tuple(
    _Rule(report, words, at_beginning)
    for report, words, at_beginning in (
        (r"character '\\t'", "a tab cannot indent YAML; use blanks", False),
        (
            r"character '(.)' that cannot start any token",
            'a plain text cannot begin with "{0}"; put it in quotes',
            False,
        ),
        (
            r"mapping values are not allowed here",
            'a ":" is not expected here: check the indentation, and put a text that holds ": " in'
            " quotes",
            False,
        ),
        (r"could not find expected ':'", 'a key without ":" after it', True),
        (r"quoted scalar: found unexpected", "a quote is opened here and never closed", True),
        (
            r"unknown escape character ['\"](.+)['\"]",
            'in double quotes "\\{0}" is not an escape; write "\\\\{0}" or use single quotes'
            ', or "/" in a path',
            False,
        ),
        (
            r"expected escape sequence of ([0-9]) hexadecimal numbers",
            'in double quotes "\\x", "\\u" and "\\U" begin the code of a character, here of {0} '
            "digits from 0 to f; " + PATH_HINT,
            False,
        ),
        (
            PAST_THE_LAST,
            'this is the code of no character, the last one is "\\U0010ffff"; write the character'
            " itself; " + PATH_HINT,
            False,
        ),
        (
            r"flow (?:mapping|sequence): expected ',' or '(.)', but got '<stream end>'",
            _NEVER_CLOSED + '; add "{0}"',
            True,
        ),
        (
            r"flow (?:mapping|sequence): expected ',' or '(.)', but got",
            'expected "," or "{0}" here: the bracket opened in line {line}, column {column} is not'
            " closed",
            False,
        ),
        (r"expected the node content, but found '(.+)'", 'a value is missing before "{0}"', False),
        (r"expected <block end>, but found", _INDENT, False),
        (
            r"found undefined alias '(.+)'",
            'there is no "&{0}" before this "*{0}"; to begin a text with "*", put it in quotes',
            False,
        ),
        (r"while scanning an (?:alias|anchor)", "a name is missing; quote a text like this", False),
        (r"found duplicate anchor '(.+?)'", 'the anchor "&{0}" is set twice; rename one', False),
        (r"found another document", 'a scene file holds one scene; remove this "---"', False),
        (
            r"while scanning a directive",
            'a line that begins with "%" speaks to YAML itself; remove it, or write "# " before '
            "a comment",
            True,
        ),
        (r"incompatible YAML document", "remove this line; no version need be named", False),
        (r"undefined tag handle", "tags are not read; write the plain value", False),
        (
            r"block scalar: expected",
            'a text may not follow "|" or ">" in the same line; put it into the next one',
            False,
        ),
    )
)


def character_problem(error: ReaderError, source: str) -> Problem:
    """A character of `source` that no YAML text may hold."""
    line, column = line_and_column(line_starts(source), error.position)
    code = f"U+{ord(source[error.position]):04X}"
    message = f"the character {code} is not allowed in YAML; remove it"
    return Problem(line, column, "", message)


def syntax_problem(error: yaml.MarkedYAMLError, source: str) -> Problem:
    """The one mistake at which PyYAML stopped reading `source`, and what may lie behind it."""
    problem = _syntax_problem(error)
    lines = lines_of(source)
    line = lines[min(problem.line, len(lines)) - 1]
    if unseen := unseen_in(line):
        hint = f"; look at the line{unseen}: type plain blanks"
    elif problem.message.startswith(_NEVER_CLOSED) and _HIDDEN.search(line):
        hint = "; a # behind a blank begins a comment, which hides the end of its line"
    else:
        hint = ""
    return replace(problem, message=problem.message + hint)


def _syntax_problem(error: yaml.MarkedYAMLError) -> Problem:
    report = f"{error.context or ''}: {error.problem or ''}"
    for rule in _RULES:
        match = re.search(rule.report, report)
        if match:
            line, column = _place(error.context_mark)
            words = rule.words.format(*match.groups(), line=line, column=column)
            return _at(error, rule.at_beginning, words)
    return _at(error, False, f"this is not YAML: {error.problem or error.context}")


def _at(error: yaml.MarkedYAMLError, at_beginning: bool, message: str) -> Problem:
    begun, stopped = error.context_mark, error.problem_mark
    mark = (begun or stopped) if at_beginning else (stopped or begun)
    return Problem(*_place(mark), "", message)


def _place(mark: yaml.Mark | None) -> tuple[int, int]:
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)
