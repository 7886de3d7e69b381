"""Arguments and options that several commands share."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pipeline.scene.composing.choice import Choice


class Device(StrEnum):
    """The device that networks run on."""

    AUTO = "auto"
    CPU = "cpu"
    CUDA = "cuda"


SceneFile = Annotated[Path, typer.Argument(metavar="SCENE", help="The scene, a YAML file.")]
RunFolder = Annotated[Path, typer.Argument(metavar="DIR", help="The folder of a render.")]
OneFrame = Annotated[
    str,
    typer.Argument(
        metavar="FRAME", help='A frame or time of the video, as 31 or 2s; or "12 of city".'
    ),
]
RenderFolder = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Folder of the render; or else renders/<scene>[-<profile>]."),
]
ProfileName = Annotated[
    str | None,
    typer.Option("--profile", metavar="NAME", help="Lay this profile of the scene over it."),
]
SetSettings = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="NAME=VALUE", help="A setting, as camera.fov=60; may be repeated."
    ),
]
OnDevice = Annotated[Device, typer.Option("--device", help="Where the networks run.")]


def choice_of(profile: str | None, settings: list[str] | None) -> Choice:
    """What the options lay over a scene."""
    return Choice(profile, tuple(settings or ()))
