"""The resolved numbers of a plan as a table: a row for each frame, a column for each setting."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from keyframes.time_words import bar_and_beat, frame_time
from keyframes.timebase import Timebase
from pipeline.plan.frame_values import FIELDS, Value, VideoFrame, video_frames
from pipeline.spec.plan import Plan

_SAID_OTHERWISE = frozenset({"sampler.skip_steps", "sampler.every", "sampler.inbetween"})
"""Settings of which another one shows enough, and that are only shown if they are asked for."""


@dataclass(frozen=True, slots=True)
class Table:
    """Frames in rows, and the values of the columns in each of them."""

    columns: tuple[str, ...]
    """Where the frame is in the video (`frame`, `time`, `bar`, `beat`, `shot`, as far as there are
    such), then the settings by their names in the scene."""
    rows: tuple[tuple[Value, ...], ...]


def plan_table(
    plan: Plan, timebase: Timebase, frames: Sequence[int], names: Sequence[str] | None = None
) -> Table:
    """The values of the settings `names` on `frames` of the video of `plan`.

    Each name is one of `FIELDS`; None stands for those that are not the same on all frames of the
    video. `timebase` is the scene's.
    """
    video = video_frames(plan)
    shown = tuple(moving_fields(video)) if names is None else tuple(names)
    places = tuple(_places(plan, timebase))
    rows = tuple(
        (*_place(video[frame], timebase, places), *(FIELDS[name](video[frame]) for name in shown))
        for frame in frames
    )
    return Table((*places, *shown), rows)


def moving_fields(video: Sequence[VideoFrame]) -> Iterator[str]:
    """The names of the settings that are not the same on all frames where they have a value."""
    for name, field in FIELDS.items():
        values = (field(frame) for frame in video)
        if name not in _SAID_OTHERWISE and len({one for one in values if one is not None}) > 1:
            yield name


def _places(plan: Plan, timebase: Timebase) -> Iterator[str]:
    """The columns that say where in the video a frame is."""
    yield "frame"
    if plan.output.stills:
        return
    yield "time"
    if timebase.tempo is not None:
        yield from ("bar", "beat")
    if len(plan.all_shots) > 1:
        yield "shot"


def _place(frame: VideoFrame, timebase: Timebase, columns: Sequence[str]) -> Iterator[Value]:
    music = bar_and_beat(frame.number, timebase)
    bar, beat = (None, None) if music is None else music
    known: dict[str, Value] = {
        "frame": frame.number,
        "time": frame_time(frame.number, timebase),
        "bar": bar,
        "beat": beat,
        "shot": frame.shown.shot,
    }
    return (known[column] for column in columns)
