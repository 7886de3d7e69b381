"""Mistakes and warnings as programs read them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.cli.problem_formats import (
    MOST_LISTED,
    Told,
    as_json,
    as_workflow_commands,
    listed,
    remedy,
)
from pipeline.errors import Problem

FILE = Path("a,b:c/100%.yaml")


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("found 2; write 1", "write 1"),
        ("this is missing. Write it", "Write it"),
        ("zoom is 0; allowed: above 0", None),
        ('unknown key (did you mean "camera"?); allowed: a', 'did you mean "camera"?'),
        ('unknown key (did you mean "a"?); remove it', "remove it"),
        ("it is rewritten", None),
    ],
)
def test_the_remedy_is_what_is_to_be_done(message: str, expected: str | None) -> None:
    assert remedy(message) == expected


def test_json() -> None:
    told = [
        Told("error", Problem(3, 10, "camera.zoom", 'found "灯"; write 1', end=14)),
        Told("warning", Problem(4, 1, "", "a\nb")),
    ]
    assert json.loads(as_json(FILE, told)) == [
        {
            "file": str(FILE),
            "line": 3,
            "column": 10,
            "end_column": 14,
            "severity": "error",
            "path": "camera.zoom",
            "message": 'found "灯"; write 1',
            "remedy": "write 1",
        },
        {
            "file": str(FILE),
            "line": 4,
            "column": 1,
            "end_column": None,
            "severity": "warning",
            "path": "",
            "message": "a\\nb",
            "remedy": None,
        },
    ]
    assert as_json(FILE, []) == "[]"


def test_workflow_commands_are_escaped() -> None:
    told = [
        Told("error", Problem(3, 10, "camera.zoom", "50%, a: b\r\n::error::", end=14)),
        Told("warning", Problem(4, 1, "", "a")),
    ]
    assert as_workflow_commands(FILE, told).splitlines() == [
        "::error file=a%2Cb%3Ac/100%25.yaml,line=3,col=10,endColumn=14"
        "::camera.zoom: 50%25, a: b\\r\\n::error::",
        "::warning file=a%2Cb%3Ac/100%25.yaml,line=4,col=1::a",
    ]
    assert as_workflow_commands(FILE, []) == ""


def test_of_very_many_problems_the_first_are_listed_and_the_rest_is_counted() -> None:
    told = [Told("error", Problem(line, 1, "a", "no")) for line in range(1, 100_001)]
    shown = listed(told)
    assert shown[:-1] == told[:MOST_LISTED]
    last = shown[-1].problem
    assert (last.line, last.path) == (MOST_LISTED + 1, "")
    assert last.words() == "and 99,500 more; mend these first"
    assert listed(told[:MOST_LISTED]) == told[:MOST_LISTED]
