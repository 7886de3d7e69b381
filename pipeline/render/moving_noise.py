"""The noise that moves with the picture, from a frame to the one that grows from it."""

from __future__ import annotations

from dataclasses import replace

from pipeline.camera.maps import CameraMap
from pipeline.diffusion.noise_field import NoiseField
from pipeline.render.randomness import seed_for
from pipeline.spec.frame import FrameSpec


def moving_noise(
    spec: FrameSpec, earlier: NoiseField | None, way: CameraMap | None
) -> NoiseField | None:
    """The field of a frame's noise; None for one whose noise is all its own.

    `earlier` is that of the frame's first input, and `way` the way of its places to this one; a
    frame that is only moved hands it on. A frame without an earlier field, or one that starts from
    noise alone, begins a new field: what is painted anew has nothing in common with what was there.
    Frames of one fade that start from noise begin the same one, or each would be another picture.
    """
    denoise = spec.denoise
    if denoise is not None and denoise.sampler.fresh_noise == 1:
        return None
    if denoise is not None and (earlier is None or denoise.sampler.from_noise):
        since = denoise.sampler.noise_since
        first = spec if since is None else replace(spec, frame=since)
        return NoiseField.begin(seed_for(first, "field"), *spec.size, seed=spec.seed)
    if earlier is None or way is None:
        return earlier
    return earlier.carried(lambda x, y: way.forward(x.to(way.device), y.to(way.device)))
