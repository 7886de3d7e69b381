"""`discoreel check`: every mistake of a scene at once."""

from __future__ import annotations

import typer

from pipeline.cli.options import SceneFile
from pipeline.cli.outline import extent, summary_of, tell_remarks
from pipeline.plan.make import make_plan
from pipeline.scene.load import load_scene


def check(scene: SceneFile) -> None:
    """Read a scene and name every mistake in it, without rendering anything."""
    read = load_scene(scene)
    typer.echo(f"{scene}: {extent(summary_of(read, make_plan(read)))}; no mistakes")
    tell_remarks(read)
