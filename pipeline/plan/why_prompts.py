"""Why a frame follows its prompts: which keys, and how far the one has given way to the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from keyframes.prompts import PromptSchedule
from keyframes.timebase import TimeError
from pipeline.plan.frame_values import prompt_words
from pipeline.plan.reasons import Asked, Reason, key_place_of, place_of, written_at

_ROUTE = ("prompts",)
BLEND = "blend"


def prompt_reasons(asked: Asked, schedule: PromptSchedule) -> Iterator[Reason]:
    """The key that holds, or both of a fade, and the share of the way between them."""
    index, come = schedule.come(asked.position)
    if come < 1:
        yield _key(asked, schedule, index - 1, f"{1 - come:.4g} of it is still")
        yield _key(asked, schedule, index, f"{come:.4g} of it is already")
        yield _blend(asked, schedule, index)
    else:
        yield _key(asked, schedule, index, "")
    if index + 1 < len(schedule.keys):
        frame, prompts = schedule.keys[index + 1]
        yield Reason(f"next: {prompt_words(prompts)}, from {asked.when(frame)} on")


def _key(asked: Asked, schedule: PromptSchedule, index: int, how: str) -> Reason:
    frame, prompts = schedule.keys[index]
    words = f"{how} {prompt_words(prompts)}".strip()
    written = written_at(asked, _ROUTE)
    if written is None or not isinstance(written[1], Mapping) or len(schedule.keys) == 1:
        place = None if written is None else place_of(asked.part.document, written[0])
        return Reason(words, place)
    time = _time(asked, written[1], frame)
    since = f"since {asked.when(frame)}" if index else "from the first frame on"
    if time is None:
        return Reason(f"{words}, {since}")
    place = key_place_of(asked.part.document, (*_ROUTE, time))
    named = since if isinstance(time, int) or not index else f"since {time}, {asked.when(frame)}"
    return Reason(f"{words}, {named}", place)


def _time(asked: Asked, data: Mapping[Any, Any], frame: float) -> Any:
    """The time, as written, of the last key at or before a frame; else that of the first one."""
    frames = {}
    for time in data:
        try:
            frames[time] = asked.part.clock.timebase.frame(time)
        except TimeError:
            continue
    before = [time for time, at in frames.items() if at <= frame + 1e-9]
    return (
        max(before, key=frames.__getitem__)
        if before
        else min(frames, key=frames.__getitem__, default=None)
    )


def _blend(asked: Asked, schedule: PromptSchedule, index: int) -> Reason:
    frames = schedule.blends[index]
    start = schedule.keys[index][0]
    written = written_at(asked, (*_ROUTE, BLEND))
    words = f"they fade over {frames:.6g} frames, up to {asked.when(start + frames)}"
    if written is None:
        return Reason(words)
    there, data = written
    return Reason(f"{words}, by blend: {data}", place_of(asked.part.document, there))
