"""Problems of a scene file in the forms that editors and continuous integration read."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from keyframes.quoting import visible
from pipeline.errors import Problem

Severity = Literal["error", "warning"]

_REMEDY = re.compile(
    r"[;:.] (?=(?:add|compare|export|give|keep|leave|make|mend|move|name|put|remove|save|set|"
    r"shorten|use|write)\b)",
    re.I,
)
"""Between what is wrong and what to do about it, as messages have it."""
_MEANT = re.compile(r"\((did you mean [^)]*)\)")


@dataclass(frozen=True, slots=True)
class Told:
    """A problem, and whether it stops a render."""

    severity: Severity
    problem: Problem


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
            "file": visible(str(file)),
            "line": one.problem.line,
            "column": one.problem.column,
            "end_column": one.problem.end or None,
            "severity": one.severity,
            "path": visible(one.problem.path),
            "message": one.problem.words(),
            "remedy": remedy(one.problem.words()),
        }
        for one in told
    ]


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
    place = {"file": visible(str(file)), "line": problem.line, "col": problem.column}
    if problem.end:
        place |= {"endColumn": problem.end}
    settings = ",".join(f"{name}={_escaped(str(value), ':,')}" for name, value in place.items())
    words = ": ".join(filter(None, (visible(problem.path), problem.words())))
    return f"::{told.severity} {settings}::{_escaped(words)}"


def _escaped(text: str, more: str = "") -> str:
    """A text in which what a workflow command is divided by is written in percent."""
    return "".join(f"%{ord(one):02X}" if one in f"%\r\n{more}" else one for one in text)
