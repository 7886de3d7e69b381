"""Rhythms of painted frames that are not what is written: of nothing, or of too long a length."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from keyframes.mistakes import Located
from pipeline.scene.painted import painted_frames
from pipeline.scene.reading.every import OnTimes
from pipeline.scene.reading.skip_steps import Skipping
from pipeline.scene.sections import ShotRead
from pipeline.spec.camera import MOST_MOTIONS

_ROUTE = ("sampler", "every")


def idle_rhythms(part: ShotRead) -> Iterator[Located]:
    """What is to be said of `every` where a strength of 0 lets no frame be painted."""
    if not _writes_every(part) or part.place.ending or part.scene.video.input is not None:
        return
    sampler, place = part.scene.sampler, part.place
    frames = np.arange(place.first, place.first + place.painted, dtype=np.float64)

    changing = frames[part.scene.prompts.turning(frames) > 0]
    skipping, steps = sampler.skipping, sampler.steps
    if not _paints(skipping.then, steps, frames) and not _paints(skipping.fade, steps, changing):
        yield Located(
            _ROUTE,
            "this has no effect: strength is 0 throughout, so that all frames behind the first are "
            "only moved; write a strength above 0, or remove it",
        )


def _paints(skipping: Skipping | None, steps: int, frames: NDArray[np.float64]) -> bool:
    """Whether on any of `frames` a step is left to take."""
    left_out = [] if skipping is None else skipping.over(steps, frames)
    return any(one < steps for one in left_out)


def too_long_rhythms(part: ShotRead) -> Iterator[Located]:
    """What is to be said of a length between whose ends other frames have to be painted."""
    every, first = part.scene.sampler.every, part.place.first
    if not _writes_every(part) or not isinstance(every, OnTimes):
        return
    frames = range(first, first + part.place.painted)
    length = part.place.length
    chosen = {first + one for one in painted_frames(part.scene, frames, length).frames}
    others = chosen - every.times - {frames[0], frames[length - 1], frames[-1]}
    if any(_comes_late(one, chosen) for one in others):
        yield Located(
            _ROUTE,
            f"this length is more than {MOST_MOTIONS} frames, and frames are painted at the latest "
            f"each {MOST_MOTIONS}th, so that more are painted than it says; write a shorter "
            f"length, or {MOST_MOTIONS}",
        )


def _comes_late(frame: int, chosen: set[int]) -> bool:
    """Whether the chosen frame before `frame` is as far from it as any may be."""
    between = range(frame - MOST_MOTIONS + 1, frame)
    return frame - MOST_MOTIONS in chosen and chosen.isdisjoint(between)


def _writes_every(part: ShotRead) -> bool:
    written = part.data.get("sampler")
    return isinstance(written, Mapping) and written.get("every") is not None
