"""One frame as a function of its spec, its inputs and the networks; it knows no files of a run."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace

import torch
from torch import Tensor

from pipeline.camera.sight import Sight
from pipeline.diffusion.image import to_pixels, to_tensor
from pipeline.diffusion.perlin import perlin_init
from pipeline.diffusion.steps import Step
from pipeline.errors import Error
from pipeline.files.png import Pixels
from pipeline.networks.bundle import Networks
from pipeline.networks.memory.shortage import is_shortage
from pipeline.render.camera_step import camera_map, look
from pipeline.render.guided_denoiser import guided_denoiser
from pipeline.render.memory import NOTHING, Memory
from pipeline.render.randomness import generator_for
from pipeline.render.repaint import afresh, asks
from pipeline.render.sampling import sample
from pipeline.spec.frame import FrameSpec

_log = logging.getLogger(__name__)

Watch = Callable[[Step], None]
"""A callback for every sampling step of a frame, as it is taken."""


def render_frame(
    spec: FrameSpec,
    inputs: Sequence[Pixels],
    networks: Networks,
    watch: Watch,
    memory: Memory = NOTHING,
) -> tuple[Pixels, Memory]:
    """The pixels `(height, width, 3)` of one frame, and what it leaves for those that grow from it.

    `inputs` are the pixels of `spec.inputs`, of the frame's size, and `memory` is what the first of
    them has left. Where memory runs out, the
    frame begins again with half the cutouts a batch. That is tried once a render, and does not
    change the picture.

    Raises:
        Error: a gradient or the picture is not finite, or there is too little memory; the message
            names the frame.
        ValueError: a number of inputs that no frame is made of.
    """
    try:
        return _rendered(spec, inputs, networks, watch, memory)
    except Exception as error:
        if not is_shortage(error):
            raise
        if not networks.cuts.halve():
            raise _too_large(spec) from error
    # Not in the handler, whose traceback holds the tensors of the first attempt.
    _log.warning(
        "frame %s needs more memory than there is: from here on the encoders look at %d cutouts "
        "at once",
        spec.id,
        networks.cuts.at_once,
    )
    return render_frame(spec, inputs, networks, watch, memory)


def _too_large(spec: FrameSpec) -> Error:
    return Error(
        f"frame {spec.id}: there is not enough memory on the device. Any of these needs less: "
        "render with --memory low; a smaller video.size; fewer guidance.cut_overview and "
        "cut_innercut, with more cutn_batches for as many cutouts in all; "
        "models: {precision: bf16}"
    )


def _rendered(
    spec: FrameSpec, inputs: Sequence[Pixels], networks: Networks, watch: Watch, memory: Memory
) -> tuple[Pixels, Memory]:
    seen = _seen(spec, inputs, networks)
    try:
        return to_pixels(_painted(spec, seen, networks, watch)), NOTHING
    except FloatingPointError as error:
        raise Error(f"frame {spec.id}: {error}") from error


def _seen(spec: FrameSpec, inputs: Sequence[Pixels], networks: Networks) -> Sight | None:
    """The frame's inputs, mixed, the first of them from where the camera is now."""
    shares = spec.shares or (1.0,) * min(1, len(spec.inputs))
    if not len(inputs) == len(spec.inputs) == len(shares):
        raise ValueError(
            f"frame {spec.id} is given {len(inputs)} inputs, of {len(spec.inputs)} with "
            f"{len(shares)} shares"
        )
    if not inputs:
        return None
    first, *others = (to_tensor(one).to(networks.device) for one in inputs)
    depth = networks.depth_for(spec.camera.projection)
    way = camera_map(first, spec.motions, spec.camera, depth)
    sight = look(first, way, spec.camera, splat=_repaints(spec))
    if not others:
        return sight
    weights = torch.tensor(shares, device=networks.device)[:, None, None, None, None]
    mixed = (weights * torch.stack((sight.picture, *others))).sum(dim=0)
    return replace(sight, picture=mixed)


def _repaints(spec: FrameSpec) -> bool:
    return spec.denoise is not None and asks(spec.denoise.guidance)


def _painted(spec: FrameSpec, seen: Sight | None, networks: Networks, watch: Watch) -> Tensor:
    """The picture `(1, 3, H, W)` over what is `seen`, over clouds, or out of noise.

    Without `spec.denoise` the picture is what is seen itself.
    """
    if spec.denoise is None and seen is not None:
        return seen.picture
    init = _clouds(spec, networks) if seen is None else seen.picture
    anew = afresh(spec.painting.guidance, seen) if seen and _repaints(spec) else None
    kept, repaint = (None, None) if anew is None else (anew.kept, anew.repaint)
    denoiser = guided_denoiser(networks, spec, init, kept)
    for step in sample(init, spec, denoiser, networks.device, repaint):
        watch(step)
    return step.x


def _clouds(spec: FrameSpec, networks: Networks) -> Tensor | None:
    mode = spec.painting.sampler.perlin_init
    if mode is None:
        return None
    return perlin_init(*spec.size, mode, generator_for(spec, "perlin")).to(networks.device)
