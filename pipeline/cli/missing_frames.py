"""Rendering what is missing of a run, with its progress."""

from __future__ import annotations

import gc
from collections.abc import Collection

from rich.console import Console

from pipeline.cli.loading import Loading
from pipeline.cli.progress import progress
from pipeline.cli.stopping import finishing_frames
from pipeline.cli.terminal import tell
from pipeline.run.run import Run
from pipeline.spec.frame import FrameId
from pipeline.spec.plan import Plan


def render_missing(
    plan: Plan,
    run: Run,
    loading: Loading,
    console: Console,
    only: Collection[FrameId] | None = None,
    shots: list[str] | None = None,
) -> None:
    """Load the networks and render what `run` lacks of `plan`, or of the frames `only` and `shots`.

    Nothing is loaded where nothing is missing. An interruption lets the frame in work be
    finished, stops before anything is made of the frames, and says how far it came.
    """
    left = sum(
        (shots is None or spec.shot in shots) and (only is None or spec.id in only)
        for spec in run.missing(plan)
    )
    if not left:
        return
    from pipeline.render.loop import render

    gc.enable()
    run.compute_on(loading.platform(), plan, accept=loading.any_platform)
    try:
        networks = loading.load()
        with (
            progress(console, total=run.finished + left, done=run.finished) as report,
            finishing_frames() as begin,
        ):
            lifeless = loading.accept_lifeless
            for frame in render(plan, run, networks, shots, only, begin, lifeless):
                report(run.finished - 1, frame.seconds)
    except KeyboardInterrupt:
        tell(f"{run.finished} of {len(plan)} frames; the same command continues")
        raise
