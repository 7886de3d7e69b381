"""A plan in a few words and numbers, for its author to read before the render."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import PurePath
from typing import TypeVar

from pipeline.catalogue.facts import reads_prompts
from pipeline.plan.denoising import SCHEDULED
from pipeline.plan.prompt_spans import PromptSpan, prompt_spans
from pipeline.spec.frame import CameraSpec, FrameSpec, GuidanceSpec, Plan, StepSchedule

Section = TypeVar("Section")


@dataclass(frozen=True, slots=True)
class MovingNumber:
    """A number that is not the same on all frames."""

    name: str
    """Its place in a frame's spec, such as `camera.zoom`."""
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Summary:
    """What a plan will render."""

    title: str
    frames: int
    stills: bool
    """Single pictures were asked for, not a video."""
    fps: Fraction
    seconds: float
    width: int
    height: int
    steps: int
    passes: tuple[int, int]
    """Fewest and most passes through the denoiser that a frame takes."""
    total_passes: int
    depth: str
    """What a 3d camera moves through: estimators and their shares, or pictures; "" without one."""
    prompts: tuple[PromptSpan, ...]
    moving: tuple[MovingNumber, ...]


def describe(plan: Plan, *, stills: bool = False) -> Summary:
    """The size, the work and the course of `plan`, which makes a video unless it is for `stills`.

    Raises:
        ModelError: the configuration of its denoiser is missing, or something in it is not allowed.
    """
    first, prompted = plan[0], reads_prompts(plan.models.denoiser)
    passes = [network_passes(spec, prompted=prompted) for spec in plan]
    return Summary(
        title=plan.title,
        frames=len(plan),
        stills=stills,
        fps=plan.fps,
        seconds=float(len(plan) / plan.fps),
        width=first.picture.width,
        height=first.picture.height,
        steps=first.sampler.steps,
        passes=(min(passes), max(passes)),
        total_passes=sum(passes),
        depth=_depth(plan),
        prompts=tuple(prompt_spans(plan)),
        moving=tuple(_moving_numbers(plan)),
    )


def network_passes(spec: FrameSpec, *, prompted: bool) -> int:
    """How often the denoiser looks at the picture for one frame.

    Once a step that is not skipped; twice where classifier-free guidance weighs the prompt against
    none, that is at a `cfg_scale` other than 0 and 1, if the denoiser is `prompted` at all.
    """
    steps, skipped = spec.sampler.steps, spec.sampler.skip_steps
    if not prompted:
        return steps - skipped
    starts, scales = zip(*spec.guidance.cfg_scale, strict=True)
    passes = [1 if scale in (0, 1) else 2 for scale in scales]
    if len(passes) == 1:
        return passes[0] * (steps - skipped)
    # The share of the noise that is gone before each step, among the thousand timesteps of the
    # networks of this field.
    shares = [(1000 - 1 - step * 1000 // steps) / 1000 for step in range(steps - skipped)]
    return sum(passes[bisect_right(starts, share) - 1] for share in shares)


def _depth(plan: Plan) -> str:
    pictures = [spec.camera.depth.file for spec in plan if spec.camera.depth is not None]
    if pictures:
        first, last = pictures[0], pictures[-1]
        return first if first == last else f"{first} to {PurePath(last).name}"
    if not any(spec.camera.estimates_depth for spec in plan):
        return ""
    blend = plan.models.depth
    if len(blend) == 1:
        return blend[0].name
    return " + ".join(f"{one.share:.3g} {one.name}" for one in blend)


_CAMERA: Mapping[str, Callable[[CameraSpec], float]] = {
    "translate_x": lambda camera: camera.translation[0],
    "translate_y": lambda camera: camera.translation[1],
    "translate_z": lambda camera: camera.translation[2],
    "rotate_x": lambda camera: camera.rotation[0],
    "rotate_y": lambda camera: camera.rotation[1],
    "roll": lambda camera: camera.rotation[2],
    "zoom": lambda camera: camera.zoom,
    "fov": lambda camera: camera.fov,
}
_THROUGHOUT = ("cutn_batches", "fuzzy_prompt", "rand_mag")
"""Those that do not change within a frame."""


def _moving_numbers(plan: Plan) -> Iterator[MovingNumber]:
    grown = [spec for spec in plan if spec.previous is not None]
    cameras = _distinct(spec.camera for spec in grown)
    samplers = _distinct(spec.sampler for spec in plan)
    guidances = _distinct(spec.guidance for spec in plan)
    columns = {
        **{f"camera.{name}": [read(one) for one in cameras] for name, read in _CAMERA.items()},
        "sampler.skip_steps": [float(s.sampler.skip_steps) for s in grown],
        "sampler.eta": [one.eta for one in samplers],
        "sampler.dynamic_threshold": [
            one.dynamic_threshold for one in samplers if one.dynamic_threshold is not None
        ],
        "guidance.init_hold": _over_video(_distinct(s.guidance for s in grown), "init_hold"),
        "guidance.init_scale": _over_video(_distinct(s.guidance for s in grown), "init_scale"),
        **{
            f"guidance.{name}": [float(getattr(one, name)) for one in guidances]
            for name in _THROUGHOUT
        },
        **{f"guidance.{name}": _over_video(guidances, name) for name in SCHEDULED},
    }
    for name, values in columns.items():
        if values and min(values) != max(values):
            yield MovingNumber(name, min(values), max(values))


def _over_video(guidances: Iterable[GuidanceSpec], name: str) -> list[float]:
    """The values of a number on the frames; what changes within each frame does not over them."""
    schedules: list[StepSchedule] = [getattr(one, name) for one in guidances]
    return [values[0][1] for values in schedules if len(values) == 1]


def _distinct(sections: Iterable[Section]) -> list[Section]:
    return list({id(section): section for section in sections}.values())
