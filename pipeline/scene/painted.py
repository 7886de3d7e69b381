"""Which frames of a shot may be painted, where `sampler.every` lets others be seen between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

from keyframes.prompts import PromptSchedule
from pipeline.scene.settings import Settings


@dataclass(frozen=True, slots=True)
class Painted:
    """The frames of a shot that may be painted, by their numbers in it."""

    frames: frozenset[int]
    cuts: frozenset[int]
    """Frames on which the prompts change at once."""


def painted_frames(settings: Settings, frames: range) -> Painted:
    """The painted ones of `frames`, those of a shot in the video, by the rhythm of its `settings`.

    The first and the last of them are painted, and those on which prompts change: at once, or where
    a cross-fade begins and where it is over.
    """
    changes = {frame for frame in _changes(settings.prompts) if frame in frames}
    chosen = settings.sampler.every.painted(frames, {*changes, frames[0], frames[-1]})
    cuts = {int(turn.start) for turn in settings.prompts.turns[1:] if not turn.length}
    return Painted(_within(chosen, frames), _within(changes & cuts, frames))


def _within(chosen: set[int], frames: range) -> frozenset[int]:
    return frozenset(frame - frames.start for frame in chosen)


def _changes(prompts: PromptSchedule) -> Iterator[int]:
    """The frames of the video on which changes of prompts begin, and those on which they end."""
    for turn in prompts.turns[1:]:
        yield from (ceil(turn.start), ceil(turn.start + turn.length))
