"""Plain data, as a YAML file holds it, to curves and prompt schedules.

A curve is written as one number, as times with numbers (`{0s: 2, bar 5: {value: 10, ease: in_out}}`
with an `ease` for all in between), as a formula, or as Disco's `0: (1.0), 50: (1.2)`. Prompts are a
text, a list of texts and `{text, weight}`, or times with either, and the length of a `blend`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from math import isfinite
from typing import Any

from keyframes.curve import Curve, Keyframe, check_ease
from keyframes.expression import Expression, ExpressionError, Formula, Signal
from keyframes.located import Located, NotationError, found
from keyframes.nearest import nearest
from keyframes.prompts import Prompt, PromptSchedule, schedule_problems
from keyframes.series import looks_like_series, parse_series
from keyframes.timebase import Timebase, TimeError
from keyframes.times import Time, after_the_end, as_written, named, read_times

Signals = Mapping[str, Signal]


def read_curve(
    data: object, timebase: Timebase, frame_count: int, signals: Signals
) -> Curve | Formula:
    """The number over time that `data` describes, for a video of `frame_count` frames.

    A formula without variables gives a constant curve. Raises NotationError with every mistake;
    whether the values suit their purpose is the caller's to check.
    """
    if isinstance(data, Mapping):
        return _read_keys(data, timebase, frame_count)
    if isinstance(data, str):
        if looks_like_series(data):
            return _read_series(data, frame_count)
        return _read_formula(data, signals)
    forms = "a number, a mapping of times to numbers, or a formula"
    _raise_any(_number_problems(data, forms))
    return Curve.constant(_number(data))


def read_prompts(data: object, timebase: Timebase, frame_count: int) -> PromptSchedule:
    """The prompts that `data` describes, for a video of `frame_count` frames.

    Raises NotationError with every mistake.
    """
    if isinstance(data, Mapping) and "text" not in data:
        return _read_prompt_keys(data, timebase, frame_count)
    _raise_any(_prompt_problems(data))
    keys = [(0.0, _prompts(data))]
    _raise_any(Located((), message) for _, message in schedule_problems(keys, 0.0, _the_start))
    return PromptSchedule(tuple(keys))


def _read_formula(text: str, signals: Signals) -> Curve | Formula:
    try:
        formula = Formula(Expression.parse(text), signals)
        return formula if formula.expression.names else Curve.constant(formula(0.0))
    except ExpressionError as error:
        raise NotationError([Located((), str(error), error.column - 1)]) from None


def _read_series(text: str, frame_count: int) -> Curve:
    keys = parse_series(text)
    problems: list[Located] = []
    seen: set[int] = set()
    for key in keys:
        if key.frame in seen:
            message = f"frame {key.frame} is written twice; keep one of them"
            problems.append(Located((), message, key.column))
        if key.frame >= frame_count:
            message = after_the_end(key.frame, key.frame, frame_count)
            problems.append(Located((), message, key.column))
        seen.add(key.frame)
    _raise_any(problems)
    return Curve(tuple(Keyframe(float(key.frame), key.value) for key in keys))


def _read_keys(data: Mapping[Time, Any], timebase: Timebase, frame_count: int) -> Curve:
    keys = {time: value for time, value in data.items() if time != "ease"}
    frames, problems = read_times(keys, timebase, frame_count)
    for time, value in keys.items():
        problems.extend(_inside(time, _key_problems(value)))
    if "ease" in data:
        problems.extend(_inside("ease", _ease_problems(data["ease"])))
    if not keys:
        problems.append(Located((), "no keys; write at least one, such as {0s: 1}"))
    _raise_any(as_written(problems, data))
    default = data.get("ease", "linear")
    return Curve(tuple(_keyframe(frames[time], value, default) for time, value in keys.items()))


def _key_problems(value: object) -> Iterator[Located]:
    if not isinstance(value, Mapping):
        yield from _number_problems(value, "a number or {value, ease}")
        return
    yield from _unknown_keys(value, ("value", "ease"))
    if "value" not in value:
        yield Located((), "a key without value; write {value: 1, ease: in_out}")
    else:
        yield from _inside("value", _number_problems(value["value"], "a number"))
    if "ease" in value:
        yield from _inside("ease", _ease_problems(value["ease"]))


def _ease_problems(ease: object) -> Iterator[Located]:
    if not isinstance(ease, str):
        yield Located((), f"expected the name of an ease, such as in_out, found {found(ease)}")
        return
    try:
        check_ease(ease)
    except ValueError as error:
        yield Located((), str(error))


def _keyframe(frame: float, value: Any, default: str) -> Keyframe:
    if isinstance(value, Mapping):
        return Keyframe(frame, _number(value["value"]), value.get("ease", default))
    return Keyframe(frame, _number(value), default)


def _number_problems(value: object, expected: str) -> Iterator[Located]:
    if isinstance(value, bool) or not isinstance(value, int | float):
        yield Located((), f"expected {expected}, found {found(value)}")
    elif not isfinite(value):
        yield Located((), f"expected a finite number, found {value}")


def _number(value: Any) -> float:
    return float(value)


def _read_prompt_keys(
    data: Mapping[Time, Any], timebase: Timebase, frame_count: int
) -> PromptSchedule:
    sets = {time: value for time, value in data.items() if time != "blend"}
    frames, problems = read_times(sets, timebase, frame_count)
    for time, value in sets.items():
        problems.extend(_inside(time, _prompt_problems(value)))
    blend = 0.0
    try:
        blend = timebase.length(data.get("blend", 0))
    except TimeError as error:
        problems.append(Located(("blend",), str(error)))
    if not sets:
        problems.append(Located((), 'no prompts; write at least one, such as {0s: "a forest"}'))
    _raise_any(as_written(problems, data))
    times = sorted(sets, key=frames.__getitem__)
    keys = [(frames[time], _prompts(sets[time])) for time in times]
    words = {frames[time]: named(time) for time in times}
    _raise_any(
        Located(("blend",) if index is None else (times[index],), message)
        for index, message in schedule_problems(keys, blend, words.__getitem__)
    )
    return PromptSchedule(tuple(keys), blend)


def _prompt_problems(value: object) -> Iterator[Located]:
    if not isinstance(value, list):
        yield from _single_prompt_problems(value, "a text, {text, weight} or a list of these")
        return
    if not value:
        yield Located((), "an empty list; write at least one prompt")
    for index, item in enumerate(value):
        yield from _inside(index, _single_prompt_problems(item, "a text or {text, weight}"))


def _single_prompt_problems(value: object, expected: str) -> Iterator[Located]:
    if isinstance(value, str):
        yield from _refused(lambda: Prompt(value), ())
        return
    if not isinstance(value, Mapping):
        yield Located((), f"expected {expected}, found {found(value)}")
        return
    yield from _unknown_keys(value, ("text", "weight"))
    text, weight = value.get("text"), value.get("weight", 1)
    if isinstance(text, str):
        yield from _refused(lambda: Prompt(text), ("text",))
    else:
        yield Located(("text",), f"expected a text, found {found(text)}")
    not_a_number = list(_number_problems(weight, "a number"))
    yield from _inside("weight", not_a_number)
    if not not_a_number:
        yield from _refused(lambda: Prompt("any", float(weight)), ("weight",))


def _prompts(value: Any) -> tuple[Prompt, ...]:
    items = value if isinstance(value, list) else [value]
    return tuple(
        Prompt(item) if isinstance(item, str) else Prompt(item["text"], item.get("weight", 1))
        for item in items
    )
