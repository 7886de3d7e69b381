"""Arguments and options that several commands share."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Device(StrEnum):
    """The device that networks run on."""

    AUTO = "auto"
    CPU = "cpu"
    CUDA = "cuda"


SceneFile = Annotated[Path, typer.Argument(metavar="SCENE", help="The scene, a YAML file.")]
RunFolder = Annotated[Path, typer.Argument(metavar="DIR", help="The folder of a render.")]
OnDevice = Annotated[Device, typer.Option("--device", help="Where the networks run.")]
