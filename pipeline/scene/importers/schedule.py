"""Deforum's schedules, `0: (0.65), 30: (0.5+0.1*sin(t/10)), "max_f-1": (1)`.

Convention:
    A key whose value is a plain decimal is a number, from which a straight line leads to the next
    key. Any other value is a formula (also `1e-3`), computed anew on every frame up to the next key
    and never blended into it. Keys at `max_frames` or behind it count for nothing; of two keys on
    one frame the later written holds. Before the first key its value holds, where Deforum fails.

Deforum splits at every comma, so that `where(t<5, 1, 2)` is an error there; here it is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite

import numpy as np

from keyframes.quoting import quoted
from pipeline.scene.importers.moving import LARGEST, Array, Moving, joined, moving, plain
from pipeline.scene.importers.numexpr import Numexpr
from pipeline.scene.importers.translation import Course, in_our_words

LONGEST = 1_000_000
"""Characters of one schedule."""

# No formula holds a colon: a comma belongs to the list if a colon comes before the next comma.
_APART = re.compile(r"[,;](?=[^,;:]*:)|(?<=\))\s+(?=[\"']?[0-9]+[\"']?\s*:)")
_DECIMAL = re.compile(r"(?=.)[+-]?[0-9]*(?:\.[0-9]+)?")
_PRUNED = re.compile(r"[\s,;]+\Z|\A[\s,;]+")


@dataclass(frozen=True, slots=True)
class Key:
    """A frame, and the formula from there on."""

    frame: int
    formula: Numexpr
    is_number: bool
    """Whether a straight line leads from here to the next key."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """The keys of a schedule inside the video, by frame, and what in its text is odd."""

    keys: tuple[Key, ...]
    remarks: tuple[str, ...] = ()


def read_schedule(written: object, course: Course) -> Schedule:
    """The schedule that a value of a settings file is; ValueError where it has no key at all."""
    remarks: list[str] = []
    keys: dict[int, Key] = {}
    for frame_text, value in _items(written):
        try:
            key = _key(frame_text, value, course, remarks)
        except ValueError as error:
            remarks.append(f'"{quoted(f"{frame_text}: {value}", 40)}" is {error}: left out')
            continue
        if key.frame in keys:
            remarks.append(f"frame {key.frame} stands twice, and the last one holds")
        keys[key.frame] = key
    inside = [keys[frame] for frame in sorted(keys) if 0 <= frame <= course.last]
    if len(inside) < len(keys):
        outside = ", ".join(str(frame) for frame in sorted(keys) if not 0 <= frame <= course.last)
        remarks.append(f"keys outside the video count for nothing ({quoted(outside, 40)})")
    if not inside:
        raise ValueError("; ".join(remarks) or "an empty schedule")
    if inside[0].frame > 0:
        remarks.append(f"there is no key at frame 0, and that of frame {inside[0].frame} holds")
    return Schedule(tuple(inside), tuple(dict.fromkeys(remarks)))


def _items(written: object) -> Iterator[tuple[str, str]]:
    """Frame and value of each item, as they are written."""
    if isinstance(written, dict):
        yield from ((str(frame), str(value)) for frame, value in written.items())
        return
    if isinstance(written, bool) or not isinstance(written, str | int | float):
        raise ValueError("no schedule")
    text = str(written)
    if len(text) > LONGEST:
        raise ValueError(f"a schedule of {len(text)} characters")
    for item in _APART.split(text):
        frame, colon, value = _PRUNED.sub("", item).partition(":")
        if colon:
            yield frame, value
        elif frame:
            yield "0", frame


def _key(frame_text: str, value: str, course: Course, remarks: list[str]) -> Key:
    bare = frame_text.strip().strip("\"'").strip()
    position = float(Numexpr.parse(bare).values(np.zeros(1), course.last, course.seed)[0])
    if not isfinite(position):
        raise ValueError("at no frame")
    if position != int(position):
        remarks.append(f"frame {quoted(bare)} is between two frames: the one before it is taken")
    formula = _formula(value.strip().strip("\"'").strip())
    decimal = formula.text.strip("() ")
    return Key(int(position), formula, _DECIMAL.fullmatch(decimal) is not None)


def _formula(text: str) -> Numexpr:
    """The formula of a value, whose brackets may be odd: Deforum drops those of numbers."""
    opened, closed = text.count("("), text.count(")")
    mended = text + ")" * (opened - closed) if opened > closed else text
    if closed > opened and mended.endswith(")"):
        mended = mended[: opened - closed]
    inner = mended.strip()
    while inner.startswith("(") and _closing(inner) == len(inner) - 1:
        inner = inner[1:-1].strip()
    return Numexpr.parse(inner.lstrip("0") or "0" if inner.isdigit() else inner)


def _closing(text: str) -> int:
    """The place of the bracket that closes the first one."""
    depth = 0
    for place, letter in enumerate(text):
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if depth == 0:
            return place
    return -1


def values_of(schedule: Schedule, course: Course) -> Array:
    """The value at every frame, as Deforum computes it; ValueError where there is none."""
    frames, keys = course.frames, schedule.keys
    known = np.full(len(frames), np.nan)
    is_known = np.zeros(len(frames), dtype=bool)
    ends = [key.frame for key in keys[1:]] + [len(frames)]
    for key, end in zip(keys, ends, strict=True):
        here = slice(key.frame, key.frame + 1 if key.is_number else end)
        known[here] = key.formula.values(frames[here], course.last, course.seed)
        is_known[here] = True
    beyond = np.flatnonzero(is_known & ~(np.abs(known) <= LARGEST))
    if beyond.size:
        raise ValueError(f"there is no finite value at frame {beyond[0]}")
    values: Array = np.interp(frames, frames[is_known], known[is_known])
    return values


def moving_of(
    schedule: Schedule,
    course: Course,
    change: Callable[[Array], Array] | None = None,
    wrap: Callable[[str], str] = str,
) -> Moving:
    """The schedule as a number of a scene, after `change` of its values.

    `wrap` does to a formula what `change` does to values. Raises as `values_of` does.
    """
    raw = values_of(schedule, course)
    values = raw if change is None else change(raw)
    return moving(values, _forms(schedule, values, course, wrap))


def _forms(
    schedule: Schedule, values: Array, course: Course, wrap: Callable[[str], str]
) -> Iterator[object]:
    """What a scene might write, the most readable first."""
    keys = schedule.keys
    if not any(key.formula.varies for key in keys):
        yield _as_keys(keys, values)
    parts: list[tuple[int, str]] = []
    for key, after in pairwise((*keys, None)):
        assert key is not None
        written = _as_formula(key, after, course)
        if written is None:
            return
        parts.append((key.frame, written))
    yield wrap(joined(parts))


def _as_keys(keys: tuple[Key, ...], values: Array) -> dict[int, object]:
    """Frames and values; a key is reached by `hold` where the one before it is a formula."""
    written: dict[int, object] = {keys[0].frame: plain(float(values[keys[0].frame]))}
    for before, key in pairwise(keys):
        value = plain(float(values[key.frame]))
        written[key.frame] = value if before.is_number else {"value": value, "ease": "hold"}
    return written


def _as_formula(key: Key, after: Key | None, course: Course) -> str | None:
    """What holds from a key up to the next one, in our words."""
    if not key.is_number or after is None:
        return in_our_words(key.formula, course)
    ends = [
        float(one.formula.values(np.array([float(one.frame)]), course.last, course.seed)[0])
        for one in (key, after)
    ]
    low, rise = plain(ends[0]), plain(ends[1] - ends[0])
    if rise == 0:
        return str(low)
    passed = f"(frame - {key.frame})" if key.frame else "frame"
    way = f"{rise} * {passed} / {after.frame - key.frame}"
    return f"{low} + {way}" if low else way
