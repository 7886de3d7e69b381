"""`discoreel redo`: one frame again, with another seed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from keyframes.quoting import quoted_path
from keyframes.time_words import counted
from pipeline.cli.disk_room import render_folder
from pipeline.cli.loading import Loading, Machine, Memory
from pipeline.cli.logs import logging_console
from pipeline.cli.models import ModelsDir
from pipeline.cli.options import (
    Device,
    OnDevice,
    OneFrame,
    ProfileName,
    RenderFolder,
    SceneFile,
    SetSettings,
    choice_of,
)
from pipeline.cli.planned import planned
from pipeline.cli.render import AnyMachine, AnyPicture, Deterministic, MemoryUse
from pipeline.cli.terminal import say, tell
from pipeline.cli.threads import Threads, inherited_threads, settle_threads

if TYPE_CHECKING:
    from pipeline.run.digest import Fingerprints
    from pipeline.run.redoing import Redone
    from pipeline.spec.frame import FrameId
    from pipeline.spec.plan import Plan

Seed = Annotated[
    int | None,
    typer.Option(min=0, max=2**63 - 1, help="Its new seed; the next one if not given."),
]


def redo(
    scene: SceneFile,
    frame: OneFrame,
    seed: Seed = None,
    out: RenderFolder = None,
    device: OnDevice = Device.AUTO,
    memory: MemoryUse = Memory.NORMAL,
    threads: Threads = None,
    accept_machine: AnyMachine = False,
    accept_lifeless: AnyPicture = False,
    deterministic: Deterministic = False,
    models_dir: ModelsDir = None,
    profile: ProfileName = None,
    settings: SetSettings = None,
) -> None:
    """Paint one frame again with another seed.

    What grows from it moves to takes/ with the old picture, and is rendered by the next render.
    """
    folder = render_folder(scene, out, profile)
    settle_threads(threads or inherited_threads(folder))
    read = planned(scene, choice_of(profile, settings), out)
    machine = Machine(device, memory, models_dir, accept_machine, accept_lifeless, deterministic)
    _redo(read.frame_named(frame), seed, folder, read.plan, machine)


def _redo(frame: FrameId, seed: int | None, folder: Path, plan: Plan, machine: Machine) -> None:
    """Put a frame and what grows from it aside, paint the frame, and say so."""
    from pipeline.run.editing import editing
    from pipeline.run.redoing import redo

    loading, prints = machine.loading(plan)
    platform = None if machine.any_platform else loading.platform()
    with editing(folder, plan, prints) as edited:
        redone = redo(edited, plan, frame, seed, platform)
    if redone.take is not None:
        tell(f"{counted(redone.aside, 'old frame')} moved to {quoted_path(redone.take)}")
    _paint(frame, redone, folder, plan, loading, prints)


def _paint(
    frame: FrameId,
    redone: Redone,
    folder: Path,
    plan: Plan,
    loading: Loading,
    prints: Mapping[str, Fingerprints],
) -> None:
    """Render one frame, and what is missing before it; say so once it is there.

    Also where an interruption has let it be finished: the same command would try another seed.
    """
    from pipeline.cli.missing_frames import CONTINUES, needed_frames, render_missing, tell_aside
    from pipeline.run.directory import RunDirectory
    from pipeline.run.run import Run

    with Run.open(folder, plan, prints) as run:
        tell_aside(run)
        needed = needed_frames(frozenset({frame}), run, run.plan)

        def is_there() -> bool:
            return all(one.id != frame for one in run.missing(run.plan))

        def onward() -> str:
            return "the one that was asked for is there" if is_there() else CONTINUES

        try:
            console = logging_console()
            render_missing(run.plan, run, loading, console, needed, onward=onward)
        finally:
            if is_there():
                picture = quoted_path(RunDirectory(folder).frame(frame))
                say(f"frame {frame} is painted with seed {redone.seed}: {picture}")
                tell(_onward(redone))


def _onward(redone: Redone) -> str:
    back = "" if redone.take is None else f", takes restore {int(redone.take.name)} goes back"
    return f"render goes on with what grows from it; redo again tries another seed{back}"
