"""`discoreel plan`: what a scene will render, for people and as JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.options import SceneFile
from pipeline.cli.outline import outline, tell_warnings
from pipeline.cli.terminal import say
from pipeline.errors import Error


def plan(
    scene: SceneFile,
    json: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write every parameter of every frame.")
    ] = None,
) -> None:
    """Show what a scene will render: length, work, prompts, and what moves."""
    from pipeline.plan.describe import describe
    from pipeline.plan.extent import extent
    from pipeline.plan.make import make_plan, plan_to_json
    from pipeline.scene.load import read_scene

    read = read_scene(scene)
    made = make_plan(read.scene)
    tell_warnings(read, scene)
    if json is not None:
        _write_text(json, plan_to_json(made))
    say("\n".join(outline(extent(read.scene), describe(made), read.scene.timebase)))
    if json is not None:
        say(f"wrote {json}")


def _write_text(path: Path, text: str) -> None:
    from pipeline.files.atomic import write_atomically

    try:
        # Only names of files hold lone surrogates, and their codes are what JSON writes them as.
        write_atomically(path, text.encode(errors="backslashreplace"))
    except OSError as error:
        raise Error(
            f"{path}: cannot be written ({error.strerror}); name a file in a folder that you "
            "may write to"
        ) from error
