"""Curves by keys, `{0s: 2, bar 5: {value: 10, ease: in_out}}`, and how the ways to them go.

An ease is a name, the four numbers of a Bezier curve, or `{spring: {stiffness, damping}}`. Beside
the keys it is that of all which name none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from sys import float_info
from typing import Any

from keyframes.curve import Curve, Ease, Keyframe, check_ease
from keyframes.disco_spline import LEAST, pinned, way
from keyframes.mistakes import Mistakes, found
from keyframes.number_slips import write_instead
from keyframes.shaped_eases import Bezier, Spring
from keyframes.timebase import Timebase
from keyframes.times import Time, Timed, read_timed

EASE = "ease"
"""The key beside the times of a curve that is none."""
SPRING = "spring"

_CSS = re.compile(r"\s*cubic-bezier\s*\(([^()]{3,80})\)\s*")

Read = tuple[float, Ease | None]
"""The value of a key, and the ease that it names, if any."""


def read_keys(data: Mapping[Time, Any], timebase: Timebase) -> Curve:
    """The curve through the keys of `data`; raises NotationError with every mistake."""
    mistakes = Mistakes()
    ease = mistakes.at(EASE).attempt(read_ease, data.get(EASE, "linear"))
    if not data.keys() - {EASE}:
        mistakes.add("a curve without keys; write at least one, such as {0s: 1}")
    keys = read_timed(data, timebase, EASE, _read_key, mistakes)
    _check_whole_ways(keys, ease, mistakes)
    span = _pins(ease, timebase, mistakes)
    mistakes.raise_any()
    assert ease is not None
    if isinstance(ease, str) and span:
        return _as_disco(keys, ease, *span)
    return Curve(tuple(Keyframe(key.frame, key.value[0], key.value[1] or ease) for key in keys))


def _pins(ease: Ease | None, timebase: Timebase, mistakes: Mistakes) -> tuple[float, float] | None:
    """The first frame and the last, where an ease asks for them."""
    if not (isinstance(ease, str) and ease in LEAST):
        return None
    if timebase.span is None:
        mistakes.at(EASE).add(f"{ease} needs the length of the video, which is not known here")
        return None
    first, end = timebase.span
    return float(first), float(end - 1)


def _as_disco(keys: Sequence[Timed[Read]], ease: str, first: float, last: float) -> Curve:
    points = pinned([(key.frame, key.value[0]) for key in keys], first, last)
    going = way(ease, len(keys))
    return Curve(tuple(Keyframe(frame, value, going) for frame, value in points))


def _check_whole_ways(keys: Sequence[Timed[Read]], ease: Ease | None, mistakes: Mistakes) -> None:
    """Notes what stands at a single key where it is of the whole curve."""
    for key in keys:
        own, here = key.value[1], mistakes.at(key.time, EASE)
        if own in (None, ease):
            continue
        if isinstance(ease, str) and ease in LEAST:
            here.add(f"{ease} goes through all keys; remove {EASE} here")
        elif isinstance(own, str) and own in LEAST:
            here.add(
                f"{own} goes through all keys; write it once beside them: "
                f"{{0: 1, 50: 2, ease: {own}}}"
            )


def _read_key(written: object, mistakes: Mistakes) -> Read | None:
    if not isinstance(written, Mapping):
        height = mistakes.attempt(lambda data: number(data, "a number or {value, ease}"), written)
        return None if height is None else (height, None)
    mistakes.check_keys(written, ("value", EASE))
    ease = None
    if EASE in written:
        ease = mistakes.at(EASE).attempt(read_ease, written[EASE])
    if "value" not in written:
        mistakes.add("a key without value; write it as {value: 1, ease: in_out}")
        return None
    height = mistakes.at("value").attempt(number, written["value"])
    return None if height is None else (height, ease)


def read_ease(written: object) -> Ease:
    """The ease that `written` names or describes; ValueError for anything else."""
    if isinstance(written, str):
        if css := _CSS.fullmatch(written):
            raise ValueError(f"found {found(written)}; write [{css[1].strip()}]")
        check_ease(written)
        return written
    if isinstance(written, Sequence):
        return _bezier(written)
    if isinstance(written, Mapping):
        return _spring(written)
    raise ValueError(
        "expected the name of an ease, such as in_out, or a bezier curve such as [0.4, 0, 0.2, 1], "
        f"found {found(written)}"
    )


def _bezier(written: Sequence[object]) -> Bezier:
    if len(written) != 4:
        raise ValueError(
            "a bezier curve has four numbers, [x1, y1, x2, y2], such as [0.4, 0, 0.2, 1]; found "
            f"{len(written)}"
        )
    x1, y1, x2, y2 = _all(dict(enumerate(written)), Mistakes())
    return Bezier(x1, y1, x2, y2)


def _spring(written: Mapping[Any, object]) -> Spring:
    mistakes = Mistakes()
    mistakes.check_keys(written, (SPRING,))
    inside, here = written.get(SPRING, {}), mistakes.at(SPRING)
    if not isinstance(inside, Mapping):
        here.add(f"expected {{stiffness: 100, damping: 10}}, found {found(inside)}")
    mistakes.raise_any()
    assert isinstance(inside, Mapping)
    here.check_keys(inside, ("stiffness", "damping"))
    mistakes.raise_any()
    return Spring(**dict(zip(inside, _all(inside, here), strict=True)))


def _all(written: Mapping[Any, object], mistakes: Mistakes) -> Sequence[float]:
    """The numbers of a mapping in its order; raises NotationError with each that is none."""
    read = [mistakes.at(key).attempt(number, value) for key, value in written.items()]
    mistakes.raise_any()
    return [one for one in read if one is not None]


def number(written: object, expected: str = "a number") -> float:
    """The finite number that is `written`; ValueError for anything else."""
    if isinstance(written, bool) or not isinstance(written, int | float):
        instead = write_instead(written)
        raise ValueError(f"expected {expected}, found {found(written)}{instead}")
    if not abs(written) <= float_info.max:
        raise ValueError(f"expected a finite number, found {found(written)}")
    return float(written)
