"""`discoreel render`: frames, then the video and the contact sheet.

torch is imported only if a frame is missing, or has to be enlarged by a network.
"""

from __future__ import annotations

import gc
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.models import ModelsDir
from pipeline.cli.options import Device, OnDevice, SceneFile
from pipeline.cli.outline import tell_warnings
from pipeline.cli.terminal import tell
from pipeline.cli.threads import Threads, settle_threads
from pipeline.plan.make import make_plan
from pipeline.scene.load import read_scene

if TYPE_CHECKING:
    from rich.console import Console

    from pipeline.catalogue.located import LocatedNetworks
    from pipeline.networks.bundle import Networks
    from pipeline.run.run import Run
    from pipeline.spec.plan import Plan

_log = logging.getLogger(__name__)


class Memory(StrEnum):
    """How much memory of the device a render may take."""

    NORMAL = "normal"
    LOW = "low"


def render(
    scene: SceneFile,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder of the render; renders/<scene> if not given."),
    ] = None,
    device: OnDevice = Device.AUTO,
    replace: Annotated[
        bool, typer.Option("--replace", help="Render frames anew that the scene has changed.")
    ] = False,
    memory: Annotated[
        Memory,
        typer.Option("--memory", help="low: one network on the device at a time; slower."),
    ] = Memory.NORMAL,
    threads: Threads = None,
    models_dir: ModelsDir = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Say what takes how long.")
    ] = False,
) -> None:
    """Render a scene; the same command continues a render that was interrupted."""
    from rich.console import Console

    from pipeline.catalogue.locate import fingerprints, locate_all
    from pipeline.catalogue.store import find_store
    from pipeline.cli.finish import finish
    from pipeline.cli.logs import log_to
    from pipeline.run.run import Run

    settle_threads(threads)
    console = Console(stderr=True)
    log_to(console, logging.DEBUG if verbose else logging.INFO)
    read = read_scene(scene)
    made = make_plan(read.scene)
    tell_warnings(read, scene)
    folder = out or Path("renders") / scene.stem
    store = find_store(models_dir)
    networks = locate_all(made, store)
    prints = {name: fingerprints(located, store) for name, located in networks.items()}
    with Run.open(folder, made, prints, replace_stale=replace) as run:
        _report_opening(run, made)
        if run.finished < len(made):
            _render_missing(made, run, _Loading(networks, device, memory), console)
        finish(run.footage(made), folder, device, console)


@dataclass(frozen=True, slots=True)
class _Loading:
    """What to load, and how."""

    sets: Mapping[str, LocatedNetworks]
    device: Device
    memory: Memory

    def load(self) -> dict[str, Networks]:
        """The sets of networks, in memory."""
        from pipeline.networks.devices import pick_device, pick_dtype
        from pipeline.networks.load import load_networks

        device, low = pick_device(self.device), self.memory is Memory.LOW
        loaded = {}
        for name, located in self.sets.items():
            dtype = pick_dtype(located.precision, device)
            _log.debug("the networks run on %s, in %s", device, dtype)
            loaded[name] = load_networks(located, device, dtype, low_memory=low)
        return loaded


def _render_missing(plan: Plan, run: Run, loading: _Loading, console: Console) -> None:
    """Load the networks and render; an interruption says how far it came."""
    from pipeline.cli.progress import progress
    from pipeline.render.loop import render

    gc.enable()
    try:
        networks = loading.load()
        with progress(console, total=len(plan), done=run.finished) as report:
            for frame in render(plan, run, networks):
                report(frame.spec.frame, frame.seconds)
    except KeyboardInterrupt:
        tell(f"{run.finished} of {len(plan)} frames; the same command continues")
        raise


def _report_opening(run: Run, plan: Plan) -> None:
    if run.damaged:
        listed = ", ".join(map(str, run.damaged[:5])) + (" ..." if len(run.damaged) > 5 else "")
        tell(f"damaged frames are rendered again: {listed}")
    if run.set_aside is not None:
        tell(f"old frames were moved to {run.set_aside}")
    if run.finished:
        tell(f"{run.finished} of {len(plan)} frames hold")
