"""Which steps of a frame leave a picture beside it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pydantic import ValidationInfo

from keyframes.mistakes import Mistakes, found
from pipeline.scene.reading import forms
from pipeline.scene.reading.fields import Reader, is_number
from pipeline.scene.reading.ranges import Range, between

COUNTS = between(0, 1000)
STEPS = between(1, 1000)
_LIST = forms.Form({"type": "array", "items": forms.numeral(STEPS, whole=True).schema}, "`[steps]`")
_FORM = forms.either(forms.numeral(COUNTS, whole=True), _LIST)


@dataclass(frozen=True, slots=True)
class IntermediateSaves:
    """A number of pictures, evenly spread over the steps of a frame, or a list of its steps."""

    chosen: int | tuple[int, ...] = 0

    def of(self, steps: int) -> tuple[int, ...]:
        """The steps that are saved of the `steps` which a frame takes, counted from 1.

        A spread leaves the last one out, as that is the frame.
        """
        return _steps(self.chosen, steps)


# Most frames of a video ask for the same, and share one tuple.
@lru_cache(maxsize=1024)
def _steps(chosen: int | tuple[int, ...], steps: int) -> tuple[int, ...]:
    if isinstance(chosen, tuple):
        return tuple(step for step in chosen if step <= steps)
    parts = chosen + 1
    spread = (part * steps // parts for part in range(1, parts))
    return tuple(sorted({step for step in spread if 0 < step < steps}))


def saves() -> Reader:
    """Reader of how many pictures to save, or of a list of steps."""

    def read(value: Any, info: ValidationInfo) -> IntermediateSaves:
        if not isinstance(value, list):
            return IntermediateSaves(_whole(value, COUNTS, "how many pictures, or a list of steps"))
        mistakes = Mistakes()
        steps = [
            mistakes.at(place).attempt(lambda item: _whole(item, STEPS, "a step"), item)
            for place, item in enumerate(value)
        ]
        mistakes.raise_any()
        return IntermediateSaves(tuple(sorted({step for step in steps if step is not None})))

    return Reader(read, _FORM)


def _whole(value: Any, allowed: Range, noun: str) -> int:
    if not is_number(value) or value not in allowed or value != int(value):
        raise ValueError(f"expected {noun}, a whole number {allowed}; found {found(value)}")
    return int(value)
