"""`discoreel plan`: what a scene will render, for people, as a table, as JSON and as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.options import ProfileName, SceneFile, SetSettings, choice_of
from pipeline.cli.outline import outline
from pipeline.cli.problems import tell_warnings
from pipeline.cli.terminal import say
from pipeline.cli.writing import writing
from pipeline.errors import Error

if TYPE_CHECKING:
    from pipeline.plan.table import Table
    from pipeline.scene.schema import Scene
    from pipeline.spec.plan import Plan

_STDOUT = Path("-")
"""Stands for standard output in the place of a file."""


ChosenFrames = Annotated[
    str | None,
    typer.Option(metavar="A:B:STEP", help="A table of these frames; times are good, too."),
]
From = Annotated[str | None, typer.Option("--from", metavar="TIME", help="A table from there on.")]
For = Annotated[
    str | None, typer.Option("--for", metavar="DURATION", help="How long the table goes on.")
]
Fields = Annotated[
    str | None,
    typer.Option(metavar="NAMES", help="Its columns, as camera.zoom,prompts; or what moves."),
]
Csv = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Write the table; - is standard output.")
]
Json = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Write the table, or else the whole plan.")
]
Plot = Annotated[Path | None, typer.Option(metavar="FILE", help="Draw it over the song, as a PNG.")]


def plan(
    scene: SceneFile,
    frames: ChosenFrames = None,
    start: From = None,
    length: For = None,
    fields: Fields = None,
    csv: Csv = None,
    json: Json = None,
    plot: Plot = None,
    profile: ProfileName = None,
    settings: SetSettings = None,
) -> None:
    """Show what a scene will render.

    Length, work, prompts and what moves; or any of its numbers as a table or a picture.
    """
    from pipeline.plan.make import make_plan
    from pipeline.scene.load import read_scene

    read = read_scene(scene, choice=choice_of(profile, settings))
    made = make_plan(read.scene)
    tell_warnings(read, scene)
    sources = read.sources
    if plot is not None:
        _draw(plot, read.scene, made, sources)
    if any(one is not None for one in (frames, start, length, fields, csv)):
        table = _table(read.scene, made, _chosen(read.scene, frames, start, length), fields)
        _hand_on_table(table, csv, json, sources)
    else:
        _hand_on_plan(read.scene, made, json, sources)
    for path in (csv, json, plot):
        if path is not None and path != _STDOUT:
            say(f"wrote {path}")


def _draw(plot: Path, scene: Scene, made: Plan, sources: Sequence[Path]) -> None:
    from pipeline.output.plan_plot import draw_plan
    from pipeline.plan.marks import beat_frames

    _write(plot, draw_plan(made, beat_frames(scene)), sources)


def _chosen(
    scene: Scene, frames: str | None, start: str | None, length: str | None
) -> tuple[int, ...]:
    """The frames of the video that the options ask for, all of them by default."""
    from pipeline.plan.frame_choice import chosen_frames, stretch_from

    if frames is None:
        return stretch_from(start, length, scene.timebase, scene.frame_count)
    if start is not None or length is not None:
        raise Error("--frames and --from or --for both say which frames; give one of them")
    return chosen_frames(frames, scene.timebase, scene.frame_count)


def _table(scene: Scene, made: Plan, frames: tuple[int, ...], fields: str | None) -> Table:
    from pipeline.plan.field_names import chosen_fields
    from pipeline.plan.frame_values import FIELDS
    from pipeline.plan.table import plan_table

    names = None if fields is None else chosen_fields(fields, FIELDS)
    return plan_table(made, scene.timebase, frames, names)


def _hand_on_table(
    table: Table, csv: Path | None, json: Path | None, sources: Sequence[Path]
) -> None:
    """Write the table in the forms that were asked for; for people if none was."""
    from pipeline.cli.table_forms import table_csv, table_json, table_lines

    if csv is not None:
        _write_text(csv, table_csv(table), sources)
    if json is not None:
        _write_text(json, table_json(table), sources)
    if csv is None and json is None:
        say("\n".join(table_lines(table)))


def _hand_on_plan(scene: Scene, made: Plan, json: Path | None, sources: Sequence[Path]) -> None:
    """Write the whole plan where that was asked for, and tell it unless it went to the output."""
    from pipeline.plan.describe import describe
    from pipeline.plan.extent import extent
    from pipeline.plan.make import plan_to_json

    if json is not None:
        _write_text(json, plan_to_json(made), sources)
    if json != _STDOUT:
        say("\n".join(outline(extent(scene), describe(made), scene.timebase)))


def _write_text(path: Path, text: str, read: Sequence[Path]) -> None:
    if path == _STDOUT:
        say(text.rstrip("\n"))
    else:
        # Only names of files hold lone surrogates, and their codes are what JSON writes them as.
        _write(path, text.encode(errors="backslashreplace"), read)


def _write(path: Path, data: bytes, read: Sequence[Path]) -> None:
    from pipeline.files.atomic import write_atomically

    with writing(path, *read):
        write_atomically(path, data)
