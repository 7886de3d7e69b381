"""`discoreel check`: every mistake of a scene at once."""

from __future__ import annotations

import typer

from pipeline.cli.options import SceneFile
from pipeline.cli.outline import extent
from pipeline.plan.describe import describe
from pipeline.plan.make import make_plan
from pipeline.scene.load import load_scene


def check(scene: SceneFile) -> None:
    """Read a scene and name every mistake in it, without rendering anything."""
    summary = describe(make_plan(load_scene(scene)))
    typer.echo(f"{scene}: {extent(summary)}; no mistakes")
