"""What is known of a plan before it renders, in lines for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from keyframes.time_words import frame_bar, frame_time
from keyframes.timebase import Timebase
from pipeline.plan.describe import PromptSpan, Summary


def extent(summary: Summary) -> str:
    """How much there is to render, and at what size."""
    size = f"{summary.width} x {summary.height}"
    if summary.stills:
        return f"{summary.frames} stills of {size}"
    rate = f"{float(summary.fps):g} frames a second"
    return f"{summary.frames} frames of {size}, {_length(summary)} at {rate}"


def outline(summary: Summary, timebase: Timebase) -> Iterator[str]:
    """Length, work, prompts, and what moves; `timebase` is the scene's."""
    fewest, most = summary.passes
    each = f"{fewest}" if fewest == most else f"{fewest} to {most}"
    yield summary.title
    yield f"  {extent(summary)}"
    yield f"  {summary.steps} steps; {each} network passes a frame, {summary.total_passes} in all"
    if summary.depth:
        yield f"  3d, through the depth of {summary.depth}"
    yield "prompts"
    yield from _aligned([_cells(span, timebase) for span in summary.prompts])
    if summary.moving:
        yield "moving"
    for number in summary.moving:
        yield f"  {number.name:<30} {number.low:.4g} to {number.high:.4g}"


def _length(summary: Summary) -> str:
    return frame_time(summary.frames, Timebase(summary.fps))


def _cells(span: PromptSpan, timebase: Timebase) -> tuple[str, ...]:
    return (
        frame_time(span.first, timebase),
        frame_bar(span.first, timebase),
        f"frames {span.first} to {span.last}",
        " + ".join(span.texts),
    )


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Rows of cells as lines of columns, without those columns that are empty."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True) if width)
        yield f"  {'  '.join(cells)}".rstrip()
