"""Settings of a command line, `--set camera.fov=60`: a name with dots, and a value as in YAML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from keyframes.quoting import quoted, visible
from pipeline.errors import Error, Problem
from pipeline.scene.composing.laying import INCLUDE, PROFILES, Layer
from pipeline.scene.composing.texts import Texts
from pipeline.scene.reading.document import Key, Mark, Route, dotted
from pipeline.scene.reading.yaml_source import EMPTY

OPTION = "--set"
MOST_NAMES = 16
"""Most names that are joined by dots."""

_FORM = f"write it as {OPTION} camera.fov=60"
_NAME = re.compile(
    r"""\s*(?:(?P<quote>["'])(?P<quoted>.*?)(?P=quote)|(?P<plain>[^.="']+?))\s*(?P<then>[.=])"""
)
_INDEX = re.compile(r"0|[1-9][0-9]{0,8}")


def set_layer(argument: str, texts: Texts) -> Layer:
    """The layer of one argument of `--set`, whose text joins `texts`.

    Files are named from the folder in which the command is given. Raises Error for what is no
    `NAME=VALUE`, and for names that a command cannot set.
    """
    path, places, start = _path(argument)
    name = f"{OPTION} {dotted(path)}"
    if path[0] in (PROFILES, INCLUDE):
        raise Error(f"{name}: {path[0]} stands in a file; set the settings themselves")
    value = texts.read_value(argument, name, start)
    line = texts.pieces[-1].line
    heads = {
        path[: index + 1]: Mark(line, first + 1, end=end + 1)
        for index, (first, end) in enumerate(places)
    }
    data = value.data
    for key in reversed(path):
        data = {key: data}
    document = replace(
        value,
        data=data,
        keys={**heads, **_below(path, value.keys)},
        values={**heads, **_below(path, value.values)},
        problems=tuple(_told(problem, path) for problem in value.problems),
    )
    return Layer(document, Path.cwd(), along=path)


def _below(path: Route, marks: Mapping[Route, Mark]) -> dict[Route, Mark]:
    return {(*path, *route): mark for route, mark in marks.items()}


def _told(problem: Problem, path: Route) -> Problem:
    """A problem of a value as one of the setting at `path`."""
    empty = "there is no value behind the =; write one, or null for none"
    return replace(
        problem,
        path=".".join(filter(None, (dotted(path), problem.path))),
        message=empty if problem.message == EMPTY else problem.message,
    )


def _path(argument: str) -> tuple[Route, list[tuple[int, int]], int]:
    """The names before the `=`, the first character and the end of each, and where the value is."""
    path: list[Key] = []
    places: list[tuple[int, int]] = []
    start = 0
    while len(path) < MOST_NAMES and (part := _NAME.match(argument, start)):
        kind = "quoted" if part["quote"] else "plain"
        counts = kind == "plain" and _INDEX.fullmatch(part[kind])
        path.append(int(part[kind]) if counts else part[kind])
        places.append(part.span(kind))
        start = part.end()
        if part["then"] == "=" and visible(argument[:start]) == argument[:start]:
            return tuple(path), places, start
    raise Error(f"{OPTION} {quoted(argument)}: expected a setting and its value; {_FORM}")
