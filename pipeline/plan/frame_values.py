"""What the settings of a scene come to on each frame of its video, by their names in the scene.

Convention:
    A value is None where a setting has nothing to say: the motion to a frame that starts anew, the
    sampler of one that is only moved. Within a fade of two shots it is the shot that comes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from math import log1p

from keyframes.prompts import Prompt, Prompts
from pipeline.plan.painted_around import Around, is_picture, painted_around
from pipeline.spec.camera import CameraMotion
from pipeline.spec.denoise import Denoise, GuidanceSpec
from pipeline.spec.frame import FrameSpec, PictureFile
from pipeline.spec.keeping import ColourSpec
from pipeline.spec.plan import Plan
from pipeline.spec.step_schedule import StepSchedule
from pipeline.spec.timeline import Offset, ShownFrame, shown_frames

Value = float | int | str | StepSchedule | Prompts | None
"""A setting on one frame: a number, a word, numbers over the denoising, or prompts."""


@dataclass(frozen=True, slots=True)
class VideoFrame:
    """A frame of the video: what of it is painted, and how that is shown."""

    number: int
    """Number of the frame in the video."""
    spec: FrameSpec
    shown: ShownFrame
    around: Around


def video_frames(plan: Plan) -> tuple[VideoFrame, ...]:
    """All frames of the video of `plan` in their order."""
    specs, around = {spec.id: spec for spec in plan}, painted_around(plan)
    layers = (layers[-1] for layers in shown_frames(plan.all_shots))
    return tuple(
        VideoFrame(number, specs[one.id], one, around[one.id]) for number, one in enumerate(layers)
    )


_NOUGHT = 1e-12
"""Below this a number is shown to people as 0."""
Field = Callable[[VideoFrame], Value]


def _fields() -> dict[str, Field]:
    """Every setting that has a value on a frame, by its name in a scene."""
    motions = [one.name for one in fields(CameraMotion)]
    seen = ("fov", "mode", "projection", "padding", "sampling", "memory")
    sampled = ("name", "steps", "skip_steps", "eta", "perlin_init")
    guided = [one.name for one in fields(GuidanceSpec) if one.name != "repaint"]
    return {
        "seed": lambda frame: frame.spec.seed,
        **{f"camera.{name}": _of_motion(name) for name in motions},
        **{f"camera.{name}": _of_camera(name) for name in seen},
        **{f"camera.offset.{one.name}": _of_offset(one.name) for one in fields(Offset)},
        "sampler.strength": _strength,
        "sampler.every": place_words,
        "sampler.inbetween": _inbetween,
        **{f"sampler.{name}": _of_sampler(name) for name in sampled},
        "sampler.dynamic_threshold": _of_sampler("dynamic_threshold"),
        "sampler.init_image": _init_image,
        **{f"guidance.{name}": _of_guidance(name) for name in guided},
        **{name: _where_grown(value) for name, value in _OF_EARLIER_FRAMES.items()},
        "video.input": _clip_frame,
        "clip.flow_blend": lambda frame: frame.spec.blend,
        "clip.flow_mask": lambda frame: frame.spec.carry and frame.spec.carry.mask,
        "prompts": lambda frame: frame.spec.denoise.prompts if frame.spec.denoise else None,
    }


def _of_motion(name: str) -> Field:
    return lambda frame: getattr(frame.spec.motions[-1], name) if frame.spec.motions else None


def _of_camera(name: str) -> Field:
    return lambda frame: getattr(frame.spec.camera, name) if frame.spec.motions else None


def _of_offset(name: str) -> Field:
    return lambda frame: getattr(frame.shown.offset, name)


def _of_sampler(name: str) -> Field:
    return lambda frame: getattr(frame.spec.denoise.sampler, name) if frame.spec.denoise else None


def _of_guidance(name: str) -> Field:
    return lambda frame: getattr(frame.spec.denoise.guidance, name) if frame.spec.denoise else None


def _strength(frame: VideoFrame) -> float:
    if frame.spec.denoise is None:
        return 0.0
    sampler = frame.spec.denoise.sampler
    return 1 - sampler.skip_steps / sampler.steps


def place_words(frame: VideoFrame) -> str:
    """Whether a frame is painted, or between which painted ones it lies, by the video's numbers."""
    if frame.spec.denoise is not None:
        return "painted"
    if is_picture(frame.spec):
        return "a picture of yours"
    first, around = frame.number - frame.shown.frame, frame.around
    if around.before is None:
        return "moved"
    before = first + around.before
    return (
        f"moved since {before}"
        if around.after is None
        else (f"between {before} and {first + around.after}")
    )


