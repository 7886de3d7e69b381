"""One frame as a function of its spec, its inputs and the networks; it knows no files of a run."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from pipeline.diffusion.image import to_pixels, to_tensor
from pipeline.diffusion.perlin import perlin_init
from pipeline.diffusion.steps import Step
from pipeline.errors import Error
from pipeline.files.png import Pixels
from pipeline.networks.bundle import Networks
from pipeline.networks.memory.shortage import is_shortage
from pipeline.render.camera_step import move
from pipeline.render.guided_denoiser import guided_denoiser
from pipeline.render.memory import NOTHING, Memory
from pipeline.render.randomness import generator_for
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
    moved = _moved(spec, inputs, networks)
    try:
        return to_pixels(_painted(spec, moved, networks, watch)), NOTHING
    except FloatingPointError as error:
        raise Error(f"frame {spec.id}: {error}") from error


def _moved(spec: FrameSpec, inputs: Sequence[Pixels], networks: Networks) -> Tensor | None:
    """The frame's inputs, mixed, as `(1, 3, H, W)`; the first from where the camera is now."""
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
    moved = move(first, spec.motions, spec.camera, depth)
    if not others:
        return moved
    weights = torch.tensor(shares, device=networks.device)[:, None, None, None, None]
    return (weights * torch.stack((moved, *others))).sum(dim=0)


def _painted(spec: FrameSpec, moved: Tensor | None, networks: Networks, watch: Watch) -> Tensor:
    """The picture `(1, 3, H, W)` over `moved`, over clouds, or out of noise.

    Without `spec.denoise` the picture is `moved` itself.
    """
    if spec.denoise is None and moved is not None:
        return moved
    init = _clouds(spec, networks) if moved is None else moved
    for step in sample(init, spec, guided_denoiser(networks, spec, init), networks.device):
        watch(step)
    return step.x


def _clouds(spec: FrameSpec, networks: Networks) -> Tensor | None:
    mode = spec.painting.sampler.perlin_init
    if mode is None:
        return None
    return perlin_init(*spec.size, mode, generator_for(spec, "perlin")).to(networks.device)
