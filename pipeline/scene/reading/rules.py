"""Rules between the settings of a scene: what one of them asks of another.

Each rule looks at the settings that stand before it in its section and are right themselves, so a
mistake is told once.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from pydantic import (
    AfterValidator,
    BeforeValidator,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from keyframes.mistakes import Mistakes, found
from pipeline.catalogue.facts import reads_prompts
from pipeline.scene.reading import forms
from pipeline.scene.reading.context import Context, context_of
from pipeline.scene.reading.fields import Reader, is_number
from pipeline.scene.reading.moving import at_frame, sampled
from pipeline.scene.reading.scheduled import Scheduled, no_counts
from pipeline.spec.samplers import SAMPLER_FACTS
from pipeline.spec.step_schedule import StepSchedule


def _duration_or_stills(value: Any, info: ValidationInfo) -> Any:
    if "n_batches" not in info.data:
        return value
    stills = info.data["n_batches"] is not None
    if stills and value is not None:
        raise ValueError("write duration (a video) or n_batches (stills), not both")
    if not stills and not is_number(value) and not isinstance(value, str):
        ask = "write duration (a video, such as 16 bars) or n_batches (stills)"
        raise ValueError(ask if value is None else f"expected a duration, found {found(value)}")
    return value


_LENGTH = forms.Form({"type": ["number", "string"]}, "a length, `song`, `clip`")
duration_or_stills = Reader(_duration_or_stills, _LENGTH)
"""Refuses a scene that is not either a video of some length or a number of stills."""


def _moving_pictures_only(value: Any, info: ValidationInfo) -> Any:
    context = context_of(info)
    # A preset's camera means nothing to stills.
    if context.stills and "camera" in context.written:
        raise ValueError("n_batches makes stills: remove camera, or write duration for a video")
    return value


moving_pictures_only = BeforeValidator(_moving_pictures_only)
"""Refuses a camera for stills."""


def misfit(value: tuple[int, int], context: Context) -> str:
    """Why the models cannot make a picture of this size, and which fits; "" if they can."""
    multiple, least = context.size_multiple, context.least_area
    if all(side % multiple == 0 for side in value):
        if math.prod(value) >= least:
            return ""
        height = _next(math.isqrt(least // 2), multiple)
        fits = [_next(-(-least // height), multiple), height]
        return f"found {list(value)}; the denoiser needs {least} pixels at least, and {fits} fits"
    smaller = [side // multiple * multiple for side in value]
    larger = [_next(side, multiple) for side in value]
    nearest = f"{smaller} and {larger} fit" if all(smaller) else f"{larger} fits"
    return f"found {list(value)}; the models ask for multiples of {multiple}, and {nearest}"


def _next(side: int, multiple: int) -> int:
    """The smallest of its multiples that is no less than `side`."""
    return -(-side // multiple) * multiple


def _fits_models(value: tuple[int, int], info: ValidationInfo) -> tuple[int, int]:
    if fault := misfit(value, context_of(info)):
        raise ValueError(fault)
    return value


fits_models = AfterValidator(_fits_models)
"""Refuses a picture whose sides are no multiples of what the models ask for, or too small."""


def _needs_3d(value: Any, info: ValidationInfo) -> Any:
    if info.data.get("mode") == "2d":
        raise ValueError(f"{info.field_name} is for a 3d camera: write mode: 3d, or remove it")
    return value


needs_3d = BeforeValidator(_needs_3d)
"""Refuses a setting of the 3d camera for a 2d one."""


def _needs_bpm(value: Any, info: ValidationInfo) -> Any:
    if all(info.data.get(name, ...) is None for name in ("bpm", "tempo", "beats")):
        raise ValueError(f"{info.field_name} needs bpm; add it, or remove this")
    return value


needs_bpm = BeforeValidator(_needs_bpm)
"""Refuses a setting that counts beats where there is no tempo."""


def not_with(other: str) -> AfterValidator:
    """Refuses a setting, unless it is none or off, where `other` is in force already."""

    def check(value: Any, info: ValidationInfo) -> Any:
        if value is not None and value is not False and info.data.get(other):
            raise ValueError(f"{other} already settles this; remove {other} or {info.field_name}")
        return value

    return AfterValidator(check)


def _gives_way(value: bool, info: ValidationInfo) -> bool:
    theirs = not context_of(info).wrote("sampler", "clip_denoised")
    return value and not (theirs and info.data.get("dynamic_threshold"))


gives_way_to_a_threshold = AfterValidator(_gives_way)
"""A preset's clamping is off where the author wrote a dynamic threshold."""


