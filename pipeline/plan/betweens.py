"""Frames that are not painted, and what they show of the painted ones around them.

Such a frame is one warp of the last painted frame and, where asked, one of the next, seen back from
there. Every painted one shows its change on its own frame: before a hard cut, and before a frame
that starts from nothing, the last painted one is seen alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.plan.from_noise import AT_REST
from pipeline.plan.ways import Steps, depth_of_frame, taken_at
from pipeline.scene.painted import Painted
from pipeline.scene.settings import Settings
from pipeline.spec.between import Between
from pipeline.spec.camera import CameraSpec
from pipeline.spec.frame import FrameSpec, SavedFrame


def with_betweens(
    specs: Sequence[FrameSpec], painted: Painted, steps: Steps, settings: Settings
) -> Iterator[FrameSpec]:
    """The frames of a shot, of which those that are not `painted` show what lies around them.

    A picture of the author's, such as the one on which a shot ends, stays what it is. `steps` are
    the camera's motions to each frame.
    """
    last = 0
    for spec, after in zip(specs, _following(specs, painted), strict=True):
        if after is spec or not spec.grows:
            last = spec.frame
            yield spec
        elif settings.sampler.inbetween == "warp" or not _is_seen_before(after, painted):
            yield replace(spec, between=Between())
        else:
            share = (spec.frame - last) / (after.frame - last)
            yield _towards(spec, after, share, steps, settings)


def _onward(spec: FrameSpec, after: FrameSpec, steps: Steps, settings: Settings) -> CameraSpec:
    """How the frame `spec` would be seen on the way on to `after`, by whose depth it goes."""
    depth, step = depth_of_frame(settings.camera, after.frame), steps[after.frame]
    camera = replace(spec.camera, depth=depth, taken=None)
    if not step.lens:
        return camera
    return taken_at(replace(camera, fov=step.camera.fov), spec.camera.fov)


def _following(specs: Sequence[FrameSpec], painted: Painted) -> list[FrameSpec]:
    """For each frame the next one that may be painted, which is itself where that is one."""
    found: list[FrameSpec] = []
    for spec in reversed(specs):
        found.append(spec if spec.frame in painted.frames else found[-1])
    return found[::-1]


def _is_seen_before(after: FrameSpec, painted: Painted) -> bool:
    """Whether a painted frame goes on from the one before it, so that it may come bit by bit.

    One that is only moved is that one; a picture of the author's, whole or a share of it, comes as
    a painted frame does.
    """
    goes_on = bool(after.inputs) and after.frame not in painted.cuts
    return goes_on and (after.denoise is not None or not after.grows or bool(after.shares))


def _towards(
    spec: FrameSpec, after: FrameSpec, share: float, steps: Steps, settings: Settings
) -> FrameSpec:
    """The frame `spec`, which shows so much of the painted one `after` it."""
    onward = tuple(step.motion for step in steps[spec.frame + 1 : after.frame + 1])
    between = Between(
        share=share,
        onward=onward if after.motions else (),
        camera=_onward(spec, after, steps, settings) if after.motions else AT_REST,
        flow=settings.sampler.inbetween == "flow",
    )
    return replace(spec, inputs=(*spec.inputs, SavedFrame(after.frame)), between=between)
