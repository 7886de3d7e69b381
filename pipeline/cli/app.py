"""The commands of `discoreel`. Each reads its arguments, calls a few verbs, and prints.

Standard output carries results; progress and everything that is said along the way goes to
standard error. torch is imported by `render` and `assemble` alone, and only if a frame is missing
or has to be enlarged by a network: `check` and `plan` answer at once.
"""

from __future__ import annotations

import gc
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from keyframes.time_words import clock_time
from pipeline.cli.models import ModelsDir, models_app
from pipeline.errors import Error, Problem
from pipeline.plan.describe import Summary, describe
from pipeline.plan.make import make_plan, plan_to_json
from pipeline.scene.load import read_scene

if TYPE_CHECKING:
    from rich.console import Console

    from pipeline.catalogue.locate import LocatedNetworks
    from pipeline.networks.bundle import Networks
    from pipeline.run.run import Run
    from pipeline.spec.frame import Plan

_log = logging.getLogger(__name__)

app = typer.Typer(
    help="Turn a scene file of keyframed prompts and camera motion into a video.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(models_app, name="models")


class Memory(StrEnum):
    """How much memory of the device a render may take."""

    NORMAL = "normal"
    LOW = "low"


class Device(StrEnum):
    """Where networks run."""

    AUTO = "auto"
    CPU = "cpu"
    CUDA = "cuda"


SceneFile = Annotated[Path, typer.Argument(metavar="SCENE", help="The scene, a YAML file.")]
RunFolder = Annotated[Path, typer.Argument(metavar="DIR", help="The folder of a render.")]
OnDevice = Annotated[Device, typer.Option("--device", help="Where the networks run.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Say what takes how long.")]


@app.command()
def check(scene: SceneFile) -> None:
    """Read a scene and name every mistake in it, without rendering anything."""
    read = read_scene(scene)
    summary = describe(make_plan(read.scene))
    warned = {0: "", 1: ", 1 warning"}.get(count := len(read.warnings), f", {count} warnings")
    _tell(read.warnings, scene)
    typer.echo(f"{scene}: {_extent(summary)}; no mistakes{warned}")


@app.command()
def plan(
    scene: SceneFile,
    json: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write every parameter of every frame.")
    ] = None,
) -> None:
    """Show what a scene will render: length, work, prompts, and what moves."""
    read = read_scene(scene)
    made = make_plan(read.scene)
    _tell(read.warnings, scene)
    typer.echo("\n".join(_outline(describe(made))))
    if json is not None:
        _write_text(json, plan_to_json(made))
        typer.echo(f"wrote {json}")


@app.command()
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
    models_dir: ModelsDir = None,
    verbose: Verbose = False,
) -> None:
    """Render a scene; the same command continues a render that was interrupted."""
    from rich.console import Console

    from pipeline.catalogue.locate import fingerprints, networks_of
    from pipeline.catalogue.store import find_store
    from pipeline.cli.finish import finish
    from pipeline.cli.logs import log_to
    from pipeline.run.run import Run

    console = Console(stderr=True)
    log_to(console, logging.DEBUG if verbose else logging.INFO)
    read = read_scene(scene)
    made = make_plan(read.scene)
    _tell(read.warnings, scene)
    folder = out or Path("renders") / scene.stem
    store = find_store(models_dir)
    networks = networks_of(made, store)
    with Run.open(folder, made, fingerprints(networks, store), replace_stale=replace) as run:
        _report_opening(run, made)
        if run.finished < len(made):
            _render_missing(made, run, _Loading(networks, device, memory), console)
        stills = read.scene.video.n_batches is not None
        finish(run.footage(made), folder, device, console, stills=stills)


@app.command()
def assemble(folder: RunFolder, device: OnDevice = Device.AUTO) -> None:
    """Make the video of a render again from its frames, also while frames are still missing."""
    from rich.console import Console

    from pipeline.cli.finish import finish
    from pipeline.run.run import Run

    footage = Run.read(folder)
    if len(footage.frames) < footage.planned:
        typer.echo(f"{len(footage.frames)} of {footage.planned} frames are there", err=True)
    finish(footage, folder, device, Console(stderr=True))


@dataclass(frozen=True, slots=True)
class _Loading:
    """What to load, and how."""

    networks: LocatedNetworks
    device: Device
    memory: Memory

    def load(self) -> Networks:
        """The networks, in memory."""
        from pipeline.networks.devices import pick_device, pick_dtype
        from pipeline.networks.load import load_networks

        device = pick_device(self.device)
        dtype = pick_dtype(self.networks.precision, device)
        _log.debug("the networks run on %s, in %s", device, dtype)
        low = self.memory is Memory.LOW
        return load_networks(self.networks, device, dtype, low_memory=low)


def _render_missing(plan: Plan, run: Run, loading: _Loading, console: Console) -> None:
    """Load the networks and render; an interruption says how far it came."""
    from pipeline.cli.progress import progress
    from pipeline.render.loop import render

    gc.enable()
    try:
        models = loading.load()
        with progress(console, total=len(plan), done=run.finished) as report:
            for frame in render(plan, run, models):
                report(frame.spec.frame, frame.seconds)
    except KeyboardInterrupt:
        typer.echo(f"{run.finished} of {len(plan)} frames; the same command continues", err=True)
        raise


def _report_opening(run: Run, plan: Plan) -> None:
    if run.damaged:
        listed = ", ".join(map(str, run.damaged[:5])) + (" ..." if len(run.damaged) > 5 else "")
        typer.echo(f"damaged frames are rendered again: {listed}", err=True)
    if run.set_aside is not None:
        typer.echo(f"old frames were moved to {run.set_aside}", err=True)
    if run.finished:
        typer.echo(f"{run.finished} of {len(plan)} frames hold", err=True)


def _tell(warnings: Iterable[Problem], scene: Path) -> None:
    for warning in warnings:
        typer.echo(warning.told(scene, "warning"), err=True)


def _extent(summary: Summary) -> str:
    size = f"{summary.width} x {summary.height}"
    if summary.stills:
        return f"{summary.frames} stills of {size}"
    rate = f"{float(summary.fps):g} frames a second"
    return f"{summary.frames} frames of {size}, {clock_time(summary.seconds)} at {rate}"


def _outline(summary: Summary) -> Iterator[str]:
    """A plan in lines for people."""
    fewest, most = summary.passes
    each = f"{fewest}" if fewest == most else f"{fewest} to {most}"
    yield summary.title
    yield f"  {_extent(summary)}"
    yield f"  {summary.steps} steps; {each} network passes a frame, {summary.total_passes} in all"
    if summary.depth:
        yield f"  3d, through the depth of {summary.depth}"
    yield "prompts"
    for span in summary.prompts:
        texts = " + ".join(span.texts)
        yield f"  {clock_time(span.seconds):>6}  frames {span.first} to {span.last}  {texts}"
    if summary.moving:
        yield "moving"
    for number in summary.moving:
        yield f"  {number.name:<30} {number.low:.4g} to {number.high:.4g}"


def _write_text(path: Path, text: str) -> None:
    from pipeline.files.atomic import write_atomically

    try:
        write_atomically(path, text.encode())
    except OSError as error:
        raise Error(
            f"{path}: cannot be written ({error.strerror}); name a file in a folder that you "
            "may write to"
        ) from error
