"""A plan in a few words and numbers, for its author to read before the render."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter
from pathlib import PurePath
from typing import TypeVar

from pipeline.plan.denoising import OF_THE_INIT, SCHEDULED
from pipeline.plan.passes import Passes
from pipeline.plan.prompt_spans import PromptSpan, prompt_spans
from pipeline.spec.camera import CameraMotion
from pipeline.spec.denoise import Denoise, GuidanceSpec
from pipeline.spec.fingerprints import asks
from pipeline.spec.plan import OutputSpec, Plan
from pipeline.spec.step_schedule import StepSchedule
from pipeline.spec.timeline import Offset

Section = TypeVar("Section")


@dataclass(frozen=True, slots=True)
class MovingNumber:
    """A number that is not the same on all frames."""

    name: str
    """Place of the number in a frame's spec, such as `camera.zoom`."""
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Summary:
    """The work of a plan, and its course."""

    title: str
    steps: int
    """Most steps of a frame that is painted; 0 if none is."""
    painted: int
    """Frames that are painted, those under a fade too."""
    moved: int
    """Frames that are only moved."""
    passes: tuple[int, int]
    """Fewest and most passes through the denoiser that a frame takes."""
    total_passes: int
    afresh_passes: int
    """Passes more, in all and at most, that places take which are painted afresh."""
    clip: str
    """The clip that frames start from, and how much of it is used; "" without one."""
    depth: str
    """What a 3d camera moves through: estimators and their shares, or pictures; "" without one."""
    prompts: tuple[PromptSpan, ...]
    moving: tuple[MovingNumber, ...]
    for_two_eyes: tuple[OutputSpec, ...] = ()
    """The videos that show each eye its own picture."""


def describe(plan: Plan) -> Summary:
    """The work and the course of `plan`; `pipeline.plan.extent` has its size.

    Raises:
        ModelError: the configuration of its denoiser is missing, or something in it is not allowed.
    """
    counting = Passes(plan.networks)
    passes = list(map(counting.of, plan))
    painted = [spec.denoise for spec in plan if spec.denoise is not None]
    return Summary(
        title=plan.title,
        steps=max((one.sampler.steps for one in painted), default=0),
        painted=len(painted),
        moved=len(plan) - len(painted),
        passes=(min(passes), max(passes)),
        total_passes=sum(passes),
        afresh_passes=sum(map(counting.afresh, plan)),
        clip=_clip(plan),
        depth=_depth(plan),
        prompts=tuple(prompt_spans(plan)),
        moving=tuple(_moving_numbers(plan)),
        for_two_eyes=plan.for_two_eyes,
    )


def _clip(plan: Plan) -> str:
    frames = [one for spec in plan for one in spec.clip_frames]
    if not frames:
        return ""
    numbers = [one.index for one in frames]
    used = f"frames {min(numbers)} to {max(numbers)}" if len(set(numbers)) > 1 else "one frame"
    return f"{PurePath(frames[0].clip).name}, {used}"


def _depth(plan: Plan) -> str:
    pictures = [spec.camera.depth.file for spec in plan if spec.camera.depth is not None]
    if pictures:
        first, last = pictures[0], pictures[-1]
        return first if first == last else f"{first} to {PurePath(last).name}"
    asking = next((spec for spec in plan if asks(spec, "depth")), None)
    if asking is None:
        return ""
    blend = plan.networks[asking.networks].depth
    if len(blend) == 1:
        return blend[0].name
    return " + ".join(f"{one.share:.3g} {one.name}" for one in blend)


_THROUGHOUT = ("cutn_batches", "fuzzy_prompt", "rand_mag")
"""Numbers of the guidance that do not change within a frame."""


def _moving_numbers(plan: Plan) -> Iterator[MovingNumber]:
    grown = [spec for spec in plan if spec.grows]
    motions = _distinct(motion for spec in grown for motion in spec.motions)
    painted = [spec for spec in plan if spec.denoise is not None]
    over_earlier = [spec.painting for spec in grown if spec.denoise is not None]
    samplers = _distinct(spec.painting.sampler for spec in painted)
    guidances = _distinct(spec.painting.guidance for spec in painted)
    kept = _distinct(one.guidance for one in over_earlier)
    offsets = [offset for shot in plan.all_shots for offset in shot.offsets]
    columns = {
        **{f"camera.{one.name}": _values(motions, one.name) for one in fields(CameraMotion)},
        "clip.flow_blend": [spec.blend for spec in plan if spec.blend is not None],
        "clip.flow_mask": [spec.carry.mask for spec in plan if spec.carry is not None],
        "camera.fov": _values(_distinct(spec.camera for spec in grown), "fov"),
        "sampler.skip_steps": [float(one.sampler.skip_steps) for one in over_earlier],
        "sampler.eta": _values(samplers, "eta"),
        "sampler.fresh_noise": _values(samplers, "fresh_noise"),
        "sampler.dynamic_threshold": _values(samplers, "dynamic_threshold"),
        **{f"guidance.{name}": _over_video(kept, name) for name in OF_THE_INIT},
        **_staying(over_earlier),
        **{f"guidance.{name}": _values(guidances, name) for name in _THROUGHOUT},
        **{f"guidance.{name}": _over_video(guidances, name) for name in SCHEDULED},
        **{f"camera.offset.{one.name}": _values(offsets, one.name) for one in fields(Offset)},
    }
    for name, values in columns.items():
        if values and min(values) != max(values):
            yield MovingNumber(name, float(min(values)), float(max(values)))


def _staying(grown: Sequence[Denoise]) -> dict[str, list[float]]:
    """The numbers that say of frames that grow what they keep, and what they paint afresh."""
    guidances = _distinct(one.guidance for one in grown)
    repaints = _distinct(guidance.repaint for guidance in guidances)
    keeps = _distinct(one.keep for one in grown)
    colours = [keep.colour for keep in keeps if keep.colour is not None]
    return {
        "guidance.keep_sharpness": _values(keeps, "sharpness"),
        "guidance.keep_colour": _values(colours, "share"),
        **{f"guidance.repaint.{name}": _values(repaints, name) for name in ("holes", "stretch")},
        "guidance.repaint.prompts": _values(repaints, "everywhere"),
        "guidance.discover": _values(guidances, "discover"),
    }


def _values(sections: Iterable[object], name: str) -> list[float]:
    """The numbers called `name` in `sections`; a section may have none."""
    return [number for number in map(attrgetter(name), sections) if number is not None]


def _over_video(guidances: Iterable[GuidanceSpec], name: str) -> list[float]:
    """The values of a number on the frames; what changes within each frame does not over them."""
    schedules: list[StepSchedule] = _distinct(map(attrgetter(name), guidances))
    return [one.steps[0][1] for one in schedules if len(one.steps) == 1]


def _distinct(sections: Iterable[Section]) -> list[Section]:
    return list({id(section): section for section in sections}.values())
