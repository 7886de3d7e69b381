"""`discoreel export depth`: how deep the frames of a render are, for compositing programs."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.models import ModelsDir
from pipeline.cli.options import Device, OnDevice, RunFolder
from pipeline.cli.terminal import say, tell
from pipeline.cli.threads import Threads, settle_threads


class DepthFormat(StrEnum):
    """Formats of pictures of depth."""

    PNG = "png"
    EXR = "exr"


Pictures = Annotated[
    Path, typer.Argument(metavar="FOLDER", help="The folder of the pictures, made anew.")
]
AsFormat = Annotated[
    DepthFormat,
    typer.Option("--format", help="png: inverse depth in 16 bits; exr: depth as it is."),
]

_PATIENCE = 10.0
"""Seconds of writing that are not worth a word."""


def depth(
    folder: RunFolder,
    pictures: Pictures,
    format: AsFormat = DepthFormat.PNG,
    device: OnDevice = Device.AUTO,
    threads: Threads = None,
    models_dir: ModelsDir = None,
) -> None:
    """Write how deep each frame of a render's video is."""
    from rich.console import Console

    from pipeline.cli.frame_depths import frame_depths
    from pipeline.cli.progress import counting
    from pipeline.output.depth_export import check_place, export_depth
    from pipeline.output.turn import output_turn
    from pipeline.run.footage import read_footage

    settle_threads(threads)
    console, footage = Console(stderr=True), read_footage(folder)
    check_place(pictures.absolute(), folder)
    if len(footage.shown) < footage.planned:
        tell(f"{len(footage.shown)} of {footage.planned} frames are there")
    with output_turn(folder, ()):
        maps = frame_depths(footage, folder, device, models_dir, console)
    total = len(footage.shown)
    with counting(console, total=total, label="writing depth", patience=_PATIENCE) as report:
        done = export_depth(footage, maps, pictures.absolute(), format.value, report)
    say(f"depth          {done.folder}\nwhat it means  {done.meaning}")
