"""A scheduled number of its own for frames that start anew, and another for those that grow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from pydantic import ValidationInfo

from pipeline.reading.fields import Range, Reader
from pipeline.reading.places import PLACES, read_places
from pipeline.reading.scheduled import Scheduled, read_scheduled
from pipeline.spec import StepSchedule, at_all_steps

OFF: StepSchedule = at_all_steps(0.0)


@dataclass(frozen=True, slots=True)
class FirstThen:
    """The number of the first frame and of every still, and that of the frames after the first."""

    first: Scheduled = OFF
    then: Scheduled = OFF


def first_then(allowed: Range) -> Reader:
    """One scheduled number for all frames, or `{first: ..., then: ...}`; what is left out is 0."""

    def read(value: Any, info: ValidationInfo) -> FirstThen:
        number = partial(read_scheduled, allowed=allowed, info=info)
        if isinstance(value, Mapping) and value.keys() & set(PLACES):
            return FirstThen(**read_places(value, first=number, then=number))
        same = number(value)
        return FirstThen(same, same)

    return Reader(read)
