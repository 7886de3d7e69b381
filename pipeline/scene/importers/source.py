"""The settings of the file that is imported, taken one by one, so that none is forgotten."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any, TypeVar

import numpy as np

from keyframes.mistakes import found
from pipeline.scene.importers.draft import Draft
from pipeline.scene.importers.moving import LARGEST, Moving, moving
from pipeline.scene.importers.schedule import moving_of, read_schedule
from pipeline.scene.importers.translation import Course
from pipeline.scene.reading.clock import MAX_FRAMES

T = TypeVar("T")

_NOTHING = ("", "none", "null", "nan")
_TRUTHS = {"true": True, "false": False, "1": True, "0": False, "yes": True, "no": False}


class Source:
    """Settings by name; each that is asked for is known, and the others are left over."""

    def __init__(self, data: Mapping[str, Any], draft: Draft) -> None:
        self._data, self._draft = data, draft
        self._known: set[str] = set()
        self._taken: set[str] = set()

    def has(self, name: str) -> bool:
        """Whether the file says something for a name; None, "" and "None" are nothing."""
        value = self._data.get(name)
        return not (value is None or (isinstance(value, str) and value.strip().lower() in _NOTHING))

    def take(self, *names: str) -> tuple[str, Any]:
        """The first of several names of one setting that the file has, and its value.

        The first name and None where it has none. All of them are dealt with from now on.
        """
        self._taken.update(names)
        here = next((name for name in names if self.has(name)), names[0])
        return here, self._data[here] if self.has(here) else None

    def peek(self, name: str) -> Any:
        """What the file says for a name, without having dealt with it; None for nothing."""
        return self._data[name] if self.has(name) else None

    def known(self, *names: str) -> None:
        """Say that names are dealt with, whatever the file says for them."""
        self._known.update(names)

    @property
    def left(self) -> tuple[str, ...]:
        """The names that nobody has asked for, in the order of the file."""
        dealt_with = self._known | self._taken
        return tuple(name for name in self._data if name not in dealt_with)

    @property
    def idle(self) -> tuple[str, ...]:
        """The names that are known and that nothing was made of, in the order of the file."""
        return tuple(name for name in self._data if name in self._known - self._taken)

    @property
    def names(self) -> tuple[str, ...]:
        """All names of the file."""
        return tuple(self._data)

    def number(self, *names: str, default: float, low: float, high: float) -> float:
        """A number within bounds; another one is brought there, and that is told."""
        read = self._read(names, _number, "a number")
        if read is None:
            return min(max(default, low), high)
        if not low <= read <= high:
            self._draft.differs(names[0], f"{read:g} is outside {low:g} to {high:g}")
        return min(max(read, low), high)

    def whole(self, *names: str, default: int, low: int, high: int) -> int:
        """A whole number within bounds."""
        return round(self.number(*names, default=default, low=low, high=high))

    def frame_count(self, default: int) -> int:
        """The frames of the video; ValueError for more than one can have."""
        count = self.number("max_frames", default=default, low=1, high=LARGEST)
        if count > MAX_FRAMES:
            raise ValueError(f"max_frames is {count:g}; a video has at most {MAX_FRAMES:,} frames")
        return round(count)

    def flag(self, *names: str, default: bool = False) -> bool:
        """True or false."""
        read = self._read(names, _flag, "true or false")
        return default if read is None else read

    def text(self, *names: str, default: str = "") -> str:
        """A text; a number becomes its digits."""
        read = self._read(names, _text, "a text")
        return default if read is None else read

    def _read(self, names: tuple[str, ...], read: Callable[[Any], T], expected: str) -> T | None:
        name, value = self.take(*names)
        if value is None:
            return None
        try:
            return read(value)
        except ValueError:
            self._draft.differs(name, f"expected {expected}, found {found(value)}: left out")
            return None

    def moving(self, *names: str, course: Course, default: float) -> Moving:
        """A schedule over the video; `default` throughout where there is none."""
        name, value = self.take(*names)
        steady = moving(np.full(len(course.frames), default), ())
        if value is None:
            return steady
        try:
            schedule = read_schedule(value, course)
            read = moving_of(schedule, course)
        except ValueError as error:
            self._draft.differs(name, f"{error}: {default:g} throughout in its place")
            return steady
        for remark in schedule.remarks:
            self._draft.slight(name, remark)
        return read


def fitted(read: Moving, name: str, low: float, high: float, draft: Draft) -> Moving:
    """A number over the video within what a scene allows; that it was not is told."""
    inside = np.clip(read.values, low, high)
    if np.array_equal(inside, read.values):
        return read
    draft.differs(name, f"values outside {low:g} to {high:g} are brought to these bounds")
    return moving(inside, ())


def put_moving(draft: Draft, path: str, name: str, read: Moving, comment: str = "") -> None:
    """Write a number over the video, with a word on values that had to be written one by one."""
    if read.is_sampled:
        comment = "; ".join(filter(None, (comment, "its values, frame by frame")))
        draft.slight(name, "no formula of a scene is equal: its values are written as keys")
    draft.put(path, read.written, comment)


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError
    try:
        number = float(value)
    except (ValueError, OverflowError):
        raise ValueError from None
    if not isfinite(number):
        raise ValueError
    return number


def _flag(value: Any) -> bool:
    if isinstance(value, str) and value.strip().lower() in _TRUTHS:
        return _TRUTHS[value.strip().lower()]
    if isinstance(value, bool | int | float) and value in (0, 1):
        return bool(value)
    raise ValueError


def _text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError
    return str(value).strip()
