"""What of a frame's settings is switched off by others, and cannot reach its pixels.

A digest covers every value that is no default. Two frames with other digests, and the same values
but for what is idle in both, are the same picture all the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from keyframes.prompts import Prompts
from pipeline.spec.denoise import OFF, Denoise, GuidanceSpec
from pipeline.spec.fingerprints import PICTURES, Fingerprint, asks
from pipeline.spec.frame import A_PICTURE, FrameSpec, without_names

_NEUTRAL = GuidanceSpec()


def without_idle(spec: FrameSpec) -> FrameSpec:
    """`spec` without names, and with neutral values for what others switch off."""
    bare = without_names(spec)
    if bare.denoise is None:
        # What is only moved, or shown as it is, draws nothing.
        return replace(bare, seed=0)
    denoise = _awake(bare.denoise, bare.frame)
    # Where there is no picture that they are shown, ControlNets are not asked.
    return replace(bare, denoise=denoise if bare.inputs else replace(denoise, controls=()))


def awake(spec: FrameSpec, fingerprints: Iterable[Fingerprint]) -> tuple[Fingerprint, ...]:
    """The fingerprints of files that the frame asks, where `spec` is without what is idle."""
    return tuple(sorted(one for one in fingerprints if _asks(spec, one)))


def _asks(spec: FrameSpec, one: Fingerprint) -> bool:
    if one.role == "prompt picture":
        return spec.denoise is not None and bool(spec.denoise.prompts)
    return one.role in PICTURES or asks(spec, one.role, one.name)


def _awake(denoise: Denoise, frame: int) -> Denoise:
    guides = tuple(one for one in denoise.encoders if not denoise.clip_scale(one).is_zero)
    guidance = _guided(denoise.guidance if guides else _without_clip(denoise.guidance))
    unread = not guides and guidance.cfg_scale.is_zero
    crossing = denoise.crossing
    if crossing is not None:
        crossing = replace(crossing, prompts=() if unread else _nameless(crossing.prompts))
    sampler = denoise.sampler
    # Where noise that turns has its own place, and no picture of another frame is painted.
    if frame % sampler.noise_period == 0 and (crossing is None or crossing.since == frame):
        sampler = replace(sampler, noise_period=1)
    return replace(
        denoise,
        prompts=() if unread else denoise.prompts,
        sampler=sampler,
        guidance=guidance,
        encoders=guides,
        crossing=crossing,
        loras=tuple(one for one in denoise.loras if one.weight),
        controls=tuple(one for one in denoise.controls if one.weight),
    )


def _without_clip(guidance: GuidanceSpec) -> GuidanceSpec:
    """The guidance of a frame at which no encoder looks."""
    return replace(
        guidance,
        clip_guidance_scale=OFF,
        fuzzy_prompt=_NEUTRAL.fuzzy_prompt,
        cutn_batches=_NEUTRAL.cutn_batches,
        cut_overview=_NEUTRAL.cut_overview,
        cut_innercut=_NEUTRAL.cut_innercut,
        skip_augs=_NEUTRAL.skip_augs,
    )


def _guided(guidance: GuidanceSpec) -> GuidanceSpec:
    """The guidance without what its copies, parts and gradient would ask, if there are none."""
    if not guidance.fuzzy_prompt:
        guidance = replace(guidance, rand_mag=_NEUTRAL.rand_mag)
    if guidance.cut_innercut.is_zero:
        guidance = replace(
            guidance, cut_ic_pow=_NEUTRAL.cut_ic_pow, cut_icgray_p=_NEUTRAL.cut_icgray_p
        )
    scales = (
        *(guidance.clip_guidance_scale, guidance.tv_scale, guidance.sat_scale),
        *(guidance.range_scale, guidance.init_scale),
    )
    if all(scale.is_zero for scale in scales):
        guidance = replace(guidance, gradient=_NEUTRAL.gradient, clamp_max=_NEUTRAL.clamp_max)
    return guidance


def _nameless(prompts: Prompts) -> Prompts:
    """Prompts whose pictures go by what they hold, which the frame's own prompts say."""
    return tuple(replace(one, text=A_PICTURE) if one.image else one for one in prompts)
