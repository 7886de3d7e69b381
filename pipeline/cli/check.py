"""`discoreel check`: every mistake of a scene at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from keyframes.quoting import quoted
from keyframes.time_words import counted
from pipeline.cli.disk_room import narrow_disk
from pipeline.cli.error_handler import MENDABLE
from pipeline.cli.options import ProfileName, SceneFile, SetSettings, choice_of
from pipeline.cli.outline import size_of
from pipeline.cli.problem_formats import Told, as_json, as_workflow_commands, listed
from pipeline.cli.problems import tell_warnings
from pipeline.cli.terminal import say
from pipeline.errors import Error, Problem, SceneError, in_order

if TYPE_CHECKING:
    from pipeline.scene.composing.choice import Choice
    from pipeline.scene.load import SceneRead


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


def check(
    scene: SceneFile,
    format: AsFormat = Format.TEXT,
    profile: ProfileName = None,
    settings: SetSettings = None,
) -> None:
    """Name every mistake in a scene and in its profiles."""
    choice = choice_of(profile, settings)
    if format in _FORMATS:
        _list(scene, choice, _FORMATS[format])
        return
    from pipeline.plan.extent import extent

    read = _read(scene, choice)
    further = narrow_disk(read, scene, profile=profile)
    tell_warnings(read, scene, *further)
    count = len(read.warnings) + len(further)
    warned = f", {counted(count, 'warning')}" if count else ""
    say(f"{scene}: {size_of(extent(read.scene))}; no mistakes{warned}{_profiles(read, profile)}")


def _read(scene: Path, choice: Choice) -> SceneRead:
    """The scene; SceneError with the mistakes that it has as it is asked for, or else in a profile.

    A profile that is asked for is the only one that is looked at.
    """
    from pipeline.cli.profile_check import looked_at, profile_mistakes
    from pipeline.scene.load import read_scene

    read = read_scene(scene, choice=choice)
    names = looked_at(read.profiles, read.scene.frame_count) if choice.profile is None else ()
    if told := profile_mistakes(scene, names, choice):
        raise SceneError(scene, told, read.document.own_text)
    return read


def _profiles(read: SceneRead, chosen: str | None) -> str:
    """Which profiles of a scene without mistakes were looked at, in words."""
    from pipeline.cli.profile_check import looked_at

    every = read.profiles if chosen is None else (chosen,)
    names = looked_at(every, read.scene.frame_count)
    noun = "profile" if len(names) == 1 else "profiles"
    more = ", and not the others: --profile NAME looks at one" if len(names) < len(every) else ""
    return f" ({noun} {', '.join(map(quoted, names))}{more})" if names else ""


def _list(scene: Path, choice: Choice, written: Callable[[Path, Sequence[Told]], str]) -> None:
    """Print what is to be said of a scene for a program; leave with 1 if it has mistakes."""
    told = _told(scene, choice)
    if lines := written(scene, told):
        say(lines)
    if any(one.severity == "error" for one in told):
        raise SystemExit(MENDABLE)


def _told(scene: Path, choice: Choice) -> list[Told]:
    """The mistakes of a scene, or else its warnings.

    What is wrong with the file as a whole, or with what it names, stands at its beginning.
    """
    from pipeline.plan.extent import extent

    try:
        read = _read(scene, choice)
        extent(read.scene)
    except SceneError as error:
        return listed([Told("error", problem) for problem in error.problems])
    except Error as error:
        return [Told("error", Problem(1, 1, "", str(error)))]
    warnings = in_order((*read.warnings, *narrow_disk(read, scene, profile=choice.profile)))
    return listed([Told("warning", problem) for problem in warnings])