def _inbetween(frame: VideoFrame) -> str | None:
    """What a frame between painted ones shows of them."""
    between = frame.spec.between
    if between is None:
        return None
    if len(frame.spec.earlier) == 1:
        return "warp"
    return "flow" if between.flow else "blend"


def _clip_frame(frame: VideoFrame) -> int | None:
    """The number of the clip's frame that a frame starts from."""
    return frame.spec.clip_frames[-1].index if frame.spec.clip_frames else None


def _init_image(frame: VideoFrame) -> str | None:
    return next((one.file for one in frame.spec.inputs if isinstance(one, PictureFile)), None)


def _where_grown(value: Callable[[Denoise], Value]) -> Field:
    return lambda frame: (
        value(frame.spec.denoise) if frame.spec.grows and frame.spec.denoise else None
    )


def _share(colour: ColourSpec | None) -> float | None:
    return None if colour is None else colour.share


def _remembered(follow: float) -> float | None:
    """The frames in which 63% is gone if each is followed by this share; None if nothing goes."""
    return 0.0 if follow == 1 else None if follow == 0 else -1 / log1p(-follow)


def _below_1(share: float) -> float | None:
    """The share of noise that is a frame's own, where another share moves."""
    return share if share < 1 else None


_OF_EARLIER_FRAMES: Mapping[str, Callable[[Denoise], Value]] = {
    "sampler.fresh_noise": lambda one: _below_1(one.sampler.fresh_noise),
    "sampler.noise_period": lambda one: one.sampler.noise_period,
    "guidance.hold_memory": lambda one: _remembered(one.keep.follow),
    "guidance.keep_sharpness": lambda one: one.keep.sharpness,
    "guidance.keep_colour": lambda one: _share(one.keep.colour),
    "guidance.repaint.holes": lambda one: one.guidance.repaint.holes,
    "guidance.repaint.stretch": lambda one: one.guidance.repaint.stretch,
    "guidance.repaint.prompts": lambda one: one.guidance.repaint.everywhere,
    "guidance.discover": lambda one: one.guidance.discover,
}
"""What frames that grow do with what was there before."""

FIELDS: Mapping[str, Field] = _fields()
"""The settings that have a value on a frame, and the functions that take it from the frame."""


def value_words(value: Value) -> str:
    """A value in one line for people: `-` where there is none, `{0%: 12, 40%: 4}`, `1 a castle`."""
    match value:
        case None:
            return "-"
        case bool():
            return str(value).lower()
        case int() | float():
            # What a sine leaves where it passes through 0 says nothing to people.
            return "0" if abs(value) < _NOUGHT else f"{value:.6g}"
        case StepSchedule(steps=((_, only),)):
            return f"{only:.6g}"
        case StepSchedule(steps=steps):
            return f"{{{', '.join(f'{100 * start:.6g}%: {one:.6g}' for start, one in steps)}}}"
        case tuple():
            return prompt_words(value)
    return value


def prompt_words(prompts: Prompts) -> str:
    """Prompts with their weights, `0.75 a castle + 0.25 the sea`; a single one without."""
    if len(prompts) == 1 and prompts[0].weight == 1:
        return _text(prompts[0])
    return " + ".join(f"{prompt.weight:.3g} {_text(prompt)}" for prompt in prompts)


def _text(prompt: Prompt) -> str:
    words = " ".join(prompt.text.split())
    return f"picture {words}" if prompt.image else words
