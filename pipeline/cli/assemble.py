"""`discoreel assemble`: the video of a render again, from the frames that are there."""

from __future__ import annotations

from pipeline.cli.models import ModelsDir
from pipeline.cli.options import Device, OnDevice, RunFolder
from pipeline.cli.terminal import tell
from pipeline.cli.threads import Threads, settle_threads


def assemble(
    folder: RunFolder,
    device: OnDevice = Device.AUTO,
    threads: Threads = None,
    models_dir: ModelsDir = None,
) -> None:
    """Make the video of a render from the frames it has.

    Also while frames are still missing; nothing is rendered.
    """
    from rich.console import Console

    from pipeline.cli.finish import finish
    from pipeline.run.footage import read_footage

    settle_threads(threads)
    footage = read_footage(folder)
    if len(footage.shown) < footage.planned:
        tell(f"{len(footage.shown)} of {footage.planned} frames are there")
    finish(footage, folder, device, Console(stderr=True), models_dir)
