"""`discoreel accept`: frames hold as they are, although the scene would make others."""

from __future__ import annotations

from typing import Annotated

import typer

from keyframes.time_words import counted
from pipeline.cli.disk_room import render_folder
from pipeline.cli.loading import Machine, Memory
from pipeline.cli.models import ModelsDir
from pipeline.cli.options import (
    Device,
    ProfileName,
    RenderFolder,
    SceneFile,
    SetSettings,
    choice_of,
)
from pipeline.cli.planned import planned
from pipeline.cli.terminal import say
from pipeline.errors import Error

Frames = Annotated[
    str,
    typer.Argument(metavar="FRAMES", help='A:B, a frame or a time of the video; or "12 of city".'),
]
Reason = Annotated[
    str, typer.Option("--reason", metavar="WORDS", help="Why, in your words; status shows it.")
]


def accept(
    scene: SceneFile,
    frames: Frames,
    reason: Reason,
    out: RenderFolder = None,
    models_dir: ModelsDir = None,
    profile: ProfileName = None,
    settings: SetSettings = None,
) -> None:
    """Keep frames that the scene would change now.

    The render goes on from them; status lists them. render --update undoes it.
    """
    from pipeline.run.editing import accept, editing

    if not reason.strip():
        raise Error("--reason is empty; say why these frames are kept, as --reason 'only a typo'")
    read = planned(scene, choice_of(profile, settings), out)
    wanted = read.frames_named(frames)
    _, prints = Machine(Device.AUTO, Memory.NORMAL, models_dir).loading(read.plan)
    folder = render_folder(scene, out, profile)
    with editing(folder, read.plan, prints) as edited:
        kept = accept(edited, wanted, reason.strip())
    if not kept:
        say("nothing to accept: the scene makes these frames as they are")
        return
    say(f"{counted(len(kept), 'frame')} accepted, {kept[0]} to {kept[-1]}; status lists them")
