"""`discoreel check`: every mistake of a scene at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from keyframes.time_words import counted
from pipeline.cli.disk_room import narrow_disk
from pipeline.cli.error_handler import MENDABLE
from pipeline.cli.options import SceneFile
from pipeline.cli.outline import size_of
from pipeline.cli.problem_formats import Told, as_json, as_workflow_commands, listed
from pipeline.cli.problems import tell_warnings
from pipeline.cli.terminal import say
from pipeline.errors import Error, Problem, SceneError


class Format(StrEnum):
    """How mistakes and warnings are printed."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"


_FORMATS: Mapping[Format, Callable[[Path, Sequence[Told]], str]] = {
    Format.JSON: as_json,
    Format.GITHUB: as_workflow_commands,
}
"""The forms that programs read; they are the command's result."""

AsFormat = Annotated[
    Format, typer.Option("--format", help="text for people, json for editors, github for its CI.")
]


def check(scene: SceneFile, format: AsFormat = Format.TEXT) -> None:
    """Read a scene and name every mistake in it, without rendering anything."""
    if format in _FORMATS:
        _list(scene, _FORMATS[format])
        return
    from pipeline.plan.extent import extent
    from pipeline.scene.load import read_scene

    read = read_scene(scene)
    further = narrow_disk(read, scene)
    tell_warnings(read, scene, *further)
    count = len(read.warnings) + len(further)
    warned = f", {counted(count, 'warning')}" if count else ""
    say(f"{scene}: {size_of(extent(read.scene))}; no mistakes{warned}")


def _list(scene: Path, written: Callable[[Path, Sequence[Told]], str]) -> None:
    """Print what is to be said of a scene for a program; leave with 1 if it has mistakes."""
    told = _told(scene)
    if lines := written(scene, told):
        say(lines)
    if any(one.severity == "error" for one in told):
        raise SystemExit(MENDABLE)


def _told(scene: Path) -> list[Told]:
    """The mistakes of a scene, or else its warnings.

    What is wrong with the file as a whole, or with what it names, stands at its beginning.
    """
    from pipeline.plan.extent import extent
    from pipeline.scene.load import read_scene

    try:
        read = read_scene(scene)
        extent(read.scene)
    except SceneError as error:
        return listed([Told("error", problem) for problem in error.problems])
    except Error as error:
        return [Told("error", Problem(1, 1, "", str(error)))]
    warnings = sorted((*read.warnings, *narrow_disk(read, scene)))
    return listed([Told("warning", problem) for problem in warnings])
