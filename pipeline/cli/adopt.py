"""`discoreel adopt`: a picture that a person painted over becomes the frame."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from keyframes.quoting import quoted_path
from pipeline.cli.disk_room import render_folder
from pipeline.cli.loading import Machine, Memory
from pipeline.cli.models import ModelsDir
from pipeline.cli.options import (
    Device,
    OneFrame,
    ProfileName,
    RenderFolder,
    SceneFile,
    SetSettings,
    choice_of,
)
from pipeline.cli.planned import planned
from pipeline.cli.terminal import say, tell

Picture = Annotated[
    Path | None,
    typer.Argument(
        metavar="[PICTURE]", help="The picture; if not given, the frame's own file as it is now."
    ),
]


def adopt(
    scene: SceneFile,
    frame: OneFrame,
    picture: Picture = None,
    out: RenderFolder = None,
    models_dir: ModelsDir = None,
    profile: ProfileName = None,
    settings: SetSettings = None,
) -> None:
    """Make a picture that you painted a frame of the render.

    What grows from the frame is rendered anew by render --update; the frame itself stays.
    """
    from pipeline.run.adopting import adopt
    from pipeline.run.editing import editing

    read = planned(scene, choice_of(profile, settings), out)
    named = read.frame_named(frame)
    _, prints = Machine(Device.AUTO, Memory.NORMAL, models_dir).loading(read.plan)
    with editing(render_folder(scene, out, profile), read.plan, prints) as edited:
        take = adopt(edited, named, picture)
    say(f"frame {named} is your picture now")
    tell(
        f"what lay there is kept in {quoted_path(take)}; render --update renders what grows from it"
    )
