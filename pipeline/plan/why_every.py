"""What is told of how often frames are painted: how often it is there, and what the frame is."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.plan.frame_values import place_words
from pipeline.plan.reasons import Asked, as_written, written_at
from pipeline.scene.reading.every import Every, OnTimes

EVERY, INBETWEEN = "sampler.every", "sampler.inbetween"


def every_words(asked: Asked) -> str:
    """How often frames are painted at the frame: a number of frames, or a length as written."""
    every: Every | OnTimes = asked.shot.settings.sampler.every
    if isinstance(every, Every):
        return str(round(float(every.number(asked.position))))
    written = written_at(asked, ("sampler", "every"))
    return "a length" if written is None else as_written(written[1]).strip('"')


def every_notes(asked: Asked, name: str) -> Iterator[str]:
    """Whether the frame is painted, or what it lies between; what is seen of the painted ones."""
    if name == EVERY:
        words = place_words(asked.frame)
        between = words.startswith("between")
        yield f"the frame lies {words}, which are painted" if between else f"the frame is {words}"
    between_frames = asked.frame.spec.between
    chosen = asked.shot.settings.sampler.inbetween
    if name == INBETWEEN and between_frames and chosen != "warp" and not between_frames.share:
        yield (
            f"{chosen} is asked for, but the next painted frame does not go on from the last one: "
            "up to there the last one is seen alone"
        )
