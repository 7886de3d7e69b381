"""What is known of a plan before it renders, in lines for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import typer

from keyframes.time_words import counted, frame_bar, frame_time
from keyframes.timebase import Timebase
from pipeline.plan.describe import Summary, describe
from pipeline.plan.prompt_spans import PromptSpan
from pipeline.plan.remarks import remarks
from pipeline.scene.schema import Scene
from pipeline.spec.plan import Plan


def extent(summary: Summary) -> str:
    """How much there is to render, and at what size."""
    size = f"{summary.width} x {summary.height}"
    if summary.stills:
        return f"{counted(summary.frames, 'still')} of {size}"
    time = frame_time(summary.frames, Timebase(summary.fps))
    length = f"{counted(summary.frames, 'frame')} of {size}, {time}"
    return f"{length} at {counted(float(summary.fps), 'frame')} a second"


def outline(summary: Summary, timebase: Timebase) -> Iterator[str]:
    """Length, work, prompts, and what moves; `timebase` is the scene's."""
    fewest, most = summary.passes
    each = f"{fewest}" if fewest == most else f"{fewest} to {most}"
    yield summary.title
    yield f"  {extent(summary)}"
    passes = "pass" if each == "1" else "passes"
    yield (
        f"  {counted(summary.steps, 'step')}; {each} network {passes} a frame, "
        f"{summary.total_passes} in all"
    )
    if summary.depth:
        yield f"  3d, through the depth of {summary.depth}"
    yield "prompts"
    cells = _still_cells if summary.stills else _frame_cells
    yield from _aligned([cells(span, timebase) for span in summary.prompts])
    if summary.moving:
        yield "moving"
    for number in summary.moving:
        yield f"  {number.name:<30} {number.low:.4g} to {number.high:.4g}"


def _still_cells(span: PromptSpan, timebase: Timebase) -> tuple[str, ...]:
    return _which("still", span), span.words


def _frame_cells(span: PromptSpan, timebase: Timebase) -> tuple[str, ...]:
    times = frame_time(span.first, timebase), frame_bar(span.first, timebase)
    return *times, _which("frame", span), span.words


def _which(noun: str, span: PromptSpan) -> str:
    one = span.first == span.last
    return f"{noun} {span.first}" if one else f"{noun}s {span.first} to {span.last}"


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Rows of cells as lines of columns, without those columns that are empty."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True) if width)
        yield f"  {'  '.join(cells)}".rstrip()


def summary_of(scene: Scene, plan: Plan) -> Summary:
    """The summary of the plan that was made of `scene`."""
    return describe(plan, stills=scene.video.n_batches is not None)


def tell_remarks(scene: Scene) -> None:
    """Say on standard error what the author may not have meant."""
    for remark in remarks(scene):
        typer.echo(f"note: {remark}", err=True)
