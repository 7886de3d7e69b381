"""The numbers of a plan over its video: what a plot of it draws."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from pipeline.plan.denoising import OF_THE_INIT, SCHEDULED
from pipeline.spec.camera import CameraMotion
from pipeline.spec.denoise import Denoise, GuidanceSpec
from pipeline.spec.frame import FrameSpec
from pipeline.spec.keeping import ColourSpec
from pipeline.spec.plan import Plan
from pipeline.spec.timeline import Offset, shown_frames

Values = NDArray[np.float64]


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
    specs = {spec.id: spec for spec in plan}
    shown = [layers[-1] for layers in shown_frames(plan.all_shots)]
    frames = [specs[one.id] for one in shown]
    columns = {
        **{name: _column(value, frames) for name, value in _numbers()},
        **{
            f"camera.offset.{one.name}": np.array([getattr(s.offset, one.name) for s in shown])
            for one in fields(Offset)
        },
    }
    return Course(
        strength=np.array([_strength(spec) for spec in frames]),
        weight=np.array([one.weight for one in shown]),
        moving={name: values for name, values in columns.items() if _moves(values)},
    )


def _numbers() -> Iterator[tuple[str, Callable[[FrameSpec], float | None]]]:
    """The numbers of a frame, each with its name and the function that takes it from a spec."""
    for motion in fields(CameraMotion):
        yield f"camera.{motion.name}", _of_motion(motion.name)
    yield "camera.fov", lambda spec: spec.camera.fov if spec.motions else None
    for name in (*OF_THE_INIT, *SCHEDULED):
        yield f"guidance.{name}", _of_guidance(name)
    for name, value in _OF_EARLIER_FRAMES.items():
        yield name, _where_grown(value)


_OF_EARLIER_FRAMES: Mapping[str, Callable[[Denoise], float | None]] = {
    "sampler.fresh_noise": lambda one: _below_1(one.sampler.fresh_noise),
    "guidance.keep_sharpness": lambda one: one.keep.sharpness,
    "guidance.keep_colour": lambda one: _share(one.keep.colour),
    "guidance.repaint.holes": lambda one: one.guidance.repaint.holes,
    "guidance.repaint.stretch": lambda one: one.guidance.repaint.stretch,
    "guidance.repaint.prompts": lambda one: one.guidance.repaint.everywhere,
    "guidance.discover": lambda one: one.guidance.discover,
}
"""What frames that grow do with what was there before."""


def _where_grown(value: Callable[[Denoise], float | None]) -> Callable[[FrameSpec], float | None]:
    return lambda spec: value(spec.denoise) if spec.grows and spec.denoise else None


def _share(colour: ColourSpec | None) -> float | None:
    return None if colour is None else colour.share


def _below_1(share: float) -> float | None:
    """The share of noise that is a frame's own, where another share moves."""
    return share if share < 1 else None


def _of_motion(name: str) -> Callable[[FrameSpec], float | None]:
    return lambda spec: getattr(spec.motions[-1], name) if spec.motions else None


def _of_guidance(name: str) -> Callable[[FrameSpec], float | None]:
    return lambda spec: None if spec.denoise is None else _scale(spec.denoise.guidance, name)


def _scale(guidance: GuidanceSpec, name: str) -> float | None:
    """A scale that holds over the whole denoising of a frame."""
    schedule = getattr(guidance, name)
    return float(schedule.steps[0][1]) if schedule.is_constant else None


def _column(value: Callable[[FrameSpec], float | None], frames: list[FrameSpec]) -> Values:
    numbers = (value(spec) for spec in frames)
    return np.array([np.nan if number is None else number for number in numbers])


def _moves(values: Values) -> bool:
    known = values[~np.isnan(values)]
    return bool(known.size) and float(known.min()) != float(known.max())


def _strength(spec: FrameSpec) -> float:
    if spec.denoise is None:
        return 0.0
    sampler = spec.denoise.sampler
    return 1 - sampler.skip_steps / sampler.steps
