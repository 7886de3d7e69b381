"""Pairs of frames whose values differ: by idle ones alone, or by ones that count."""

from __future__ import annotations

from dataclasses import replace

from keyframes.prompts import Prompt
from pipeline.spec.denoise import OFF, Crossing, EncoderSpec
from pipeline.spec.frame import FrameSpec
from pipeline.spec.step_schedule import StepSchedule
from tests.pipeline.plans import frame_spec, painted

Pair = tuple[FrameSpec, FrameSpec]

TWO = StepSchedule.constant(2.0)


def unguided(spec: FrameSpec) -> FrameSpec:
    return painted(spec, clip_guidance_scale=OFF)


NOTHING = painted(unguided(frame_spec(1)), range_scale=OFF, cfg_scale=OFF)
"""A frame that nothing draws anywhere."""

SAME: dict[str, Pair] = {
    "cutouts": (unguided(frame_spec(1)), painted(unguided(frame_spec(1)), cut_overview=TWO)),
    "encoders": (
        unguided(frame_spec(1)),
        painted(unguided(frame_spec(1)), encoders=(EncoderSpec("other"),)),
    ),
    "an encoder of weight 0": (
        frame_spec(1),
        painted(frame_spec(1), encoders=(EncoderSpec("starter"), EncoderSpec("other", 0.0))),
    ),
    "the cap of no gradient": (NOTHING, painted(NOTHING, clamp_max=TWO)),
    "the way of no gradient": (NOTHING, painted(NOTHING, gradient="none")),
    "prompts that nothing reads": (NOTHING, painted(NOTHING, prompts=(Prompt("fog"),))),
    "the seed of what is only moved": (
        replace(frame_spec(1), denoise=None),
        replace(frame_spec(1), denoise=None, seed=8),
    ),
    "a turn of noise that is there": (
        painted(frame_spec(4), noise_period=2),
        painted(frame_spec(4), noise_period=4),
    ),
    "another name of a picture in a cross-fade": (
        painted(frame_spec(1), crossing=Crossing((Prompt("/a.png", image=True),), 1, 0.5)),
        painted(frame_spec(1), crossing=Crossing((Prompt("/b.png", image=True),), 1, 0.5)),
    ),
}

DIFFERENT: dict[str, Pair] = {
    "cutouts": (frame_spec(1), painted(frame_spec(1), cut_overview=TWO)),
    "noise of copies": (
        painted(frame_spec(1), fuzzy_prompt=2),
        painted(frame_spec(1), fuzzy_prompt=2, rand_mag=0.5),
    ),
    "the cap of a gradient": (
        unguided(frame_spec(1)),
        painted(unguided(frame_spec(1)), clamp_max=TWO),
    ),
    "prompts that the denoiser reads": (
        painted(NOTHING, cfg_scale=TWO),
        painted(NOTHING, cfg_scale=TWO, prompts=(Prompt("fog"),)),
    ),
    "prompts that an encoder reads": (
        painted(frame_spec(1), cfg_scale=OFF),
        painted(frame_spec(1), cfg_scale=OFF, prompts=(Prompt("fog"),)),
    ),
    "a turn of noise between": (
        painted(frame_spec(3), noise_period=2),
        painted(frame_spec(3), noise_period=4),
    ),
    "a turn of noise in the picture that a cross-fade leads to": (
        painted(frame_spec(4), noise_period=2, crossing=Crossing((Prompt("fog"),), 3, 0.5)),
        painted(frame_spec(4), noise_period=4, crossing=Crossing((Prompt("fog"),), 3, 0.5)),
    ),
    "the seed of what is painted": (frame_spec(1), replace(frame_spec(1), seed=8)),
}
