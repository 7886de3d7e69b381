"""The commands of `discoreel takes`: frames that a render no longer has, and having them back."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from keyframes.quoting import quoted_path
from keyframes.time_words import counted
from pipeline.cli.options import RunFolder
from pipeline.cli.terminal import say, tell

if TYPE_CHECKING:
    from pipeline.run.take_changes import Stretch
    from pipeline.run.takes import Take
    from pipeline.spec.frame import FrameId

takes_app = typer.Typer(
    help="List, compare and restore frames that edits have replaced.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Number = Annotated[int, typer.Argument(metavar="NUMBER", help="Number of the take, from `list`.")]


@takes_app.command("list")
def list_takes(folder: RunFolder) -> None:
    """List the takes of a render: when, why, which frames."""
    from pipeline.run.takes import read_takes

    takes = read_takes(folder)
    say("\n".join(map(_line, takes)) or f"{folder} has no takes: no edit has replaced a frame")


@takes_app.command()
def diff(folder: RunFolder, number: Number) -> None:
    """Say how a take differs from the frames of now."""
    from pipeline.run.take_changes import take_changes

    stretches = take_changes(folder, number)
    say("\n".join(map(_difference, stretches)) or f"take {number} holds no frame")


@takes_app.command()
def restore(folder: RunFolder, number: Number) -> None:
    """Put the frames of a take back.

    Those that stand in their places become a take in turn. The render goes on with the scene that
    made them; with another one it says what would change.
    """
    from pipeline.run.takes import restore

    back, replaced = restore(folder, number)
    if replaced is not None:
        tell(f"the frames that stood there were moved to {quoted_path(replaced)}")
    if not back:
        say(f"the frames of take {number} are in the render already")
    else:
        say(f"{counted(len(back), 'frame')} of take {number} restored: {_span(back[0], back[-1])}")


def _line(take: Take) -> str:
    which = _span(take.frames[0], take.frames[-1]) if take.frames else "none"
    why = take.reason or "nothing says why"
    frames = counted(len(take.frames), "frame")
    return f"{take.number:3d}  {_local(take.made)}  {frames}: {which}; {why}"


def _span(first: FrameId, last: FrameId) -> str:
    return f"{first}" if first == last else f"{first} to {last}"


def _local(made: str) -> str:
    """A time in UTC as the clock on the wall shows it."""
    try:
        return datetime.fromisoformat(made).astimezone().strftime("%Y-%m-%d %H:%M:%S")
    except (ValueError, OverflowError):  # the last hours of the year 9999
        return "at an unknown time"


def _difference(one: Stretch) -> str:
    which = _span(one.first, one.last)
    levels = "" if one.levels is None else f" (pictures differ by {one.levels:.3g} levels)"
    return f"{which}: {one.words}{levels}"
