"""What lies in the folder of a render, seen from outside: it is read, and never locked or written.

A frame is as the scene is now if what the journal tells of it and of all that it grows from is what
the plan says. What networks painted it is not asked, which would mean to read their files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from statistics import fmean
from typing import Any

from pipeline.errors import Error
from pipeline.plan.passes import frame_passes
from pipeline.run.directory import RunDirectory
from pipeline.run.holder import is_written
from pipeline.run.journal import FrameRecord, Journal
from pipeline.run.seeds import as_redone
from pipeline.run.unchanged import has_values_of
from pipeline.spec.frame import FrameId
from pipeline.spec.plan import Plan
from pipeline.spec.timeline import shown_frames
from pipeline.web.following import Stamp, stamp_of_file

MISSING, AS_IT_IS, EARLIER = 0, 1, 2
"""States of a frame of the video: not painted, painted as the scene is now, before an edit."""

_NEWEST = 16
"""Frames whose pace is that of a render."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """The state of a render."""

    states: tuple[int, ...]
    """State of each frame of the video."""
    painted: int
    """Frames of the plan that are painted, of all shots."""
    planned: int
    running: bool
    """Whether a process renders here now."""
    left: float | None
    """Seconds that the rest will take; None where no frame tells."""
    pace: float | None
    """Seconds of one of the newest frames."""

    def data(self) -> dict[str, Any]:
        """The state as JSON data; `runs` are stretches of frames of one state."""
        runs = [[state, len(list(run))] for state, run in groupby(self.states)]
        return {
            "runs": runs,
            "painted": self.painted,
            "planned": self.planned,
            "running": self.running,
            "left": self.left,
            "pace": self.pace,
        }


def stamp_of_render(folder: Path) -> Stamp:
    """Equal while nothing has happened in the folder of a render."""
    place = RunDirectory(folder)
    return (stamp_of_file(place.journal), stamp_of_file(place.seeds), is_written(place))


def rendered(folder: Path, plan: Plan) -> Rendered:
    """The state of the render of `plan` in `folder`, which need not be there.

    Frames that were redone are as the scene is now. A journal, or their seeds, that cannot be
    understood count as none.
    """
    place, plan = RunDirectory(folder), as_redone(plan, folder)
    try:
        records = Journal(place.journal).records
    except (Error, OSError):
        records = {}
    states = _states(plan, records)
    video = tuple(
        min((states[one.id] for one in layers), key=_poorest)
        for layers in shown_frames(plan.all_shots)
    )
    newest = [record.seconds for record in _timed(records)]
    return Rendered(
        states=video,
        painted=sum(state != MISSING for state in states.values()),
        planned=len(plan),
        running=is_written(place),
        left=_left(plan, records, states),
        pace=fmean(newest) if newest else None,
    )


def _poorest(state: int) -> int:
    """The order in which one of several layers tells the state of all."""
    return (MISSING, EARLIER, AS_IT_IS).index(state)


def _states(plan: Plan, records: Mapping[FrameId, FrameRecord]) -> dict[FrameId, int]:
    states: dict[FrameId, int] = {}
    for spec in plan.as_they_grow:
        record = records.get(spec.id)
        if record is None:
            states[spec.id] = MISSING
            continue
        grown = all(states.get(one) == AS_IT_IS for one in spec.earlier)
        states[spec.id] = AS_IT_IS if grown and has_values_of(record, spec) else EARLIER
    return states


def _left(
    plan: Plan, records: Mapping[FrameId, FrameRecord], states: Mapping[FrameId, int]
) -> float | None:
    """Seconds of the frames that are missing, by the passes that those took which are there."""
    specs = {spec.id: spec for spec in plan}
    newest = [record for record in _timed(records) if record.id in specs]
    missing = [spec for spec in plan if states[spec.id] == MISSING]
    if not missing:
        return 0.0
    if not newest:
        return None
    taken = sum(record.seconds for record in newest)
    try:
        done = sum(_work(frame_passes([specs[one.id] for one in newest], plan.networks)))
        return taken / done * sum(_work(frame_passes(missing, plan.networks)))
    except Error:
        return taken / len(newest) * len(missing)


def _timed(records: Mapping[FrameId, FrameRecord]) -> list[FrameRecord]:
    """The newest frames whose time is known."""
    return [record for record in records.values() if record.is_timed][-_NEWEST:]


def _work(passes: Sequence[int]) -> Iterator[float]:
    """The work of frames that take so many passes; one that is only moved takes a part of one."""
    for count in passes:
        yield count or 0.3
