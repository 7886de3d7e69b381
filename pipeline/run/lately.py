"""How long the frames of a render took of late, as its journal tells without its scene.

A frame that is only moved takes a small part of the time of a painted one, and where few are
painted a median over all would know but one kind: each kind has its own, and of the frames to come
as many are painted as of those that are there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median

from pipeline.run.journal import FrameRecord
from pipeline.spec.frame import FrameId

_NEWEST = 20
"""Frames of a kind whose times tell how long the next ones take: a machine may become slower."""


@dataclass(frozen=True, slots=True)
class Lately:
    """Frames whose times are known, the newest last, but for the first of the render."""

    timed: Sequence[FrameRecord]
    typical: Mapping[bool, float]
    """Seconds of a newer frame that is painted, and of one that is not; the median."""

    @property
    def seconds(self) -> float | None:
        """Seconds of a frame, the mean over the kinds of the newest; None before the first."""
        return self._mean(self.timed[-_NEWEST:]) if self.timed else None

    def seconds_of(self, missing: Iterable[FrameId]) -> float | None:
        """Seconds that frames take which are to come; None before the first frame is there.

        In each shot as many of them are painted as of its own, or where it has none of all.
        """
        if not self.timed:
            return None
        shots: dict[str, list[FrameRecord]] = {}
        for record in self.timed:
            shots.setdefault(record.shot, []).append(record)
        each = {shot: self._mean(_later(records)) for shot, records in shots.items()}
        overall = self._mean(self.timed)
        return sum(each.get(frame.shot, overall) for frame in missing)

    def _mean(self, records: Sequence[FrameRecord]) -> float:
        return fmean(self.typical[_is_painted(one)] for one in records)


def lately(records: Iterable[FrameRecord]) -> Lately:
    """What the times of a render's frames tell, the newest of which come last."""
    timed = [one for one in records if one.is_timed]
    # The first frame of a render also warms the networks up.
    timed = timed[1:] or timed
    kinds: dict[bool, list[float]] = {}
    for one in timed:
        kinds.setdefault(_is_painted(one), []).append(one.seconds)
    return Lately(timed, {kind: median(times[-_NEWEST:]) for kind, times in kinds.items()})


def _later(records: Sequence[FrameRecord]) -> Sequence[FrameRecord]:
    """The frames of a shot but for its first, which may be painted alone, if there are others."""
    return [one for one in records if one.frame > 0] or records


def _is_painted(record: FrameRecord) -> bool:
    # What is a default is not written, and that is a frame which is not painted.
    return "denoise" in record.spec
