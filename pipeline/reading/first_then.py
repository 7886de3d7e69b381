"""A scheduled number of its own for frames that start anew, and another for those that grow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationInfo

from keyframes.located import Located, Mistakes, NotationError
from pipeline.reading.fields import Range, Reader
from pipeline.reading.scheduled import Scheduled, read_scheduled
from pipeline.spec import StepSchedule

OFF: StepSchedule = ((0.0, 0.0),)


@dataclass(frozen=True, slots=True)
class FirstThen:
    """The number of the first frame and of every still, and that of the frames after the first."""

    first: Scheduled = OFF
    then: Scheduled = OFF


def first_then(allowed: Range) -> Reader:
    """One scheduled number for all frames, or `{first: ..., then: ...}`; what is left out is 0."""

    def read(value: Any, info: ValidationInfo) -> FirstThen:
        if isinstance(value, Mapping) and value.keys() & {"first", "then"}:
            return _by_place(value, allowed, info)
        number = read_scheduled(value, allowed, info)
        return FirstThen(number, number)

    return Reader(read)


def _by_place(written: Mapping[Any, Any], allowed: Range, info: ValidationInfo) -> FirstThen:
    mistakes = Mistakes()
    mistakes.check_keys(written, ("first", "then"))
    read: dict[str, Scheduled] = {}
    for place in [name for name in ("first", "then") if name in written]:
        try:
            read[place] = read_scheduled(written[place], allowed, info)
        except NotationError as error:
            mistakes.problems.extend(
                Located((place, *problem.path), problem.message, problem.column, problem.at_key)
                for problem in error.problems
            )
        except ValueError as error:
            mistakes.at(place).add(str(error))
    mistakes.raise_any()
    return FirstThen(**read)
