"""A number that changes in steps while one picture is denoised.

Convention:
    Progress is the share of the noise that is already gone: 0 at the noisiest timestep of the
    schedule, below 1 at the cleanest one. A value holds from its own progress up to the next.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

Steps = tuple[tuple[float, float], ...]
"""(progress, value) pairs, rising in progress."""


@dataclass(frozen=True, slots=True)
class StepSchedule:
    """A piecewise constant function of the progress.

    `steps` are pairs (progress, value): the first at 0, then strictly later ones, all below 1. In
    JSON they are a list of such pairs, or one number where it holds throughout.

    Raises:
        ValueError: no steps, a first step that is not at 0, steps out of order or outside
            [0, 1), or a value that is not finite.
    """

    steps: Steps

    def __post_init__(self) -> None:
        starts = [start for start, _ in self.steps]
        if not starts or starts[0] != 0:
            found = f"the first step is at {starts[0]:g}" if starts else "there are no steps"
            raise ValueError(f"{found}; a step schedule begins at progress 0, as in {{0: 12}}")
        for before, after in pairwise(starts):
            if not before < after < 1:
                raise ValueError(
                    f"a step at {after:g} follows one at {before:g}; "
                    "steps are in ascending order and below 1"
                )
        for start, value in self.steps:
            if not math.isfinite(value):
                raise ValueError(f"the value at {start:g} is {value}; values are finite numbers")

    @classmethod
    def constant(cls, value: float) -> StepSchedule:
        """The schedule that holds one value from beginning to end."""
        return cls(((0.0, float(value)),))

    @classmethod
    def constants(cls, values: Sequence[float]) -> list[StepSchedule]:
        """The schedules that hold one of `values` each, which are floats.

        Raises ValueError for a value that is not finite.
        """
        # A long video has hundreds of thousands of them: they are checked all at once.
        if not all(map(math.isfinite, values)):
            return [cls.constant(value) for value in values]
        made = [cls.__new__(cls) for _ in values]
        for schedule, value in zip(made, values, strict=True):
            object.__setattr__(schedule, "steps", ((0.0, value),))
        return made

    @property
    def is_constant(self) -> bool:
        """Whether one value holds from beginning to end."""
        return len(self.steps) == 1

    @property
    def is_zero(self) -> bool:
        """Whether every value is 0."""
        return not any(value for _, value in self.steps)

    @property
    def values(self) -> tuple[float, ...]:
        """The values of the schedule in the order of progress."""
        return tuple(value for _, value in self.steps)

    def scaled(self, factor: float) -> StepSchedule:
        """The schedule whose values are `factor` times these."""
        return StepSchedule(tuple((start, factor * value) for start, value in self.steps))

    def mixed(self, other: StepSchedule, share: float) -> StepSchedule:
        """The schedule that lies between two, as far from this one as `share` in [0, 1] says."""
        starts = sorted({start for start, _ in (*self.steps, *other.steps)})
        return StepSchedule(
            tuple((start, (1 - share) * self(start) + share * other(start)) for start in starts)
        )

    def within(self, start: float, until: float) -> StepSchedule:
        """The schedule cut to the progress from `start` up to `until`, and 0 before and after.

        Raises:
            ValueError: unless 0 <= `start` < `until` <= 1.
        """
        if not 0 <= start < until <= 1:
            raise ValueError(f"a stretch from {start:g} until {until:g}; 0 <= start < until <= 1")
        before = ((0.0, 0.0),) if start > 0 else ()
        inside = tuple(step for step in self.steps if start < step[0] < until)
        after = ((until, 0.0),) if until < 1 else ()
        return StepSchedule((*before, (start, self(start)), *inside, *after))

    def __call__(self, progress: float) -> float:
        """The value that holds at `progress`.

        Raises:
            ValueError: `progress` is outside [0, 1].
        """
        if not 0 <= progress <= 1:
            raise ValueError(f"progress is {progress:g}; it lies in [0, 1]")
        index = bisect_right(self.steps, progress, key=lambda step: step[0]) - 1
        return self.steps[index][1]

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls._read, serialization=core_schema.plain_serializer_function_ser_schema(cls._written)
        )

    @classmethod
    def _read(cls, data: Any) -> StepSchedule:
        if isinstance(data, StepSchedule):
            return data
        if isinstance(data, int | float) and not isinstance(data, bool):
            return cls.constant(data)
        if not isinstance(data, list) or not all(map(_is_pair, data)):
            raise ValueError("expected a number or a list of pairs [progress, value]")
        return cls(tuple((float(start), float(value)) for start, value in data))

    def _written(self) -> float | list[list[float]]:
        steps = self.steps
        return steps[0][1] if len(steps) == 1 else [list(step) for step in steps]


def _is_pair(data: Any) -> bool:
    return isinstance(data, list) and len(data) == 2 and all(type(n) in (int, float) for n in data)
