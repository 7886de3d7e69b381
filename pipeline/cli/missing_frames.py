"""Rendering what is missing of a run, with its progress."""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING

from rich.console import Console

from keyframes.quoting import quoted_path
from pipeline.cli.loading import Loading
from pipeline.cli.progress import counting, progress
from pipeline.cli.stopping import finishing_frames
from pipeline.cli.terminal import tell
from pipeline.plan.grown_from import with_earlier
from pipeline.run.directory import RunDirectory
from pipeline.run.journal import Journal
from pipeline.run.resume import is_repainted
from pipeline.run.run import Run
from pipeline.spec.frame import FrameId, FrameSpec
from pipeline.spec.plan import Plan

if TYPE_CHECKING:
    from pipeline.networks.bundle import Networks


CONTINUES = "the same command continues"
"""How one goes on after an interruption."""


def render_missing(
    plan: Plan,
    run: Run,
    loading: Loading,
    console: Console,
    only: Collection[FrameId] | None = None,
    shots: list[str] | None = None,
    onward: Callable[[], str] = lambda: CONTINUES,
) -> None:
    """Load the networks and render what `run` lacks of `plan`, or of the frames `only` and `shots`.

    Nothing is loaded where nothing is missing. An interruption lets the frame in work be
    finished, stops before anything is made of the frames, and says how far it came, and by `onward`
    how one goes on then.
    """
    chosen = [spec for spec in run.missing(plan) if _is_asked(spec, only, shots)]
    if not chosen:
        return
    from pipeline.render.loop import render

    gc.enable()
    run.compute_on(loading.platform(), chosen, accept=loading.any_platform)
    try:
        networks = _ready(chosen, run, loading, console)
        total, lifeless = run.finished + len(chosen), loading.accept_lifeless
        with (
            progress(console, total=total, done=run.finished) as report,
            finishing_frames() as begin,
        ):
            for frame in render(plan, run, networks, shots, only, begin, lifeless):
                report(run.finished - 1, frame.seconds)
    except KeyboardInterrupt:
        tell(f"{run.finished} of {len(plan)} frames; {onward()}")
        raise


def _is_asked(spec: FrameSpec, only: Collection[FrameId] | None, shots: list[str] | None) -> bool:
    return (shots is None or spec.shot in shots) and (only is None or spec.id in only)


def _ready(
    missing: Iterable[FrameSpec], run: Run, loading: Loading, console: Console
) -> dict[str, Networks]:
    """The networks, in memory, once what the `missing` frames ask of their clips is decoded."""
    from pipeline.render.clips import clips_beside, decode_clips, to_decode

    clips = clips_beside(run.frames.place)
    if count := to_decode(missing, run.fingerprints, clips):
        with counting(console, total=count, label="decoding the clip", patience=2.0) as report:
            decode_clips(missing, run.fingerprints, clips, report)
    return loading.load()


def needed_frames(wanted: frozenset[FrameId], run: Run, plan: Plan) -> frozenset[FrameId]:
    """The wanted frames and the missing ones before them; says how many these are."""
    missing = {spec.id for spec in run.missing(plan)}
    needed = with_earlier(wanted, plan, missing)
    if more := len(needed & missing) - len(wanted & missing):
        words = "frame is" if more == 1 else "frames are"
        tell(f"{more} missing {words} rendered too: those that are asked for grow from them")
    return needed


def tell_opening(run: Run, plan: Plan) -> None:
    """Say what opening a run has found, moved and kept."""
    tell_aside(run)
    if run.finished:
        tell(f"{run.finished} of {len(plan)} frames are there already")


def tell_aside(run: Run) -> None:
    """Say which frames opening a run has found damaged, and where it has moved old ones."""
    if run.damaged:
        listed = ", ".join(map(str, run.damaged[:5])) + (" ..." if len(run.damaged) > 5 else "")
        tell(f"damaged frames are rendered again: {listed}")
    if run.set_aside is not None:
        tell(f"old frames were moved to {run.set_aside}")
        _tell_painted(run.damaged, RunDirectory(run.set_aside))


def _tell_painted(damaged: Iterable[FrameId], take: RunDirectory) -> None:
    """Say which of the damaged pictures are whole ones that nobody rendered."""
    records = Journal(take.journal).records
    for frame in damaged:
        if frame in records and is_repainted(take, records[frame]):
            tell(
                f"the picture of frame {frame} is whole and another one: if you painted over it, "
                f"adopt it from {quoted_path(take.frame(frame))}"
            )
