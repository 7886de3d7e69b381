"""The frame loop: a frame's inputs are read, it is rendered, and it is saved; then the next."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from time import perf_counter

import torch
from torch import Tensor

from pipeline.diffusion.image import to_pixels
from pipeline.diffusion.steps import Step
from pipeline.files.png import Pixels
from pipeline.files.promised import promised
from pipeline.networks.bundle import Networks
from pipeline.render.clips import clips_beside, decode_clips
from pipeline.render.frame import Watch
from pipeline.render.grown import Grown
from pipeline.render.picture_sums import picture_sums
from pipeline.run.run import Run
from pipeline.spec.frame import FrameId, FrameSpec
from pipeline.spec.plan import Plan

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class RenderedFrame:
    """A frame that is on the disk."""

    spec: FrameSpec
    pixels: Pixels
    """RGB pixels, `(height, width, 3)` uint8."""
    seconds: float


def render(
    plan: Plan,
    run: Run,
    networks: Mapping[str, Networks],
    shots: Sequence[str] | None = None,
    only: Collection[FrameId] | None = None,
    begin: Callable[[FrameId], None] = lambda frame: None,
    accept_lifeless: bool = False,
) -> Iterator[RenderedFrame]:
    """Render what `run` lacks of `plan`, frame by frame; each is saved before it is yielded.

    `networks` are the plan's sets, by name; `shots` names those to render, one after the other, and
    `only` names frames; None is all of them. `begin` hears of each frame before it is rendered.
    A frame that cannot be right is tried again once (`pipeline.render.faulty`); with
    `accept_lifeless` one that is flat or frozen again is taken as it is.
    Stopping between or within frames loses the frame in work and nothing else.

    Raises:
        PictureError: a picture of the author's is not what it was when the run was opened.
        RunError: a frame grows from another one that is not finished.
        FrameFault: a frame went wrong twice.
    """
    missing = run.missing(plan)
    if shots is not None:
        missing = [spec for name in shots for spec in missing if spec.shot == name]
    if only is not None:
        missing = [spec for spec in missing if spec.id in only]
    with promised(picture_sums(missing, run.fingerprints)):
        embed_prompts(missing, networks)
    decode_clips(missing, run.fingerprints, clips_beside(run.frames.place))
    grown = Grown(run.frames, run.fingerprints)
    for spec in missing:
        begin(spec.id)
        started = perf_counter()
        painters = networks[spec.networks]
        one = grown(spec, painters, _watch(spec, run, painters), accept_lifeless)
        seconds = perf_counter() - started
        run.save(spec, one.pixels, seconds, one.memory.to_arrays(), one.precision)
        _log.debug("frame %s took %.2f s", spec.id, seconds)
        yield RenderedFrame(spec, one.pixels, seconds)


def embed_prompts(specs: Iterable[FrameSpec], networks: Mapping[str, Networks]) -> None:
    """Encode every prompt of the frames once, so that one that cannot be read is reported at once.

    Raises:
        ModelError: a text is longer than an encoder reads.
        PictureError: a file is no picture.
    """
    wanted = dict.fromkeys(
        (spec.networks, replace(prompt, weight=1.0))
        for spec in specs
        if spec.denoise is not None
        for prompt in spec.denoise.prompts
    )
    for name, prompt in wanted:
        networks[name].denoiser.condition([prompt])
        for encoder in networks[name].encoders.values():
            encoder(prompt)


def _watch(spec: FrameSpec, run: Run, networks: Networks) -> Watch:
    """The callback that shows and keeps pictures of the frame in work, as often as `spec` asks."""
    space = networks.denoiser.space

    def pixels(look: Callable[[Tensor], Tensor], step: Step) -> Pixels:
        with torch.no_grad():
            return to_pixels(look(step.denoised))

    def watch(step: Step) -> None:
        if spec.display_rate and step.index % spec.display_rate == spec.display_rate - 1:
            run.show_progress(pixels(space.judged, step))
        if step.index + 1 in spec.intermediate_saves:
            run.save_intermediate(spec, step.index + 1, pixels(space.decode, step))

    return watch
