"""How each frame of a shot is denoised: its prompts, sampler, guidance and encoders."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from functools import partial
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from pipeline.plan.adapters import controls, loras
from pipeline.plan.columns import Times, column, sections
from pipeline.plan.keeping import keep_specs
from pipeline.plan.repaint import repaint_specs
from pipeline.scene.denoising import Sampler
from pipeline.scene.guidance import Guidance
from pipeline.scene.reading.first_then import FirstThen
from pipeline.scene.reading.moving import constant
from pipeline.scene.reading.scheduled import Scheduled
from pipeline.scene.settings import Settings
from pipeline.spec.denoise import OFF, Denoise, EncoderSpec, GuidanceSpec, SamplerSpec
from pipeline.spec.repaint import RepaintSpec
from pipeline.spec.samplers import SAMPLER_FACTS
from pipeline.spec.step_schedule import StepSchedule

OF_THE_INIT = ("init_scale", "init_hold", "detail_hold")
"""Settings of guidance that compare the estimate with the picture that a frame starts from."""

SCHEDULED = tuple(
    setting.name
    for setting in fields(GuidanceSpec)
    if isinstance(setting.default, StepSchedule) and setting.name not in OF_THE_INIT
)
"""Settings of guidance that may change while a frame is denoised."""

COUNTS = frozenset({"recurrence", "cut_overview", "cut_innercut"})
"""The settings of guidance that are whole numbers."""

Start = Literal["noise", "first", "then"]
"""What a frame starts from: nothing, an init image or clouds, or the previous frame."""


def denoises(
    settings: Settings,
    frames: Times,
    grows: NDArray[np.bool_],
    turning: Times,
    *,
    over_clip: bool = False,
) -> Iterator[Denoise | None]:
    """How each of `frames`, neighbours in the video, is painted; None for those only moved.

    `grows` says which of them grow from an earlier frame, and `turning` how far the prompts are
    from holding still, 0 to 1, at each; `over_clip`, whether those that do not start from a clip.
    """
    first = int(frames[0])
    encoders = tuple(
        EncoderSpec(encoder.name, encoder.weight, encoder.start, encoder.until)
        for encoder in settings.models.encoders
    )
    blank = starts_blank(settings.sampler) and not over_clip
    guided = guidance_specs(settings.guidance, frames, starts(grows, blank), turning)
    columns = zip(
        settings.prompts.over(first + len(frames), first),
        sampler_specs(settings.sampler, frames, grows, turning, blank),
        guided,
        keep_specs(settings.guidance, guided, frames, grows, turning),
        loras(settings.loras, frames),
        controls(settings.controls, frames),
        strict=True,
    )
    for prompts, sampler, guidance, keep, *added in columns:
        painted = sampler.skip_steps < sampler.steps
        # What is between them, a cross-fade to a picture, is found later.
        yield Denoise(prompts, sampler, guidance, encoders, keep, None, *added) if painted else None


def sampler_specs(
    sampler: Sampler, frames: Times, grows: NDArray[np.bool_], turning: Times, blank: bool
) -> list[SamplerSpec]:
    """How each of `frames` is sampled: those that grow, and those that start anew.

    `turning` is how far the prompts are from holding still, 0 to 1, at each frame; `blank`, whether
    those that start anew have nothing to start from.
    """
    skip = sampler.skipping
    whole = skip.first_needs_picture and blank
    anew = [0] * len(frames) if whole else skip.first.over(sampler.steps, frames)
    eta = constant(SAMPLER_FACTS[sampler.name].eta) if sampler.eta is None else sampler.eta

    threshold = sampler.dynamic_threshold
    thresholds = [None] * len(frames) if threshold is None else column(threshold, frames)

    skips = skip.grown(sampler.steps, frames, turning)
    fresh = column(sampler.freshness, frames)
    left_out = np.where(grows, skips, anew).tolist()
    made = partial(_sampled, sampler)
    return sections(made, column(eta, frames), thresholds, left_out, fresh, grows.tolist())


def _sampled(
    sampler: Sampler,
    eta: float,
    threshold: float | None,
    skipped: int,
    fresh: float,
    grown: bool,
) -> SamplerSpec:
    """The sampler of one frame, which skips so many steps."""
    return SamplerSpec(
        name=sampler.name,
        steps=sampler.steps,
        skip_steps=skipped,
        eta=eta,
        noise_period=sampler.turning_period if grown else 1,
        fresh_noise=fresh,
        perlin_init=None if grown else sampler.perlin_init,
        symmetry=sampler.symmetry,
        clip_denoised=sampler.clip_denoised,
        dynamic_threshold=threshold,
        seamless=sampler.seamless,
        spacing=sampler.spacing,
    )


def starts_blank(sampler: Sampler) -> bool:
    """Whether a frame that grows from none has nothing to start from, by its sampler alone."""
    return sampler.init_image is None and sampler.perlin_init is None


def starts(grows: NDArray[np.bool_], blank: bool) -> list[Start]:
    """What each frame starts from; `blank` says whether those that start anew have nothing."""
    anew: Start = "noise" if blank else "first"
    return ["then" if grown else anew for grown in grows]


def guidance_specs(
    guidance: Guidance, frames: Times, starts: list[Start], turning: Times
) -> list[GuidanceSpec]:
    """The guidance of each of `frames`; `turning` says how far prompts cross-fade there, 0 to 1."""
    grows = [start == "then" for start in starts]
    return sections(
        partial(_guided, guidance),
        np.rint(column(guidance.cutn_batches, frames)).tolist(),
        np.rint(column(guidance.fuzzy_prompt, frames)).tolist(),
        column(guidance.rand_mag, frames),
        _of_the_init("init_scale", guidance.init_scale, frames, starts, turning),
        _of_the_init("init_hold", guidance.init_hold, frames, starts, turning),
        _of_the_init("detail_hold", guidance.detail_hold, frames, starts, turning),
        repaint_specs(guidance.repaint, frames, grows, turning),
        _where(grows, column(guidance.discover, frames)),
        *(_schedules(getattr(guidance, name), name, frames) for name in SCHEDULED),
    )


def _guided(
    guidance: Guidance,
    batches: float,
    copies: float,
    noise: float,
    init: StepSchedule,
    held: StepSchedule,
    details: StepSchedule,
    repaint: RepaintSpec,
    discover: float,
    *scheduled: StepSchedule,
) -> GuidanceSpec:
    """The guidance of one frame: what `guidance` fixes for all, with the frame's own numbers."""
    return GuidanceSpec(
        gradient=guidance.gradient,
        cutn_batches=round(batches),
        skip_augs=guidance.skip_augs,
        fuzzy_prompt=round(copies),
        rand_mag=noise,
        init_scale=init,
        init_hold=held,
        detail_hold=details,
        repaint=repaint,
        discover=discover,
        distilled_cfg_scale=guidance.distilled_cfg_scale,
        perceptual=guidance.perceptual if init != OFF else "pyramid",
        **_named(scheduled),
    )


