"""Small plans and pictures for the tests of what happens on the disk."""

from __future__ import annotations

from dataclasses import fields, replace
from fractions import Fraction

import numpy as np

from keyframes.prompts import Prompt
from pipeline.files.png import Pixels
from pipeline.spec.between import Between
from pipeline.spec.camera import CameraMotion, CameraSpec, DepthPictureSpec
from pipeline.spec.denoise import Denoise, EncoderSpec, GuidanceSpec, SamplerSpec
from pipeline.spec.fingerprints import Fingerprint
from pipeline.spec.frame import FrameSpec, PictureFile, SavedFrame
from pipeline.spec.plan import OutputSpec, Plan
from pipeline.spec.step_schedule import StepSchedule

WIDTH, HEIGHT = 8, 6
DENOISER = Fingerprint("denoiser", "", "weights", "d" * 64)
DEPTH = Fingerprint("depth", "", "weights", "e" * 64)
NETWORKS = {"main": (DENOISER, DEPTH)}

MOTION = CameraMotion(translate_y=-1.5, translate_z=0.1 + 0.2, roll=1e-7, zoom=1.02)
CAMERA = CameraSpec(mode="3d", padding="border")
GUIDANCE = GuidanceSpec(
    cfg_scale=StepSchedule.constant(5.0),
    clip_guidance_scale=StepSchedule.constant(5000.0),
    range_scale=StepSchedule.constant(150.0),
    cutn_batches=2,
    cut_overview=StepSchedule(((0.0, 12.0), (0.4, 4.0))),
    cut_innercut=StepSchedule.constant(4.0),
    cut_icgray_p=StepSchedule(((0.0, 0.2), (0.4, 0.0))),
)
SAMPLER = SamplerSpec("ddim", steps=25, skip_steps=10, eta=0.8, clip_denoised=True)
DENOISE = Denoise(
    prompts=(Prompt("a castle at dawn", 1.3), Prompt("fog", -0.3)),
    sampler=SAMPLER,
    guidance=GUIDANCE,
    encoders=(EncoderSpec("starter"),),
)


def frame_spec(frame: int) -> FrameSpec:
    """Frame `frame` of a chain."""
    grown = FrameSpec(
        frame=frame,
        size=(WIDTH, HEIGHT),
        seed=7,
        inputs=(SavedFrame(frame - 1),),
        motions=(MOTION,),
        camera=CAMERA,
        denoise=DENOISE,
    )
    return grown if frame else replace(grown, inputs=(), motions=(), camera=CameraSpec())


def chain_plan(count: int) -> Plan:
    """A plan of `count` frames, each growing from the one before."""
    return Plan(
        frames=tuple(map(frame_spec, range(count))),
        fps=Fraction(30000, 1001),
        title="pulse",
        output=OutputSpec(file="pulse.mp4", size=(16, 12), soundtrack="/music/pulse.ogg"),
    )


def with_others_between(count: int) -> Plan:
    """A plan of which each third frame is painted."""

    def one(spec: FrameSpec) -> FrameSpec:
        last, following = spec.frame // 3 * 3, -(-spec.frame // 3) * 3
        if spec.frame == last:
            return replace(spec, inputs=(SavedFrame(last - 3),)) if last else spec
        inputs = SavedFrame(last), SavedFrame(following)
        return replace(spec, inputs=inputs, denoise=None, between=Between(0.5))

    plan = chain_plan(count)
    return replace(plan, frames=tuple(map(one, plan)))


def with_frame(plan: Plan, spec: FrameSpec) -> Plan:
    """The plan with another spec in the place of one frame's."""
    frames = (*plan.frames[: spec.frame], spec, *plan.frames[spec.frame + 1 :])
    return replace(plan, frames=frames)


def moved(spec: FrameSpec, **changes: float) -> FrameSpec:
    """The frame with a change of its only motion."""
    (motion,) = spec.motions
    return replace(spec, motions=(replace(motion, **changes),))


def painted(spec: FrameSpec, **changes: object) -> FrameSpec:
    """The frame with a change of how it is denoised, in its sections or in one of their fields."""
    denoise = spec.painting
    sections = {field.name for field in fields(denoise)}
    whole = {name: value for name, value in changes.items() if name in sections}
    sampler = {n: v for n, v in changes.items() if n in SamplerSpec.__dataclass_fields__}
    guidance = {n: v for n, v in changes.items() if n in GuidanceSpec.__dataclass_fields__}
    assert len(changes) == len(whole) + len(sampler) + len(guidance)
    denoise = replace(denoise, **whole)
    return replace(
        spec,
        denoise=replace(
            denoise,
            sampler=replace(denoise.sampler, **sampler),
            guidance=replace(denoise.guidance, **guidance),
        ),
    )


def with_zoom(plan: Plan, frame: int, zoom: float) -> Plan:
    """The plan with another zoom in one frame, which grows from another."""
    return with_frame(plan, moved(plan[frame], zoom=zoom))


def with_init_image(plan: Plan, path: str) -> Plan:
    """The plan with a picture that frame 0 starts from."""
    return with_frame(plan, replace(plan[0], inputs=(PictureFile(path),)))


def with_depth(plan: Plan, frame: int, path: str) -> Plan:
    """The plan with a picture of the depth through which the camera goes to one frame."""
    spec = plan[frame]
    return with_frame(
        plan, replace(spec, camera=replace(spec.camera, depth=DepthPictureSpec(path)))
    )


def picture(frame: int, width: int = WIDTH, height: int = HEIGHT) -> Pixels:
    """Noise that is another one for each frame."""
    generator = np.random.default_rng(frame)
    return generator.integers(0, 256, (height, width, 3), dtype=np.uint8)
