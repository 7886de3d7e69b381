"""The commands of `discoreel`. Each reads its arguments, calls one or two verbs, and prints.

torch is imported inside `render` only: `check` and `plan` answer at once.
"""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Annotated

import typer

from pipeline.load import load_scene
from pipeline.plan import make_plan

app = typer.Typer(
    help="Turn a scene file of keyframed prompts and camera motion into a video.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

SceneFile = Annotated[Path, typer.Argument(metavar="SCENE", help="The scene, a YAML file.")]
