"""A plan in lines for people."""

from __future__ import annotations

from collections.abc import Iterator

from keyframes.time_words import clock_time, counted
from pipeline.plan.describe import Summary
from pipeline.plan.prompt_spans import PromptSpan


def extent(summary: Summary) -> str:
    """How much there is of a plan: `48 frames of 96 x 64, 0:04 at 12 frames a second`."""
    size = f"{summary.width} x {summary.height}"
    if summary.stills:
        return f"{counted(summary.frames, 'still')} of {size}"
    length = f"{counted(summary.frames, 'frame')} of {size}, {clock_time(summary.seconds)}"
    return f"{length} at {counted(float(summary.fps), 'frame')} a second"


def outline(summary: Summary) -> Iterator[str]:
    """The lines that `plan` prints."""
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
    times = [_when(span, summary) for span in summary.prompts]
    width = max(map(len, times))
    for time, span in zip(times, summary.prompts, strict=True):
        yield f"  {time:<{width}}  {span.words}"
    if summary.moving:
        yield "moving"
    for number in summary.moving:
        yield f"  {number.name:<30} {number.low:.4g} to {number.high:.4g}"


def _when(span: PromptSpan, summary: Summary) -> str:
    noun = "still" if summary.stills else "frame"
    one = span.first == span.last
    which = f"{noun} {span.first}" if one else f"{noun}s {span.first} to {span.last}"
    return which if summary.stills else f"{clock_time(span.seconds):>6}  {which}"
