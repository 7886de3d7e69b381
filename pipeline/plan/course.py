"""The numbers of a plan over its video: what a plot of it draws."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.plan.frame_values import FIELDS, Value, VideoFrame, video_frames
from pipeline.spec.plan import Plan
from pipeline.spec.step_schedule import StepSchedule

Values = NDArray[np.float64]

_NO_CURVES = frozenset(
    {
        "seed",
        "video.input",
        "sampler.strength",
        "sampler.skip_steps",
        "sampler.steps",
        "sampler.noise_period",
    }
)
"""Numbers that are told otherwise, or that say how a shot is made and not what moves in it."""


@dataclass(frozen=True, slots=True)
class Course:
    """What happens on each frame of a video, `(frames,)` each."""

    strength: Values
    """Share of the steps that are taken: 0 where a frame is only moved, 1 where it starts anew."""
    weight: Values
    """Share that the shot that comes has in the video's frame; below 1 within a fade."""
    moving: Mapping[str, Values]
    """Numbers that are not the same on all frames, by their names in a scene; NaN where there is
    none."""


def course(plan: Plan) -> Course:
    """The course of the video of `plan`; within a fade, that of the shot that comes."""
    frames = video_frames(plan)
    return Course(
        strength=_numbers("sampler.strength", frames),
        weight=np.array([frame.shown.weight for frame in frames]),
        moving=dict(_moving(frames)),
    )


def _moving(frames: Sequence[VideoFrame]) -> Iterator[tuple[str, Values]]:
    for name in FIELDS:
        if name not in _NO_CURVES:
            values = _numbers(name, frames)
            known = values[~np.isnan(values)]
            if known.size and float(known.min()) != float(known.max()):
                yield name, values


def _numbers(name: str, frames: Sequence[VideoFrame]) -> Values:
    """The numbers of a setting on the frames of a video, `(frames,)`; NaN where there is none."""
    field = FIELDS[name]
    return np.array([_number(field(frame)) for frame in frames])


def _number(value: Value) -> float:
    """A number that holds over the whole denoising of a frame; NaN for anything else."""
    if isinstance(value, StepSchedule):
        return float(value.steps[0][1]) if value.is_constant else np.nan
    if isinstance(value, bool) or not isinstance(value, int | float):
        return np.nan
    return float(value)
