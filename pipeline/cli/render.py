"""`discoreel render`: frames, then the video and the contact sheet.

torch is imported only if a frame is missing, or has to be enlarged by a network.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from keyframes.quoting import quoted, quoted_path
from pipeline.cli.disk_room import render_folder
from pipeline.cli.full_disk import room_told
from pipeline.cli.loading import Machine, Memory
from pipeline.cli.logs import logging_console
from pipeline.cli.models import ModelsDir
from pipeline.cli.options import (
    Device,
    OnDevice,
    ProfileName,
    RenderFolder,
    SceneFile,
    SetSettings,
    choice_of,
)
from pipeline.cli.planned import Planned, planned
from pipeline.cli.terminal import tell
from pipeline.cli.threads import Threads, inherited_threads, settle_threads
from pipeline.errors import Error

if TYPE_CHECKING:
    from rich.console import Console

    from pipeline.run.run import Run
    from pipeline.spec.frame import FrameId
    from pipeline.spec.plan import Plan

Update = Annotated[
    bool,
    typer.Option(
        "--update",
        "--replace",
        help="Render frames anew that the scene has changed; the old ones move to takes/.",
    ),
]
MemoryUse = Annotated[
    Memory, typer.Option("--memory", help="low: one network on the device at a time; slower.")
]
Shots = Annotated[
    list[str] | None,
    typer.Option("--shot", metavar="NAME", help="Render this shot alone; may be repeated."),
]
Frames = Annotated[
    str | None,
    typer.Option(
        "--frames", metavar="A:B", help="Render these frames alone, from A to before B; or times."
    ),
]
Keys = Annotated[
    bool, typer.Option("--keys", help="Paint one key frame for every shot and prompt instead.")
]
AnyMachine = Annotated[
    bool,
    typer.Option(
        "--accept-machine",
        help="Go on from frames of another machine or number of threads, which rounds otherwise.",
    ),
]
AnyPicture = Annotated[
    bool,
    typer.Option(
        "--accept-lifeless",
        help="Take frames as they are that come out in one flat colour, or equal to their input.",
    ),
]
Deterministic = Annotated[
    bool,
    typer.Option(
        "--deterministic", help="The same bytes every time on a graphics card too; slower."
    ),
]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Say what takes how long.")]


def render(
    scene: SceneFile,
    out: RenderFolder = None,
    device: OnDevice = Device.AUTO,
    update: Update = False,
    memory: MemoryUse = Memory.NORMAL,
    shot: Shots = None,
    frames: Frames = None,
    keys: Keys = False,
    threads: Threads = None,
    accept_machine: AnyMachine = False,
    accept_lifeless: AnyPicture = False,
    deterministic: Deterministic = False,
    models_dir: ModelsDir = None,
    verbose: Verbose = False,
    profile: ProfileName = None,
    settings: SetSettings = None,
) -> None:
    """Render a scene, or continue its render.

    What was interrupted goes on by the same command; finished frames are not rendered again.
    """
    _check_choice(frames, keys, shot)
    folder = render_folder(scene, out, profile)
    settle_threads(threads or inherited_threads(folder))
    console = logging_console(verbose)
    machine = Machine(device, memory, models_dir, accept_machine, accept_lifeless, deterministic)
    read = planned(scene, choice_of(profile, settings), out)
    made = read.plan
    shots, part = _known(shot, made), _part(frames, read)
    if keys:
        _paint_keys(made, folder, shots, machine, console)
    else:
        _render_frames(read, folder, update, part, shots, machine, console)


def _check_choice(frames: str | None, keys: bool, shot: list[str] | None) -> None:
    if frames is not None and (keys or shot):
        raise Error("--frames names frames of the video; leave out --keys and --shot beside it")


def _paint_keys(
    plan: Plan, folder: Path, shots: list[str] | None, machine: Machine, console: Console
) -> None:
    from pipeline.cli.render_keys import render_keys

    render_keys(plan, folder, shots, machine, console)


def _render_frames(
    read: Planned,
    folder: Path,
    update: bool,
    part: frozenset[FrameId] | None,
    shots: list[str] | None,
    machine: Machine,
    console: Console,
) -> None:
    """Render what is missing of a part, of some shots or of all, and the video if all is there."""
    from pipeline.cli.finish import finish
    from pipeline.cli.missing_frames import needed_frames, render_missing, tell_opening
    from pipeline.run.directory import RunDirectory
    from pipeline.run.run import Run
    from pipeline.run.scene_copy import keep_scene

    loading, prints = machine.loading(read.plan)
    with (
        Run.open(folder, read.plan, prints, replace_stale=update) as run,
        room_told(folder, read.plan, run),
    ):
        plan = run.plan
        keep_scene(RunDirectory(folder), read.texts)
        tell_opening(run, plan)
        only = None if part is None else needed_frames(part, run, plan)
        render_missing(plan, run, loading, console, only, shots)
        if run.finished < len(plan):
            _tell_unfinished(run, plan, folder)
        else:
            finish(run.footage(plan), folder, machine.device, console, machine.models_dir)


def _tell_unfinished(run: Run, plan: Plan, folder: Path) -> None:
    tell(
        f"{run.finished} of {len(plan)} frames; the video is made when all are there, or of those "
        f"from the first on by discoreel assemble {quoted_path(folder)}"
    )


def _part(frames: str | None, read: Planned) -> frozenset[FrameId] | None:
    """The painted frames that `--frames` asks for; None for all."""
    from pipeline.cli.chosen_frames import in_video, slice_of

    if frames is None:
        return None
    return in_video(read.plan, slice_of(frames, read.scene.timebase, read.scene.frame_count))


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
