"""What is known of a plan before it renders, in lines for people."""

from __future__ import annotations

from collections.abc import Iterator

from keyframes.time_words import clock_time
from pipeline.plan.describe import Summary


def extent(summary: Summary) -> str:
    """How much there is to render, and at what size."""
    size = f"{summary.width} x {summary.height}"
    if summary.stills:
        return f"{summary.frames} stills of {size}"
    rate = f"{float(summary.fps):g} frames a second"
    return f"{summary.frames} frames of {size}, {clock_time(summary.seconds)} at {rate}"


def outline(summary: Summary) -> Iterator[str]:
    """Length, work, prompts, and what moves."""
    fewest, most = summary.passes
    each = f"{fewest}" if fewest == most else f"{fewest} to {most}"
    yield summary.title
    yield f"  {extent(summary)}"
    yield f"  {summary.steps} steps; {each} network passes a frame, {summary.total_passes} in all"
    if summary.depth:
        yield f"  3d, through the depth of {summary.depth}"
    yield "prompts"
    for span in summary.prompts:
        texts = " + ".join(span.texts)
        yield f"  {clock_time(span.seconds):>6}  frames {span.first} to {span.last}  {texts}"
    if summary.moving:
        yield "moving"
    for number in summary.moving:
        yield f"  {number.name:<30} {number.low:.4g} to {number.high:.4g}"
