"""Key frames: one picture for each look of a video, painted before any other frame.

Such a frame is the render's own where that starts from nothing as well; any other is painted as a
still, with the settings and the seed of its frame, and what speaks of a picture before it left out.
"""

from __future__ import annotations

from dataclasses import replace

from pipeline.plan.from_noise import AT_REST
from pipeline.plan.looks import Look, looks
from pipeline.spec.denoise import Denoise, GuidanceSpec
from pipeline.spec.frame import FrameSpec
from pipeline.spec.keeping import KEEPS_NOTHING
from pipeline.spec.plan import OutputSpec, Plan


def key_plan(plan: Plan) -> Plan:
    """A plan of the key frames of `plan`, as stills; each keeps its number and its shot.

    Shots in which nothing is painted have none; the plan is empty where no shot has any.
    """
    specs = {spec.id: spec for spec in plan}
    frames = tuple(_key(specs[look.id]) for look in painted_looks(plan))
    output = OutputSpec(stills=True)
    return replace(plan, frames=frames, output=output, outputs=(), shots=())


def painted_looks(plan: Plan) -> list[Look]:
    """The looks of `plan` that have key frames, shot by shot."""
    return [look for of_shot in looks(plan).values() for look in of_shot if look.prompts]


def _key(spec: FrameSpec) -> FrameSpec:
    spec = replace(spec, display_rate=0, intermediate_saves=())
    if not spec.grows or spec.denoise is None:
        return spec
    return replace(
        spec,
        inputs=(),
        shares=(),
        motions=(),
        camera=AT_REST,
        renewal=0.0,
        denoise=_from_nothing(spec.denoise),
    )


def _from_nothing(denoise: Denoise) -> Denoise:
    """How a frame is painted with all its steps, and without what compares it with a picture."""
    neutral = GuidanceSpec()
    guidance = replace(
        denoise.guidance,
        init_scale=neutral.init_scale,
        init_hold=neutral.init_hold,
        detail_hold=neutral.detail_hold,
        repaint=neutral.repaint,
        discover=neutral.discover,
    )
    sampler = replace(denoise.sampler, skip_steps=0, from_noise=False, perlin_init=None)
    return replace(denoise, sampler=sampler, guidance=guidance, keep=KEEPS_NOTHING)
