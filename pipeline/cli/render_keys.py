"""`discoreel render --keys`: one picture for each look, painted before the night is spent."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from rich.console import Console

from pipeline.cli.full_disk import room_told
from pipeline.cli.loading import Machine
from pipeline.cli.missing_frames import render_missing
from pipeline.cli.terminal import say, tell
from pipeline.errors import Error
from pipeline.output.key_sheet import make_key_sheet
from pipeline.plan.key_frames import key_plan, keys_of
from pipeline.run.directory import RunDirectory, disk_errors
from pipeline.run.keys import keys_folder
from pipeline.run.run import Run
from pipeline.run.seeds import read_seeds, with_seeds
from pipeline.spec.plan import Plan


def render_keys(
    plan: Plan,
    render: Path,
    shots: Collection[str] | None,
    machine: Machine,
    console: Console,
) -> None:
    """Paint the key frames of `plan`, of `shots` or all, into the folder of `render`; a sheet too.

    Those that an edit of the scene has changed are moved aside and painted anew; frames of the
    render that were redone have the seeds that they have there. Raises Error if
    nothing is painted, or what rendering raises.
    """
    with disk_errors("read", render):
        plan = with_seeds(plan, read_seeds(RunDirectory(render)))
    made = {look: key.id for look, key in keys_of(plan).items()}
    looks = [look for look in made if shots is None or look.shot in shots]
    if not looks:
        raise Error("nothing is painted here, so there are no key frames; render without --keys")
    keys, folder = key_plan(plan), keys_folder(render)
    loading, prints = machine.loading(keys)
    with Run.open(folder, keys, prints, replace_stale=True) as run, room_told(folder, keys, run):
        if run.set_aside is not None:
            tell(f"old key frames were moved to {run.set_aside}")
        wanted = {made[look] for look in looks}
        render_missing(keys, run, loading, console, wanted)
    pictures = [RunDirectory(folder).frame(made[look]) for look in looks]
    sheet = make_key_sheet(looks, pictures, folder)
    say(f"key frames     {folder / 'frames'}\ncontact sheet  {sheet}")
