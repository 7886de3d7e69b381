"""Seeds: one number for all frames, or numbers at times, each of which holds up to the next.

They are exact where a curve, whose values are floats, would round: a seed has up to 63 bits.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationInfo

from keyframes.mistakes import Mistakes
from keyframes.timebase import nearest_frame
from keyframes.times import named, read_timed
from pipeline.scene.reading import forms
from pipeline.scene.reading.context import context_of
from pipeline.scene.reading.fields import Reader, whole
from pipeline.scene.reading.ranges import between

_ALLOWED = between(0, 2**63 - 1)
_NO_OPTION = ""
"""A mapping of seeds has no key that is none of its times."""
FORM = forms.held(_ALLOWED)
"""How seeds are written."""


@dataclass(frozen=True, slots=True)
class Seeds:
    """Seeds by the frames from which they hold, which rise; before the first one its seed holds."""

    steps: tuple[tuple[int, int], ...] = ((0, 0),)
    """Frames and seeds, one or more."""

    def __call__(self, frame: float) -> int:
        """The seed that holds at a position in frames."""
        place = bisect_right(self.steps, frame, key=lambda step: step[0])
        return self.steps[max(0, place - 1)][1]


def seeds() -> Reader:
    """Reader of a seed, or of seeds at times; a time takes effect on the nearest frame."""
    one = whole(_ALLOWED)

    def read(value: Any, info: ValidationInfo) -> Seeds:
        if not isinstance(value, Mapping):
            return Seeds(((0, one.read(value, info)),))  # type: ignore[arg-type]
        mistakes = Mistakes()
        if not value:
            mistakes.add("seeds without times; write at least one, such as {0: 7, 31: 8}")

        def number(written: object, here: Mistakes) -> Any:
            return here.attempt(lambda data: one.read(data, info), written)

        timed = read_timed(value, context_of(info).clock.timebase, _NO_OPTION, number, mistakes)
        mistakes.raise_any()
        steps: dict[int, int] = {}
        for key in timed:
            frame = int(nearest_frame(key.frame))
            if frame in steps:
                mistakes.at(key.time).add(
                    f"{named(key.time)} is frame {frame} as the time before it; keep one of them",
                    at_key=True,
                )
            steps[frame] = key.value
        mistakes.raise_any()
        return Seeds(tuple(steps.items()))

    return Reader(read, FORM)
