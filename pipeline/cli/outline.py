"""What is known of a plan before it renders, in lines for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from keyframes.time_words import counted, frame_bar, frame_time
from keyframes.timebase import Timebase

if TYPE_CHECKING:
    from pipeline.plan.describe import Summary
    from pipeline.plan.extent import Extent
    from pipeline.plan.prompt_spans import PromptSpan
    from pipeline.spec.plan import OutputSpec


def size_of(extent: Extent) -> str:
    """Size of a render: `48 frames of 96 x 64, 0:04 at 12 frames a second`."""
    size = f"{extent.width} x {extent.height}"
    if extent.stills:
        return f"{counted(extent.frames, 'still')} of {size}"
    time = frame_time(extent.frames, Timebase(extent.fps))
    length = f"{counted(extent.frames, 'frame')} of {size}, {time}"
    return f"{length} at {counted(float(extent.fps), 'frame')} a second"


def outline(extent: Extent, summary: Summary, timebase: Timebase) -> Iterator[str]:
    """Length, work, prompts, and what moves; `timebase` is the scene's."""
    yield summary.title
    yield f"  {size_of(extent)}"
    if summary.painted:
        yield f"  {_work(summary)}"
    if summary.moved or summary.painted != extent.frames:
        moved = f", {counted(summary.moved, 'frame')} only moved" if summary.moved else ""
        yield f"  {counted(summary.painted, 'frame')} painted{moved}"
    if summary.clip:
        yield f"  over the clip {summary.clip}"
    if summary.depth:
        yield f"  3d, through the depth of {summary.depth}"
    yield from map(_two_eyes, summary.for_two_eyes)
    yield "prompts"
    cells = _still_cells if extent.stills else _frame_cells
    yield from aligned([cells(span, timebase) for span in summary.prompts])
    if summary.moving:
        yield "moving"
    for number in summary.moving:
        yield f"  {number.name:<30} {number.low:.4g} to {number.high:.4g}"


def _work(summary: Summary) -> str:
    """The steps and passes of a plan in which something is painted."""
    fewest, most = summary.passes
    each = f"{fewest}" if fewest == most else f"{fewest} to {most}"
    passes = "pass" if each == "1" else "passes"
    afresh = summary.afresh_passes
    return (
        f"{counted(summary.steps, 'step')}; {each} network {passes} a frame, "
        f"{summary.total_passes} in all"
        + (f", and up to {afresh} more where places are painted afresh" if afresh else "")
    )


def _two_eyes(output: OutputSpec) -> str:
    """How a video shows each eye its own picture, and what stands before its screen."""
    assert output.stereo is not None  # by those who listed it
    layout = output.stereo.layout.replace("_", " ")
    where = f"what is nearer than {output.stereo.screen:.3g} units stands before the screen"
    if output.stereo.eye_angle == 0:
        where = "all stands before the screen"
    return f"  {output.file} for two eyes, {layout}: {where}"


def _still_cells(span: PromptSpan, timebase: Timebase) -> tuple[str, ...]:
    return _which("still", span), span.words


def _frame_cells(span: PromptSpan, timebase: Timebase) -> tuple[str, ...]:
    times = frame_time(span.first, timebase), frame_bar(span.first, timebase)
    return *times, span.shot, _which("frame", span), span.words


def _which(noun: str, span: PromptSpan) -> str:
    one = span.first == span.last
    return f"{noun} {span.first}" if one else f"{noun}s {span.first} to {span.last}"


def aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Rows of cells as lines of columns, without those columns that are empty."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True) if width)
        yield f"  {'  '.join(cells)}".rstrip()
