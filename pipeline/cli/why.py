"""`discoreel why`: which key, formula and value of a scene's file gave a number on a frame."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from keyframes.quoting import quoted
from pipeline.cli.options import ProfileName, SceneFile, SetSettings, choice_of
from pipeline.cli.terminal import say
from pipeline.errors import place_in

if TYPE_CHECKING:
    from pipeline.plan.reasons import Place, Reason
    from pipeline.plan.why import Answer


def why(
    scene: SceneFile,
    frame: Annotated[
        str, typer.Argument(metavar="FRAME", help="A frame of the video, or a time such as 2s.")
    ],
    field: Annotated[
        str, typer.Argument(metavar="FIELD", help="A setting, with dots, such as camera.zoom.")
    ],
    profile: ProfileName = None,
    settings: SetSettings = None,
) -> None:
    """Say which line of a scene gives a setting its value."""
    from pipeline.plan.frame_choice import one_frame
    from pipeline.plan.make import make_plan
    from pipeline.plan.why import why as answers_of
    from pipeline.scene.load import read_scene

    read = read_scene(scene, choice=choice_of(profile, settings))
    count, timebase = read.scene.frame_count, read.scene.timebase
    number = one_frame(frame, timebase, count)
    for answer in answers_of(read, make_plan(read.scene), number, field):
        say("\n".join(_lines(answer, scene)))


def _lines(answer: Answer, file: Path) -> Iterator[str]:
    """The answer, its reasons one deeper, then its notes; each with its place in a file."""
    yield answer.words
    for reason in answer.reasons:
        yield from _reason(reason, file, 1)
    for note in answer.notes:
        yield f"  {note}"


def _reason(reason: Reason, file: Path, depth: int) -> Iterator[str]:
    where = "" if reason.place is None else f"  ({_place(reason.place, file)})"
    yield f"{'  ' * depth}{reason.words}{where}"
    for inner in reason.inner:
        yield from _reason(inner, file, depth + 1)


def _place(place: Place, file: Path) -> str:
    """Where something is written: `scene.yaml:3:9`, with the profile that it is of, if any."""
    line, column, origin = place.line, place.column, place.origin
    there = place_in(file, line, column) if origin is None else origin.place(line, column)
    return f"{there}, profile {quoted(place.profile)}" if place.profile else there
