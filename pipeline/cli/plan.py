"""`discoreel plan`: what a scene will render, for people and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.options import SceneFile
from pipeline.cli.outline import outline
from pipeline.cli.problems import tell_warnings
from pipeline.cli.terminal import say
from pipeline.cli.writing import writing


def plan(
    scene: SceneFile,
    json: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write every parameter of every frame.")
    ] = None,
    plot: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Draw it over the song, as a PNG.")
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
    sources = (scene, *read.scene.music.files)
    if json is not None:
        # Only names of files hold lone surrogates, and their codes are what JSON writes them as.
        _write(json, plan_to_json(made).encode(errors="backslashreplace"), sources)
    if plot is not None:
        from pipeline.output.plan_plot import draw_plan

        _write(plot, draw_plan(made), sources)
    say("\n".join(outline(extent(read.scene), describe(made), read.scene.timebase)))
    for path in (json, plot):
        if path is not None:
            say(f"wrote {path}")


def _write(path: Path, data: bytes, read: Sequence[Path]) -> None:
    from pipeline.files.atomic import write_atomically

    with writing(path, *read):
        write_atomically(path, data)