def _named(scheduled: Sequence[StepSchedule]) -> dict[str, Any]:
    """The schedules of `SCHEDULED` by the names that the guidance of a frame has for them."""
    return dict(zip(SCHEDULED, scheduled, strict=True))


def _where(grows: Sequence[bool], values: Sequence[float]) -> list[float]:
    """The values of frames that grow, and 0 of those that start anew."""
    return [value if grown else 0.0 for grown, value in zip(grows, values, strict=True)]


def _of_the_init(
    name: str, setting: FirstThen, frames: Times, starts: list[Start], turning: Times
) -> list[StepSchedule]:
    """The values of a setting that speaks of the picture that a frame starts from."""
    values = {
        "noise": [OFF] * len(frames),
        "first": _schedules(setting.first, name, frames),
        "then": _grown(name, setting, frames, turning),
    }
    return [values[start][frame] for frame, start in enumerate(starts)]


def _grown(name: str, setting: FirstThen, frames: Times, turning: Times) -> list[StepSchedule]:
    then = _schedules(setting.then, name, frames)
    if setting.fade is None:
        return list(then)
    fade = _schedules(setting.fade, name, frames)
    return [
        kept.mixed(opened, share) if share else kept
        for kept, opened, share in zip(then, fade, turning.tolist(), strict=True)
    ]


def _schedules(setting: Scheduled, name: str, frames: Times) -> Sequence[StepSchedule]:
    """The values over the denoising of each frame; a number over the video holds throughout."""
    if isinstance(setting, StepSchedule):
        return [setting] * len(frames)
    values = np.asarray(column(setting, frames))
    whole: list[float] = (np.rint(values) if name in COUNTS else values).tolist()
    different = list(dict.fromkeys(whole))
    made = dict(zip(different, StepSchedule.constants(different), strict=True))
    return [made[value] for value in whole]
