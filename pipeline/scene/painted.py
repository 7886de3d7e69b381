"""Which frames of a shot may be painted, where `sampler.every` lets others be seen between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from keyframes.prompts import PromptSchedule
from pipeline.scene.settings import Settings
from pipeline.spec.camera import MOST_MOTIONS


@dataclass(frozen=True, slots=True)
class Painted:
    """The frames of a shot that may be painted, by their numbers in it."""

    frames: frozenset[int]
    cuts: frozenset[int]
    """Frames on which the prompts change at once."""


def painted_frames(settings: Settings, frames: range, length: int) -> Painted:
    """The painted ones of `frames`, those of a shot in the video, by the rhythm of its `settings`.

    The first and the last of them are painted, the last of the shot's own `length`, which another
    one may fade over, and those on which prompts change: at once, or where a cross-fade begins and
    where it is over.
    """
    changes = {frame for frame in _changes(settings.prompts) if frame in frames}
    edges = {frames[0], frames[length - 1], frames[-1]}
    chosen = settings.sampler.every.painted(frames, changes | edges)
    cuts = {int(turn.start) for turn in settings.prompts.turns[1:] if not turn.length}
    return Painted(_within(chosen, frames), _within(changes & cuts, frames))


BEFORE = -1
"""Stands for the frame before a shot."""


def origins(painted: Sequence[bool], chosen: frozenset[int]) -> list[int]:
    """The frame that each one of a shot is seen from further away; `BEFORE` for the first.

    It is the last that is `painted`. So many motions are one warp, MOST_MOTIONS at most: where a
    long hold goes on beyond that, frames grow from a `chosen` one that is not painted.
    """
    following, found = _following(len(painted), chosen), [BEFORE]
    for before in range(len(painted) - 1):
        far = before in chosen and following[before] - found[before] > MOST_MOTIONS
        found.append(before if before == 0 or painted[before] or far else found[before])
    return found


def _following(count: int, chosen: frozenset[int]) -> list[int]:
    """The chosen frame after each one, the end of the shot after the last."""
    found = [count] * count
    for frame in range(count - 2, -1, -1):
        found[frame] = frame + 1 if frame + 1 in chosen else found[frame + 1]
    return found


def _within(chosen: set[int], frames: range) -> frozenset[int]:
    return frozenset(frame - frames.start for frame in chosen)


def _changes(prompts: PromptSchedule) -> Iterator[int]:
    """The frames of the video on which changes of prompts begin, and those on which they end."""
    for turn in prompts.turns[1:]:
        yield from (ceil(turn.start), turn.over)
