"""Small plans and pictures for the tests of what happens on the disk."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np

from keyframes.prompts import Prompt
from pipeline.files.png import Pixels
from pipeline.spec.frame import (
    CameraSpec,
    DepthPictureSpec,
    EncoderSpec,
    FrameSpec,
    GuidanceSpec,
    OutputSpec,
    PictureSpec,
    Plan,
    SamplerSpec,
    SymmetrySpec,
    at_all_steps,
)
from pipeline.spec.sources import ModelsSpec

WIDTH, HEIGHT = 8, 6
MODELS = {"denoiser": "d" * 64, "depth": "e" * 64}

CAMERA = CameraSpec(
    mode="3d",
    translation=(0.0, -1.5, 0.1 + 0.2),
    rotation=(0.0, 0.0, 1e-7),
    zoom=1.02,
    fov=40.0,
    projection="pinhole",
    padding="border",
    sampling="bicubic",
)
GUIDANCE = GuidanceSpec(
    gradient="denoiser",
    cfg_scale=at_all_steps(5.0),
    clip_guidance_scale=at_all_steps(5000.0),
    tv_scale=at_all_steps(0.0),
    range_scale=at_all_steps(150.0),
    sat_scale=at_all_steps(0.0),
    init_hold=at_all_steps(0.0),
    init_scale=at_all_steps(0.0),
    perceptual="pyramid",
    fuzzy_prompt=0,
    rand_mag=0.11,
    clamp_max=at_all_steps(0.05),
    cutn_batches=2,
    cut_overview=((0.0, 12.0), (0.4, 4.0)),
    cut_innercut=((0.0, 4.0),),
    cut_ic_pow=((0.0, 1.0),),
    cut_icgray_p=((0.0, 0.2), (0.4, 0.0)),
    skip_augs=False,
)
SAMPLER = SamplerSpec(
    name="ddim",
    steps=25,
    skip_steps=10,
    eta=0.8,
    noise_period=1,
    init_image=None,
    perlin_init=None,
    symmetry=SymmetrySpec(),
    clip_denoised=True,
    dynamic_threshold=None,
)
ENCODERS = (EncoderSpec("starter", 1.0, 0.0, 1.0),)


def frame_spec(frame: int) -> FrameSpec:
    """Frame `frame` of a chain."""
    return FrameSpec(
        frame=frame,
        shot="main",
        seed=7,
        previous=frame - 1 if frame else None,
        picture=PictureSpec(WIDTH, HEIGHT),
        prompts=(Prompt("a castle at dawn", 1.3), Prompt("fog", -0.3)),
        camera=CAMERA,
        sampler=SAMPLER,
        guidance=GUIDANCE,
        encoders=ENCODERS,
        display_rate=0,
        intermediate_saves=(),
    )


def chain_plan(count: int) -> Plan:
    """A plan of `count` frames, each growing from the one before."""
    return Plan(
        frames=tuple(map(frame_spec, range(count))),
        fps=Fraction(30000, 1001),
        title="pulse",
        models=ModelsSpec(),
        output=OutputSpec(file="pulse.mp4", size=(16, 12), soundtrack="/music/pulse.ogg"),
    )


def with_zoom(plan: Plan, frame: int, zoom: float) -> Plan:
    """The plan with another zoom in one frame."""
    spec = plan[frame]
    changed = replace(spec, camera=replace(spec.camera, zoom=zoom))
    return replace(plan, frames=(*plan.frames[:frame], changed, *plan.frames[frame + 1 :]))


def with_init_image(plan: Plan, path: str) -> Plan:
    """The plan with a picture that frame 0 starts from."""
    first = replace(plan[0], sampler=replace(plan[0].sampler, init_image=path))
    return replace(plan, frames=(first, *plan.frames[1:]))


def with_depth(plan: Plan, frame: int, path: str) -> Plan:
    """The plan with a picture of the depth through which the camera goes to one frame."""
    spec = plan[frame]
    changed = replace(spec, camera=replace(spec.camera, depth=DepthPictureSpec(path)))
    return replace(plan, frames=(*plan.frames[:frame], changed, *plan.frames[frame + 1 :]))


def picture(frame: int, width: int = WIDTH, height: int = HEIGHT) -> Pixels:
    """Noise that is another one for each frame."""
    generator = np.random.default_rng(frame)
    return generator.integers(0, 256, (height, width, 3), dtype=np.uint8)
