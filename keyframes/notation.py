"""Plain data, as a YAML file holds it, to curves and prompt schedules.

A curve is written as one number, as times with numbers (`{0s: 2, bar 5: {value: 10, ease: in}}`,
and `ease` for the keys that name none), as a formula, or as Disco's `0: (1.0), 50: (1.2)`. Prompts
are a text, a list of texts, `{text, weight}` and `{image, weight}`, or times with either and the
length of a `blend`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from keyframes.curve import Curve, Keyframe
from keyframes.disco_series import looks_like_series, parse_series
from keyframes.expression import Expression, ExpressionError, Formula
from keyframes.foreign_prompts import foreign_prompt, proposal, weights_by_text
from keyframes.keys import number, read_keys
from keyframes.listed_times import times_in_list
from keyframes.lyrics import check_fields
from keyframes.mistakes import Located, Mistakes, NotationError, found
from keyframes.number_slips import write_instead
from keyframes.prompts import (
    Prompt,
    Prompts,
    PromptSchedule,
    check_text,
    check_weight,
    schedule_problems,
)
from keyframes.source import Signals
from keyframes.timebase import Timebase
from keyframes.times import Time, Timed, named, read_length, read_timed

Picture = Callable[[str], str]
Words = Callable[[object], str]
Plain = Callable[[str], str]

NEGATIVE = ("negative", "negative_prompt", "negative_prompts", "neg")
ITEM = "a text, {text, weight} or {image, weight}"
SET = "a text, {text, weight}, {image, weight} or a list of these"


def read_curve(data: object, timebase: Timebase, signals: Signals) -> Curve | Formula:
    """The number over time that `data` describes.

    Keys may lie at the end of the video or behind it, where they shape the way there. A formula
    without variables gives a constant curve. Raises NotationError with every mistake; whether the
    values suit their purpose is the caller's to check.
    """
    if isinstance(data, Mapping):
        return read_keys(data, timebase)
    if isinstance(data, str):
        is_series = looks_like_series(data)
        return _read_series(data) if is_series else _read_formula(data, signals)
    if listed := times_in_list(data):
        raise NotationError([Located((), listed)])
    try:
        return Curve.constant(number(data, "a number, a mapping of times to numbers or a formula"))
    except ValueError as error:
        raise NotationError([Located((), str(error))]) from None


def read_prompts(
    data: object,
    timebase: Timebase,
    picture: Picture = str,
    is_sung: bool = False,
    plain: Plain = str,
) -> PromptSchedule:
    """The prompts that `data` describes, which may hold `{lyric}` where the scene `is_sung`.

    `picture` makes of an image's name the one that its prompt has, or raises ValueError. `plain`
    makes the plain words of a text where the notation of the scene's denoiser may be in it, such as
    `(red:1.3)`, or raises ValueError. Raises NotationError with every mistake.
    """
    mistakes = Mistakes()
    text = partial(_words, is_sung=is_sung, plain=plain)
    read = partial(_read_prompts, picture=picture, text=text, plain=plain)
    if listed := times_in_list(data):
        raise NotationError([Located((), listed)])
    if isinstance(data, Mapping) and not ({"text", "image"} & data.keys() or weights_by_text(data)):
        return _read_prompt_keys(data, timebase, read, mistakes)
    keys = ((0.0, read(data, mistakes)),)
    mistakes.raise_any()
    for _, message in schedule_problems(keys, (0.0,), lambda _: "the start"):
        mistakes.add(message)
    mistakes.raise_any()
    return PromptSchedule(keys)


def _read_formula(text: str, signals: Signals) -> Curve | Formula:
    try:
        formula = Formula(Expression.parse(text), signals)
        return formula if formula.expression.names else Curve.constant(formula(0.0))
    except ExpressionError as error:
        if instead := write_instead(text):
            message = f"expected a number, found {found(text)}{instead}"
            raise NotationError([Located((), message)]) from None
        raise NotationError([Located((), str(error), error.column - 1)]) from None


def _read_series(text: str) -> Curve:
    items = parse_series(text)
    mistakes = Mistakes()
    seen: set[int] = set()
    for item in items:
        if item.frame in seen:
            message = f"frame {item.frame} is written twice; keep one of them"
            mistakes.add(message, column=item.column)
        seen.add(item.frame)
    mistakes.raise_any()
    return Curve(tuple(Keyframe(float(item.frame), item.value) for item in items))


def _read_prompt_keys(
    data: Mapping[Time, Any],
    timebase: Timebase,
    read: Callable[[object, Mistakes], Prompts],
    mistakes: Mistakes,
) -> PromptSchedule:
    data = _without_negative(data, mistakes)
    blend = data.get("blend", 0)
    length = partial(read_length, timebase=timebase)
    mistakes.at("blend").attempt(length, blend)
    if not data.keys() - {"blend"}:
        mistakes.add('there are no prompts; write at least one, such as {0s: "a forest"}')
    keys = read_timed(data, timebase, "blend", read, mistakes)
    mistakes.raise_any()
    # A blend in beats or bars is as long as they are where it begins.
    return _schedule(keys, [length(blend, at=key.frame) for key in keys], mistakes)


def _without_negative(data: Mapping[Time, Any], mistakes: Mistakes) -> Mapping[Time, Any]:
    """The keys of `data` but those that are meant for what a picture should not show, noted."""
    negative = [key for key in data if str(key).lower() in NEGATIVE]
    for key in negative:
        words = data[key] if isinstance(data[key], str) else "fog"
        against = proposal([(words, -0.3)], in_list=True)
        mistakes.at(key).add(
            "what to stay away from stands in the list of a time, with a negative weight: "
            f'{{0s: ["...", {against}]}}',
            at_key=True,
        )
    return {key: written for key, written in data.items() if key not in negative}


def _schedule(
    keys: Sequence[Timed[Prompts]], blends: Sequence[float], mistakes: Mistakes
) -> PromptSchedule:
    words = {key.frame: named(key.time) for key in keys}
    plain = tuple((key.frame, key.value) for key in keys)
    for index, message in schedule_problems(plain, blends, words.__getitem__):
        mistakes.at("blend" if index is None else keys[index].time).add(message)
    mistakes.raise_any()
    return PromptSchedule(plain, tuple(blends))


def _read_prompts(
    written: object, mistakes: Mistakes, *, picture: Picture, text: Words, plain: Plain
) -> Prompts:
    """The prompts of one time: all those without a mistake."""
    if not isinstance(written, list):
        prompt = _read_prompt(written, picture, text, mistakes, plain)
        return () if prompt is None else (prompt,)
    if not written:
        mistakes.add("an empty list; write at least one prompt")
    read = [
        _read_prompt(item, picture, text, mistakes.at(place), plain, in_list=True)
        for place, item in enumerate(written)
    ]
    return tuple(prompt for prompt in read if prompt is not None)


def _read_prompt(
    written: object,
    picture: Picture,
    words: Words,
    mistakes: Mistakes,
    plain: Plain,
    *,
    in_list: bool = False,
) -> Prompt | None:
    seen = mistakes.attempt(plain, written) if isinstance(written, str) else written
    if seen is None and written is not None:
        return None
    if foreign := foreign_prompt(seen, in_list=in_list):
        mistakes.add(foreign)
        return None
    if isinstance(written, str):
        return mistakes.attempt(lambda text: Prompt(words(text)), written)
    if not isinstance(written, Mapping):
        mistakes.add(f"expected {ITEM if in_list else SET}, found {found(written)}")
        return None
    mistakes.check_keys(written, ("text", "image", "weight"))
    if {"text", "image"} <= written.keys():
        mistakes.at("image").add("a prompt is a text or an image; make two of them", at_key=True)
    image = "image" in written
    key, read = ("image", lambda name: picture(_text(name))) if image else ("text", words)
    text = mistakes.at(key).attempt(read, written.get(key))
    weight = mistakes.at("weight").attempt(_weight, written.get("weight", 1))
    return None if text is None or weight is None else Prompt(text, weight, image)


def _weight(written: object) -> float:
    weight = number(written)
    check_weight(weight)
    return weight


def _text(written: object) -> str:
    if not isinstance(written, str):
        raise ValueError(f"expected a text, found {found(written)}")
    check_text(written)
    return written


def _words(written: object, is_sung: bool, plain: Plain) -> str:
    text = _text(written)
    plain(text)
    check_fields(text, is_sung)
    return text
