"""`discoreel preview`: an animatic of a scene, without anything painted.

torch is imported only where a picture is moved; the drawn test pictures need none.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from keyframes.timebase import Timebase, TimeError, nearest_frame
from pipeline.cli.disk_room import render_folder, render_name
from pipeline.cli.options import ProfileName, SceneFile, SetSettings, choice_of
from pipeline.cli.problems import tell_warnings
from pipeline.cli.terminal import say
from pipeline.cli.threads import settle_threads
from pipeline.cli.writing import writing
from pipeline.errors import Error

if TYPE_CHECKING:
    from pipeline.scene.composing.choice import Choice
    from pipeline.scene.load import SceneRead
    from pipeline.spec.plan import Plan

File = Annotated[
    Path | None,
    typer.Option(
        "--file", "-o", metavar="FILE", help="The video; renders/<scene>-preview.mp4 if not given."
    ),
]
From = Annotated[
    str, typer.Option("--from", metavar="TIME", help="Where it begins, as chorus or 1:30.")
]
For = Annotated[
    str | None, typer.Option("--for", metavar="LENGTH", help="How long it is, as '4 bars'.")
]
Picture = Annotated[
    Path | None, typer.Option(metavar="FILE", help="A picture that the camera moves over.")
]
RunFolder = Annotated[
    Path | None,
    typer.Option("--out", metavar="DIR", help="Folder of the render, whose key frames are shown."),
]

_STILLS = "stills are asked for, and nothing moves between them; render --keys paints them"


def preview(
    scene: SceneFile,
    file: File = None,
    begin: From = "start",
    length: For = None,
    picture: Picture = None,
    out: RunFolder = None,
    profile: ProfileName = None,
    settings: SetSettings = None,
) -> None:
    """Make an animatic in seconds, with nothing painted.

    The camera moves over a test picture or key frames, with prompts, beats and the song.
    """
    from rich.console import Console

    from pipeline.cli.progress import counting
    from pipeline.output.animatic_film import check_target, write_animatic
    from pipeline.output.animatic_making import make_animatic

    # Drafts are small: threads that share one would mostly wait for one another.
    settle_threads(1)
    read, plan = _planned(scene, choice_of(profile, settings))
    target = check_target(file or Path("renders") / f"{render_name(scene, profile)}-preview.mp4")
    part = _part(begin, length, read.scene.timebase, read.scene.frame_count)
    folder = render_folder(scene, out, profile)
    animatic = make_animatic(plan, part, read.scene.timebase, folder, picture)
    with writing(target, *read.sources, *filter(None, [picture])):
        if file is None:
            target.parent.mkdir(exist_ok=True)
    with counting(Console(stderr=True), total=len(part), label="previewing") as report:
        say(f"preview        {write_animatic(animatic, target, report)}")


def _planned(scene: Path, choice: Choice) -> tuple[SceneRead, Plan]:
    """The scene, whose warnings are told, and its plan; Error if nothing moves in it."""
    from pipeline.plan.make import make_plan
    from pipeline.scene.load import read_scene

    read = read_scene(scene, choice=choice)
    plan = make_plan(read.scene)
    tell_warnings(read, scene)
    if plan.output.stills:
        raise Error(f"{scene}: {_STILLS}")
    return read, plan


def _part(begin: str, length: str | None, timebase: Timebase, count: int) -> range:
    """The frames of the video from a time on, for a length; to its end without one."""
    whole = timebase.within(0, count)
    try:
        first = int(nearest_frame(whole.frame(_number(begin))))
    except TimeError as error:
        raise Error(f"--from: {error}") from error
    if first >= count:
        raise Error(f"--from {begin} is frame {first}, and the last one is {count - 1}")
    if length is None:
        return range(first, count)
    try:
        frames = int(nearest_frame(whole.length(_number(length), first)))
    except TimeError as error:
        raise Error(f"--for: {error}") from error
    if frames < 1:
        raise Error(f"--for {length} is less than a frame; write more")
    return range(first, min(count, first + frames))


def _number(words: str) -> str | int:
    return int(words) if words.isascii() and words.isdigit() else words