def one_written(other: str) -> AfterValidator:
    """Refuses a setting, unless it is none, where the author wrote `other` in its section too."""

    def check(value: Any, info: ValidationInfo) -> Any:
        if value is not None and context_of(info).wrote("sampler", other):
            raise ValueError(f"{other} says the same in other words; keep one of them")
        return value

    return AfterValidator(check)


def _noise_it_draws(value: Any, handler: ValidatorFunctionWrapHandler, info: ValidationInfo) -> Any:
    name, context = info.data.get("name"), context_of(info)
    # A preset's noise suits DDIM, which it is made for; another sampler goes by its own custom.
    if name != "ddim" and not context.wrote("sampler", "eta"):
        return None
    eta = handler(value)
    noisy = [other for other, facts in SAMPLER_FACTS.items() if facts.draws_noise]
    if name in SAMPLER_FACTS and name not in noisy and sampled(eta, context.clock.frames).any():
        *others, last = noisy
        words = f"{', '.join(others)} or {last}"
        raise ValueError(f"{name} draws no noise: remove eta, or take another name: {words}")
    return eta


noise_it_draws = WrapValidator(_noise_it_draws)
"""Refuses fresh noise with samplers that draw none; a preset's `eta` counts for `ddim` alone."""


def _not_enlarged(value: Any, info: ValidationInfo) -> Any:
    if info.data.get("upscale") == "none":
        name = info.field_name
        raise ValueError(f"upscale: none keeps the frames' own size; remove it, or remove {name}")
    return value


enlarged = BeforeValidator(_not_enlarged)
"""Another size than the frames' asks for a way to get there."""


def _some_cutouts(value: Scheduled, info: ValidationInfo) -> Scheduled:
    overview = info.data.get("cut_overview")
    if overview is None:
        return value
    clock = context_of(info).clock
    tables = [table for table in (overview, value) if isinstance(table, StepSchedule)]
    no_overview, no_innercut = (no_counts(table, clock.frames) for table in (overview, value))
    for progress in sorted({0.0, *(start for table in tables for start, _ in table.steps)}):
        none = np.flatnonzero(no_overview(progress) & no_innercut(progress))
        if none.size:
            moves = len(tables) < 2
            when = (
                at_frame(clock, int(clock.frames[none[0]]))
                if moves
                else f" at progress {progress:g}"
            )
            raise ValueError(
                f"cut_overview and cut_innercut are both 0{when}; CLIP needs a cutout to see"
            )
    return value


some_cutouts = AfterValidator(_some_cutouts)
"""CLIP sees at least one cutout at every step."""


def _models(info: ValidationInfo) -> Any:
    """The networks; None where they could not be read, which is told already."""
    return info.data.get("models") if context_of(info).models_read else None


def _gradient_there(guidance: Any, info: ValidationInfo) -> Any:
    models = _models(info)
    if guidance.gradient != "secondary" or models is None or models.secondary is not None:
        return guidance
    if not context_of(info).wrote("guidance", "gradient"):
        # The preset's, whose secondary model the author does without.
        return guidance.model_copy(update={"gradient": "denoiser"})
    mistakes = Mistakes()
    mistakes.at("gradient").add(
        "there is no secondary model; write models: {secondary: secondary}, "
        "or gradient: denoiser or none"
    )
    mistakes.raise_any()
    return guidance


gradient_there = AfterValidator(_gradient_there)
"""Guidance goes through a network that the scene has."""


def _prompts_read(guidance: Any, info: ValidationInfo) -> Any:
    models = _models(info)
    written = context_of(info).wrote("guidance", "cfg_scale")
    if written and models is not None and not reads_prompts(models.denoiser):
        mistakes = Mistakes()
        mistakes.at("cfg_scale").add(
            "this denoiser reads no prompts, so there is nothing to scale; remove cfg_scale: what "
            "pulls the picture towards its prompts here is clip_guidance_scale"
        )
        mistakes.raise_any()
    return guidance


prompts_read = AfterValidator(_prompts_read)
"""Classifier-free guidance is for denoisers that read prompts."""
