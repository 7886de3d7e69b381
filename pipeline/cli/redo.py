"""`discoreel redo`: one frame again, with another seed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from keyframes.quoting import quoted_path
from keyframes.time_words import counted
from pipeline.cli.disk_room import render_folder
from pipeline.cli.loading import Machine, Memory
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
from pipeline.cli.render import AnyMachine, MemoryUse
from pipeline.cli.terminal import say, tell
from pipeline.cli.threads import Threads, inherited_threads, settle_threads

if TYPE_CHECKING:
    from pipeline.run.redoing import Redone

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
    models_dir: ModelsDir = None,
    profile: ProfileName = None,
    settings: SetSettings = None,
) -> None:
    """Paint one frame again with another seed.

    What grows from it moves to takes/ with the old picture, and is rendered by the next render.
    """
    from pipeline.cli.missing_frames import needed_frames, render_missing
    from pipeline.run.directory import RunDirectory
    from pipeline.run.editing import editing
    from pipeline.run.redoing import redo
    from pipeline.run.run import Run

    folder = render_folder(scene, out, profile)
    settle_threads(threads or inherited_threads(folder))
    read = planned(scene, choice_of(profile, settings), out)
    named = read.frame_named(frame)
    loading, prints = Machine(device, memory, models_dir, accept_machine).loading(read.plan)
    platform = None if accept_machine else loading.platform()
    with editing(folder, read.plan, prints) as edited:
        redone = redo(edited, read.plan, named, seed, platform)
    if redone.take is not None:
        tell(f"{counted(redone.aside, 'old frame')} moved to {quoted_path(redone.take)}")
    with Run.open(folder, read.plan, prints) as run:
        needed = needed_frames(frozenset({named}), run, run.plan)
        render_missing(run.plan, run, loading, logging_console(), needed)
    picture = quoted_path(RunDirectory(folder).frame(named))
    say(f"frame {named} is painted with seed {redone.seed}: {picture}")
    tell(_onward(redone))


def _onward(redone: Redone) -> str:
    back = "" if redone.take is None else f", takes restore {int(redone.take.name)} goes back"
    return f"render goes on with what grows from it; redo again tries another seed{back}"
