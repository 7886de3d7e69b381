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

from keyframes.quoting import quoted
from pipeline.cli.disk_room import narrow_disk, render_folder
from pipeline.cli.models import ModelsDir
from pipeline.cli.options import Device, OnDevice, SceneFile
from pipeline.cli.problems import tell_warnings
from pipeline.cli.terminal import tell
from pipeline.cli.threads import Threads, settle_threads
from pipeline.errors import Error

if TYPE_CHECKING:
    from rich.console import Console

    from pipeline.catalogue.located import LocatedNetworks
    from pipeline.networks.bundle import Networks
    from pipeline.run.digest import Fingerprints
    from pipeline.run.run import Run
    from pipeline.spec.plan import Plan

_log = logging.getLogger(__name__)


class Memory(StrEnum):
    """How much memory of the device a render may take."""

    NORMAL = "normal"
    LOW = "low"


RenderFolder = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Folder of the render; renders/<scene> if not given."),
]
Replace = Annotated[
    bool, typer.Option("--replace", help="Render frames anew that the scene has changed.")
]
MemoryUse = Annotated[
    Memory, typer.Option("--memory", help="low: one network on the device at a time; slower.")
]
Shots = Annotated[
    list[str] | None,
    typer.Option("--shot", metavar="NAME", help="Render this shot alone; may be repeated."),
]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Say what takes how long.")]


def render(
    scene: SceneFile,
    out: RenderFolder = None,
    device: OnDevice = Device.AUTO,
    replace: Replace = False,
    memory: MemoryUse = Memory.NORMAL,
    shot: Shots = None,
    threads: Threads = None,
    models_dir: ModelsDir = None,
    verbose: Verbose = False,
) -> None:
    """Render a scene; the same command continues a render that was interrupted."""
    from pipeline.cli.finish import finish
    from pipeline.run.run import Run

    settle_threads(threads)
    console = _console(verbose)
    made = _planned(scene, out)
    shots = _known(shot, made)
    networks, prints = _located(made, models_dir)
    folder = render_folder(scene, out)
    with Run.open(folder, made, prints, replace_stale=replace) as run:
        _report_opening(run, made)
        if left := sum(shots is None or spec.shot in shots for spec in run.missing(made)):
            loading = _Loading(networks, device, memory)
            _render_missing(made, run, loading, shots, console, left)
        if run.finished < len(made):
            tell(f"{run.finished} of {len(made)} frames; the video is made when all are there")
        else:
            finish(run.footage(made), folder, device, console)


def _known(names: list[str] | None, plan: Plan) -> list[str] | None:
    """The names of shots, if the plan has them all; None stands for all of them."""
    from unicodedata import normalize

    from keyframes.nearest import nearest

    known = [shot.name for shot in plan.shots]
    # As scenes are read: one letter can be written in several ways.
    names = names and list(dict.fromkeys(normalize("NFC", name) for name in names))
    for name in names or ():
        if not known:
            raise Error(f"the scene has no shots, found --shot {quoted(name)}; leave it out")
        if name not in known:
            hint = nearest(name, known)
            raise Error(f"there is no shot {quoted(name)}{hint}; the shots are {', '.join(known)}")
    return names


def _planned(file: Path, out: Path | None) -> Plan:
    """The plan of the scene in `file`, whose warnings are told; it is rendered into `out`."""
    from pipeline.plan.make import make_plan
    from pipeline.scene.load import read_scene

    read = read_scene(file)
    made = make_plan(read.scene)
    tell_warnings(read, file, *narrow_disk(read, file, out))
    return made


def _console(verbose: bool) -> Console:
    """Standard error, with the package's log on it."""
    from rich.console import Console

    from pipeline.cli.logs import log_to

    console = Console(stderr=True)
    log_to(console, logging.DEBUG if verbose else logging.INFO)
    return console


def _located(
    plan: Plan, models_dir: Path | None
) -> tuple[Mapping[str, LocatedNetworks], Mapping[str, Fingerprints]]:
    """The files of the plan's sets of networks, and their fingerprints, by name of the set."""
    from pipeline.catalogue.locate import fingerprints, locate_all
    from pipeline.catalogue.store import find_store

    store = find_store(models_dir)
    networks = locate_all(plan, store)
    return networks, {name: fingerprints(one, store) for name, one in networks.items()}


@dataclass(frozen=True, slots=True)
class _Loading:
    """Sets of networks by name, the device to load them on, and how much of its memory."""

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


def _render_missing(
    plan: Plan,
    run: Run,
    loading: _Loading,
    shots: list[str] | None,
    console: Console,
    left: int,
) -> None:
    """Load the networks and render `left` frames; an interruption says how far it came."""
    from pipeline.cli.progress import progress
    from pipeline.render.loop import render

    gc.enable()
    try:
        networks = loading.load()
        with progress(console, total=run.finished + left, done=run.finished) as report:
            for frame in render(plan, run, networks, shots):
                report(run.finished - 1, frame.seconds)
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
