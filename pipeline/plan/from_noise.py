"""Frames that skip no step: nothing of another picture is left in what they start from.

A schedule's last alpha is not 0: a picture noised to its last timestep keeps a few percent of
itself, with a cosine schedule about six, and the coarsest of it decides the hour of a new subject.
So a frame that takes all steps starts from noise alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pipeline.spec.camera import CameraSpec
from pipeline.spec.denoise import Denoise, GuidanceSpec
from pipeline.spec.frame import FrameSpec
from pipeline.spec.keeping import KEEPS_NOTHING

AT_REST = CameraSpec()
"""Camera of a frame that nothing moves to: the same whatever the scene's camera does."""


def cut_loose(spec: FrameSpec) -> FrameSpec:
    """`spec` without what it would start from, if it skips no step; any other as it is.

    A picture or clouds that `init_scale` or `init_hold` keep the frame to stay with it for that
    alone, and all others go: such a frame depends on no earlier one.
    """
    denoise = spec.denoise
    if denoise is None or denoise.sampler.skip_steps:
        return spec
    sampler = denoise.sampler
    if not spec.inputs and sampler.perlin_init is None:
        return spec
    if _keeps_to_a_picture(denoise):
        return replace(spec, denoise=replace(denoise, sampler=replace(sampler, from_noise=True)))
    return replace(
        spec,
        inputs=(),
        shares=(),
        motions=(),
        camera=AT_REST,
        carry=None,
        renewal=0.0,
        denoise=of_no_picture(denoise),
    )


def in_series(specs: Iterable[FrameSpec]) -> Iterator[FrameSpec]:
    """The frames of a shot, where those in a row that start from noise begin one noise together.

    Else each frame of a fade would be another picture, as noise that moves with a picture is new
    where there is none.
    """
    since: int | None = None
    for spec in specs:
        denoise = spec.denoise
        if spec.between is not None:
            # No frame grows from it: the painted ones around it are neighbours.
            yield spec
            continue
        if spec.inputs or denoise is None or denoise.sampler.fresh_noise == 1:
            since = None
        elif since is None:
            since = spec.frame
        else:
            sampler = replace(denoise.sampler, noise_since=since)
            spec = replace(spec, denoise=replace(denoise, sampler=sampler))
        yield spec


def of_no_picture(denoise: Denoise) -> Denoise:
    """How a frame is painted, without what speaks of a picture that it starts from."""
    neutral = GuidanceSpec()
    guidance = replace(
        denoise.guidance,
        detail_hold=neutral.detail_hold,
        repaint=neutral.repaint,
        discover=neutral.discover,
    )
    sampler = replace(denoise.sampler, perlin_init=None)
    plain = replace(denoise, sampler=sampler, guidance=guidance)
    return replace(plain, keep=KEEPS_NOTHING, crossing=None)


def _keeps_to_a_picture(denoise: Denoise) -> bool:
    # Details without a form would be those of nothing: `detail_hold` alone keeps no picture.
    guidance = denoise.guidance
    return not (guidance.init_scale.is_zero and guidance.init_hold.is_zero)
