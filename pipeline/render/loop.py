"""The frame loop: a frame's inputs are read, it is rendered, and it is saved; then the next."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path
from time import perf_counter

from pipeline.camera.cloud import VIEWS
from pipeline.diffusion.image import to_pixels
from pipeline.diffusion.steps import Step
from pipeline.files.arrays import Arrays
from pipeline.files.pictures import fit, read_picture
from pipeline.files.png import Pixels
from pipeline.networks.bundle import Networks
from pipeline.render.faulty import tried_twice
from pipeline.render.frame import Watch, render_frame
from pipeline.render.memory import NOTHING, Memory
from pipeline.render.points import views_in, with_homes
from pipeline.run.run import Run
from pipeline.spec.frame import FrameId, FrameSpec, Input, SavedFrame
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
        RunError: a frame grows from another one that is not finished.
        FrameFault: a frame went wrong twice.
    """
    missing = run.missing(plan)
    if shots is not None:
        missing = [spec for name in shots for spec in missing if spec.shot == name]
    if only is not None:
        missing = [spec for spec in missing if spec.id in only]
    embed_prompts(missing, networks)
    # A view is asked for by many frames, and does not change any more: there is room for those of
    # two clouds, without what else lies in the memories of their frames.
    recall = lru_cache(maxsize=2 * VIEWS)(lambda frame: views_in(run.memory(frame)))
    for spec in missing:
        begin(spec.id)
        started = perf_counter()
        inputs = [_read(one, spec, run) for one in spec.inputs]
        watch, memory = _watch(spec, run), _remembered(spec, run, recall)
        attempt = partial(render_frame, spec, inputs, watch=watch, memory=memory)
        one = tried_twice(attempt, spec, inputs, networks[spec.networks], accept_lifeless)
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


def _read(one: Input, spec: FrameSpec, run: Run) -> Pixels:
    """The pixels of an input, at the frame's size."""
    if isinstance(one, SavedFrame):
        return run.saved(spec.saved(one))
    return fit(read_picture(Path(one.file)), *spec.size)


def _remembered(spec: FrameSpec, run: Run, recall: Callable[[FrameId], Arrays]) -> Memory:
    """What the frame's first input has left, if that is a frame; `recall` keeps what it read."""
    first = next(iter(spec.inputs), None)
    if not isinstance(first, SavedFrame):
        return NOTHING
    shot = spec.saved(first).shot
    arrays = run.memory(spec.saved(first))
    return Memory.from_arrays(with_homes(arrays, lambda home: recall(FrameId(home, shot))))


def _watch(spec: FrameSpec, run: Run) -> Watch:
    """The callback that shows and keeps pictures of the frame in work, as often as `spec` asks."""

    def watch(step: Step) -> None:
        if spec.display_rate and step.index % spec.display_rate == spec.display_rate - 1:
            run.show_progress(to_pixels(step.denoised))
        if step.index + 1 in spec.intermediate_saves:
            run.save_intermediate(spec, step.index + 1, to_pixels(step.denoised))

    return watch
