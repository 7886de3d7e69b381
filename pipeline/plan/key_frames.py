"""Key frames: one picture for each look of a video, painted before any other frame.

Such a frame is the render's own where that starts from nothing as well, and the picture that a
cross-fade leads to where that is painted by itself. Any other is painted as a still, with the
settings and the seed of its frame, and what speaks of a picture before it left out.
"""

from __future__ import annotations

from dataclasses import replace

from pipeline.plan.crossing import key_picture
from pipeline.plan.from_noise import AT_REST, of_no_picture
from pipeline.plan.looks import Look, looks
from pipeline.spec.denoise import OFF, Denoise
from pipeline.spec.frame import FrameId, FrameSpec
from pipeline.spec.plan import OutputSpec, Plan


def key_plan(plan: Plan) -> Plan:
    """A plan of the key frames of `plan`, as stills; each has the number and shot of its frame.

    Shots in which nothing is painted have none; the plan is empty where no shot has any.
    """
    output = OutputSpec(stills=True)
    return replace(plan, frames=tuple(keys_of(plan).values()), output=output, outputs=(), shots=())


def keys_of(plan: Plan) -> dict[Look, FrameSpec]:
    """The key frame of each look of `plan` that has one, shot by shot."""
    specs = {spec.id: spec for spec in plan}
    led_to = _led_to(plan)
    return {
        look: led_to.get((look.shot, look.first)) or _key(specs[look.id])
        for of_shot in looks(plan).values()
        for look in of_shot
        if look.prompts
    }


def _led_to(plan: Plan) -> dict[tuple[str, int], FrameSpec]:
    """The pictures that cross-fades lead to, by the shot and the frame that shows nothing else."""
    specs = {spec.id: spec for spec in plan}
    found = {}
    for spec in plan:
        crossing = None if spec.denoise is None else spec.denoise.crossing
        if crossing is not None and crossing.share == 1:
            since = replace(specs[FrameId(crossing.since, spec.shot)], display_rate=0)
            found[spec.shot, spec.frame] = key_picture(since, crossing)
    return found


def _key(spec: FrameSpec) -> FrameSpec:
    spec = replace(spec, display_rate=0, intermediate_saves=())
    if spec.clip_frames:
        return replace(spec, inputs=spec.clip_frames[-1:], shares=(), carry=None)
    if not spec.grows or spec.denoise is None:
        return spec
    return replace(
        spec,
        inputs=(),
        shares=(),
        motions=(),
        camera=AT_REST,
        renewal=0.0,
        denoise=_whole(of_no_picture(spec.denoise)),
    )


def _whole(denoise: Denoise) -> Denoise:
    """How a frame is painted with all its steps, and without what compares it with a picture."""
    return replace(
        denoise,
        guidance=replace(denoise.guidance, init_scale=OFF, init_hold=OFF),
        sampler=replace(denoise.sampler, skip_steps=0, from_noise=False),
    )
