"""Problems of a scene file in the forms that editors and continuous integration read."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from keyframes.quoting import visible
from pipeline.errors import Problem, and_more

Severity = Literal["error", "warning"]

_REMEDY = re.compile(
    r"[;:.] (?=(?:add|compare|export|give|keep|leave|make|mend|move|name|put|remove|save|set|"
    r"shorten|use|write)\b)",
    re.I,
)
"""Between what is wrong and what to do about it, as messages have it."""
_MEANT = re.compile(r"\((did you mean [^)]*)\)")

MOST_LISTED = 500
"""Most problems of a scene that programs are given; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Told:
    """A problem, and whether it stops a render."""

    severity: Severity
    problem: Problem


def listed(told: Sequence[Told]) -> list[Told]:
    """The first `MOST_LISTED` of the problems, and one more that counts those left out."""
    if len(told) <= MOST_LISTED:
        return list(told)
    first = told[MOST_LISTED]
    more = f"{and_more(len(told), MOST_LISTED)}; mend these first"
    problem = Problem(first.problem.line, first.problem.column, "", more)
    return [*told[:MOST_LISTED], replace(first, problem=problem)]


def as_json(file: Path, told: Sequence[Told]) -> str:
    """An array with an object for each problem, as `as_data` has it."""
    return json.dumps(as_data(file, told), indent=2, ensure_ascii=False)


def as_data(file: Path, told: Sequence[Told]) -> list[dict[str, str | int | None]]:
    """A mapping for each problem; what is not known of it is None.

    `remedy` is the part of `message` that says what to do. Columns count characters from 1, and
    `end_column` is behind the last one.
    """
    return [
        {
            **_place(file, one.problem),
            "severity": one.severity,
            "path": visible(one.problem.path),
            "message": _words(one.problem),
            "remedy": remedy(one.problem.words()),
        }
        for one in told
    ]


def _place(file: Path, problem: Problem) -> dict[str, str | int | None]:
    """Where a problem is; an argument of the command line has none of this."""
    there = _file_of(file, problem)
    is_there = there is not None
    return {
        "file": visible(str(there)) if is_there else None,
        "line": problem.line if is_there else None,
        "column": problem.column if is_there else None,
        "end_column": (problem.end or None) if is_there else None,
    }


def _file_of(file: Path, problem: Problem) -> Path | None:
    """The file that a problem of the scene in `file` is in; None for one of an argument."""
    return file if problem.origin is None else problem.origin.file


def _words(problem: Problem) -> str:
    """The message, with what the argument is called that it is about."""
    about_argument = problem.origin is not None and problem.origin.file is None
    return f"{problem.place(Path())}: {problem.words()}" if about_argument else problem.words()


def remedy(message: str) -> str | None:
    """What a message says is to be done; None where that is not told apart from what is wrong."""
    if found := _REMEDY.search(message):
        return message[found.end() :]
    meant = _MEANT.search(message)
    return meant[1] if meant else None


def as_workflow_commands(file: Path, told: Sequence[Told]) -> str:
    """A line for each problem that GitHub shows beside the file, as its workflow commands are.

    https://docs.github.com/actions/reference/workflow-commands-for-github-actions
    """
    return "\n".join(_command(file, one) for one in told)


def _command(file: Path, told: Told) -> str:
    problem = told.problem
    place = _place(file, problem)
    names = ("file", "line", "col", "endColumn")
    settings = ",".join(
        f"{name}={_escaped(str(value), ':,')}"
        for name, value in zip(names, place.values(), strict=True)
        if value is not None
    )
    words = ": ".join(filter(None, (visible(problem.path), _words(problem))))
    return f"::{told.severity} {settings}".rstrip() + f"::{_escaped(words)}"


def _escaped(text: str, more: str = "") -> str:
    """A text in which what a workflow command is divided by is written in percent."""
    return "".join(f"%{ord(one):02X}" if one in f"%\r\n{more}" else one for one in text)
