"""Why a number over the video has its value on a frame: its keys, or what its formula hears."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from keyframes.curve import HOLD, Curve, Keyframe
from keyframes.expression import Formula, heard_at
from keyframes.timebase import TimeError, nearest_frame
from pipeline.plan.frame_values import value_words
from pipeline.plan.reasons import Asked, Place, Reason, as_written, key_place_of, place_of
from pipeline.scene.reading.document import Route
from pipeline.scene.reading.moving import Number
from pipeline.scene.reading.scheduled import Scheduled
from pipeline.spec.step_schedule import StepSchedule


def value_there(asked: Asked, scheduled: Scheduled) -> str:
    """What a number is on the frame, in words."""
    if isinstance(scheduled, StepSchedule):
        return value_words(scheduled)
    return f"{float(scheduled(asked.position)):.6g}"


def number_reason(asked: Asked, scheduled: Scheduled, route: Route, data: Any) -> Reason:
    """The reason of a number that is written as `data` at `route`."""
    place = place_of(asked.part.document, route)
    if isinstance(scheduled, StepSchedule):
        words = f"{value_words(scheduled)} over the denoising of each frame"
        return Reason(value_words(scheduled) if scheduled.is_constant else words, place)
    return _moving_reason(asked, scheduled, place, route, data)


def _moving_reason(asked: Asked, number: Number, place: Place, route: Route, data: Any) -> Reason:
    value = value_there(asked, number)
    if isinstance(number, Formula):
        heard = heard_at(number, asked.position).items()
        told = tuple(Reason(f"{name} = {one:.6g}") for name, one in heard)
        text = as_written(number.expression.text)
        return Reason(f"{value} by the formula {text}", place, told)
    if len(number.keys) == 1:
        return Reason(value if isinstance(data, int | float) else as_written(data), place)
    keys = tuple(_around(asked, number, route, data))
    return Reason(f"{value} by a curve of {len(number.keys)} keys", place, keys)


def _around(asked: Asked, curve: Curve, route: Route, data: Any) -> Iterator[Reason]:
    """The keys around a frame, and how far it is from the one to the other."""
    keys, at = curve.keys, asked.position
    last = max((n for n, key in enumerate(keys) if _effect(key, n) <= at), default=-1)
    written = dict(_written_keys(asked, data))
    for number in (last, last + 1):
        if 0 <= number < len(keys):
            yield _key_reason(asked, keys[number], number, route, written)
    if last < 0:
        yield Reason("before its first key a curve holds the first value")
    elif last + 1 == len(keys):
        yield Reason("after its last key a curve holds the last value")
    else:
        yield Reason(_way(keys[last], keys[last + 1], at, float(curve(at))))


def _effect(key: Keyframe, number: int) -> float:
    """Where a key takes effect: a jump does on the nearest frame."""
    return nearest_frame(key.frame) if number and key.ease == HOLD else key.frame


def _key_reason(
    asked: Asked,
    key: Keyframe,
    number: int,
    route: Route,
    written: Mapping[float, tuple[Any, Any]],
) -> Reason:
    time, data = written.get(key.frame, (None, None))
    named = "" if time is None or isinstance(time, int) else f"{time}, "
    ease = data.get("ease", key.ease) if isinstance(data, Mapping) else key.ease
    how = f", arrived at by {as_written(ease).strip(chr(34))}" if number else ""
    words = f"{named}{asked.when(key.frame)}: {key.value:.6g}{how}"
    return Reason(
        words, None if time is None else key_place_of(asked.part.document, (*route, time))
    )


def _written_keys(asked: Asked, data: Any) -> Iterator[tuple[float, tuple[Any, Any]]]:
    """The frames that the keys of a mapping mean, each with its time and value as written."""
    for time, value in data.items() if isinstance(data, Mapping) else ():
        try:
            yield asked.part.clock.timebase.frame(time), (time, value)
        except TimeError:
            continue


def _way(before: Keyframe, after: Keyframe, at: float, value: float) -> str:
    passed = min(1.0, max(0.0, (at - before.frame) / (after.frame - before.frame)))
    way = f"{passed:.4g} of the way"
    rise = after.value - before.value
    written = f"({after.value:.6g} - {before.value:.6g})"
    if after.ease == HOLD:
        return f"{way}; hold stays at {before.value:.6g} up to the key"
    if after.ease == "linear" or not rise:
        return f"{way}: {before.value:.6g} + {passed:.4g} * {written}"
    share = (value - before.value) / rise
    eased = f"{way}, by the ease {share:.4g}"
    return f"{eased}: {before.value:.6g} + {share:.4g} * {written}"
