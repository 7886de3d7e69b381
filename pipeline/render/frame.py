"""One frame as a function of its spec, its inputs, its memory and the networks.

The stages of a frame are told in docs/architecture.md. No files of a run are known here.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import torch
from torch import Tensor

from pipeline.diffusion.image import to_pixels, to_tensor
from pipeline.diffusion.perlin import perlin_init
from pipeline.diffusion.steps import Step
from pipeline.errors import Error
from pipeline.files.png import Pixels
from pipeline.networks.bundle import Networks
from pipeline.networks.memory.shortage import is_shortage
from pipeline.render.arrival import Arrival, arrive
from pipeline.render.crossing import brought_along, going_over
from pipeline.render.faulty import FrameFault
from pipeline.render.guided_denoiser import guided_denoiser
from pipeline.render.inbetween import in_between
from pipeline.render.keeping import arrived, corrected, held_form, renewed, taken_along
from pipeline.render.memory import NOTHING, Memory
from pipeline.render.moving_noise import moving_noise
from pipeline.render.randomness import generator_for, noise_for
from pipeline.render.repaint import afresh, asks, not_seen_before
from pipeline.render.sampling import sample
from pipeline.render.start import Start
from pipeline.spec.frame import FrameSpec
from pipeline.spec.keeping import KEEPS_NOTHING

_log = logging.getLogger(__name__)

Watch = Callable[[Step], None]
"""A callback for every sampling step of a frame, as it is taken."""


def render_frame(
    spec: FrameSpec,
    inputs: Sequence[Pixels],
    networks: Networks,
    watch: Watch,
    memory: Memory = NOTHING,
    ahead: Memory = NOTHING,
) -> tuple[Pixels, Memory]:
    """The pixels `(height, width, 3)` of one frame, and what it leaves for those that grow from it.

    `inputs` are the pixels of `spec.inputs`, of the frame's size, `memory` is what the first of
    them has left, and `ahead` what the next painted frame has left to one in between. Where memory
    runs out, the frame begins again with half the cutouts a batch. That is tried once a render, and
    does not change the picture.

    Raises:
        FrameFault: a depth, an estimate, a gradient or the picture is not finite.
        Error: there is too little memory. Both messages name the frame.
        ValueError: a number of inputs that no frame is made of.
    """
    try:
        return _rendered(spec, inputs, networks, watch, memory, ahead)
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
    return render_frame(spec, inputs, networks, watch, memory, ahead)


def _too_large(spec: FrameSpec) -> Error:
    return Error(
        f"frame {spec.id}: there is not enough memory on the device. Any of these needs less: "
        "render with --memory low; a smaller video.size; fewer guidance.cut_overview and "
        "cut_innercut, with more cutn_batches for as many cutouts in all; "
        "models: {precision: bf16}"
    )


def _rendered(
    spec: FrameSpec,
    inputs: Sequence[Pixels],
    networks: Networks,
    watch: Watch,
    memory: Memory,
    ahead: Memory,
) -> tuple[Pixels, Memory]:
    try:
        if spec.between is not None:
            return in_between(spec, inputs, (memory, ahead), networks), NOTHING
        arrival = arrive(spec, inputs, networks, memory)
        if arrival is None:
            start = _anew(spec, networks)
            return to_pixels(_painted(spec, start, networks, watch)), Memory(noise=start.noise)
        return _over(arrival, spec, networks, watch)
    except FloatingPointError as error:
        raise FrameFault(f"frame {spec.id}: {error}") from error


def _over(
    arrival: Arrival, spec: FrameSpec, networks: Networks, watch: Watch
) -> tuple[Pixels, Memory]:
    """A frame painted over what its inputs are from where the camera is now, if it is painted.

    One that is only moved hands on what is remembered, as far as it goes along.
    """
    sight, way, memory = arrival.sight, arrival.way, arrival.memory
    noise = moving_noise(spec, memory.noise, way)
    key = brought_along(memory.key, way, spec)
    if spec.denoise is None:
        along = replace(sight, known=arrival.goes_along)
        held_on = None if memory.kept is None else taken_along(memory.kept, along, way, spec)
        return to_pixels(sight.picture), Memory(held_on, key, noise, arrival.points)
    sight, key = going_over(spec, sight, key, partial(_still, networks=networks))
    along = replace(sight, known=arrival.goes_along)
    keep = spec.denoise.keep
    kept = None if keep == KEEPS_NOTHING else arrived(memory.kept, along, way, spec)
    picture = sight.picture if kept is None else corrected(sight.picture, kept, keep)
    held = picture if kept is None else held_form(kept, picture)
    anew = afresh(spec.denoise.guidance, sight) if asks(spec.denoise.guidance) else None
    start = Start(picture, held, noise=noise)
    if anew is not None:
        start = replace(start, kept=anew.kept, grown=anew.grown, repaint=anew.repaint)
    pixels = to_pixels(_painted(spec, start, networks, watch))
    if kept is not None:
        new = not_seen_before(spec.denoise.guidance.repaint, sight)
        kept = renewed(kept, to_tensor(pixels).to(networks.device), spec, new)
    return pixels, Memory(kept, key, noise, arrival.points)


def _anew(spec: FrameSpec, networks: Networks) -> Start:
    """What a frame without inputs is painted over."""
    return Start(_clouds(spec, networks), noise=moving_noise(spec, None, None))


def _still(spec: FrameSpec, networks: Networks) -> Tensor:
    """The picture of a frame without inputs; its steps are nobody's to watch."""
    return _painted(spec, _anew(spec, networks), networks, lambda step: None)


def _painted(spec: FrameSpec, start: Start, networks: Networks, watch: Watch) -> Tensor:
    """The picture `(1, 3, H, W)` over what it starts from."""
    network = networks.denoiser.for_sampling(spec.painting.sampler, spec.size)
    space = network.space
    canvas = start.within(space)
    denoiser = guided_denoiser(networks, spec, canvas)
    steps = sample(
        canvas.x, spec, denoiser, networks.device, canvas.repaint, canvas.noise, space=space
    )
    for step in steps:
        watch(step)
    with torch.no_grad():
        return network.finished(
            step.x, spec.painting.prompts, noise_for(spec, "finish", start.noise), spec.size
        )


def _clouds(spec: FrameSpec, networks: Networks) -> Tensor | None:
    mode = spec.painting.sampler.perlin_init
    if mode is None:
        return None
    return perlin_init(*spec.size, mode, generator_for(spec, "perlin")).to(networks.device)
