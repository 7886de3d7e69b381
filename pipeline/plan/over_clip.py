"""Frames over a clip: from which of its frames each starts, and what goes along with it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from pipeline.plan.from_noise import AT_REST
from pipeline.scene.reading.clip_input import ClipInput
from pipeline.spec.clip import CarrySpec, ClipFrame
from pipeline.spec.frame import FrameSpec, PictureFile


def over_clip(
    spec: FrameSpec,
    clip: ClipInput,
    fps: Fraction,
    places: tuple[int, int],
    blend: float,
    mask: float,
) -> FrameSpec:
    """The spec of a frame that would grow, or start anew, as one that starts from the clip.

    `places` are the numbers in the video of the frame that it would grow from, and of its own.
    Where `blend`, the share of that frame, is 0 it starts from the clip alone. One that is not
    painted shows what was, without a share of the clip. A picture of the author's stays one.
    """
    if any(isinstance(one, PictureFile) for one in spec.inputs):
        return spec
    before, now = places
    seen = _frame(clip, fps, now)
    alone = replace(spec, inputs=(seen,), motions=(), camera=AT_REST, renewal=0.0)
    blend = 1.0 if spec.denoise is None else blend
    if not spec.grows or blend == 0:
        return alone
    return replace(
        alone,
        inputs=(*spec.inputs, _frame(clip, fps, before), seen),
        shares=(blend, 0.0, 1 - blend),
        carry=CarrySpec(mask),
    )


def _frame(clip: ClipInput, fps: Fraction, place: int) -> ClipFrame:
    return ClipFrame(str(clip.file), clip.frame(place, fps), clip.crop, clip.fit)
