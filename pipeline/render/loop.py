"""The frame loop: the previous saved frame moves, is sampled, and is saved; then the next."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from torch import Tensor

from pipeline.diffusion.image import to_pixels, to_tensor
from pipeline.diffusion.perlin import perlin_init
from pipeline.errors import Error
from pipeline.files.pictures import fit, read_picture
from pipeline.files.png import Pixels
from pipeline.networks.bundle import Networks
from pipeline.networks.memory.shortage import is_shortage
from pipeline.render.camera_step import move
from pipeline.render.guided_denoiser import guided_denoiser
from pipeline.render.prompt_embeddings import Embeddings, embed_prompts
from pipeline.render.randomness import generator_for
from pipeline.render.sampling import sample
from pipeline.run.run import Run
from pipeline.spec.frame import FrameSpec, Plan

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class RenderedFrame:
    """A frame that is on the disk."""

    spec: FrameSpec
    pixels: Pixels
    """`(height, width, 3)` RGB."""
    seconds: float


def render(plan: Plan, run: Run, models: Networks) -> Iterator[RenderedFrame]:
    """Render what `run` lacks of `plan`, frame by frame; each is saved before it is yielded.

    Stopping between or within frames loses the frame in work and nothing else.
    """
    missing: Sequence[FrameSpec] = run.missing(plan)
    embeddings = embed_prompts(models, (prompt for spec in missing for prompt in spec.prompts))
    for spec in missing:
        started = perf_counter()
        pixels = render_frame(spec, run, models, embeddings)
        seconds = perf_counter() - started
        run.save(spec, pixels, seconds)
        _log.debug("frame %d took %.2f s", spec.frame, seconds)
        yield RenderedFrame(spec, pixels, seconds)


def render_frame(spec: FrameSpec, run: Run, models: Networks, embeddings: Embeddings) -> Pixels:
    """The pixels of one frame; `run` holds the frame that it grows from.

    Where the memory does not do, the frame begins again with half the cutouts at once. That is
    tried once a render, and does not change the picture.

    Raises:
        Error: a gradient or the picture is not finite, or there is too little memory; the message
            names the frame.
    """
    try:
        return _drawn(spec, run, models, embeddings)
    except Exception as error:
        if not is_shortage(error):
            raise
        if not models.cuts.halve():
            raise _too_large(spec) from error
    # Not in the handler, whose traceback holds the tensors of the first attempt.
    _log.warning(
        "frame %d needs more memory than there is: from here on the encoders look at %d cutouts "
        "at once",
        spec.frame,
        models.cuts.at_once,
    )
    return render_frame(spec, run, models, embeddings)


def _too_large(spec: FrameSpec) -> Error:
    return Error(
        f"frame {spec.frame}: there is not enough memory on the device. Any of these needs less: "
        "render with --memory low; a smaller video.size; fewer guidance.cut_overview and "
        "cut_innercut, with more cutn_batches for as many cutouts in all; "
        "models: {precision: bf16}"
    )


def _drawn(spec: FrameSpec, run: Run, models: Networks, embeddings: Embeddings) -> Pixels:
    init = _init(spec, run, models)
    try:
        for step in sample(
            init, spec, guided_denoiser(models, spec, embeddings, init), models.device
        ):
            if spec.display_rate and step.index % spec.display_rate == spec.display_rate - 1:
                run.show_progress(to_pixels(step.denoised))
            if step.index + 1 in spec.intermediate_saves:
                run.save_intermediate(spec, step.index + 1, to_pixels(step.denoised))
        return to_pixels(step.x)
    except FloatingPointError as error:
        raise Error(f"frame {spec.frame}: {error}") from error


def _init(spec: FrameSpec, run: Run, models: Networks) -> Tensor | None:
    if spec.previous is not None:
        previous = to_tensor(run.previous(spec)).to(models.device)
        return move(previous, spec.camera, models.depth_for(spec.camera.projection))
    size, settings = spec.picture, spec.sampler
    if settings.perlin_init is not None:
        generator = generator_for(spec, "perlin")
        clouds = perlin_init(size.width, size.height, settings.perlin_init, generator)
        return clouds.to(models.device)
    if settings.init_image is None:
        return None
    picture = read_picture(Path(settings.init_image))
    return to_tensor(fit(picture, size.width, size.height)).to(models.device)
