"""In which runs a sampler goes through its timesteps where steps are taken several times."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.spec.samplers import progress
from pipeline.spec.step_schedule import StepSchedule


@dataclass(frozen=True, slots=True)
class Leg:
    """Steps of a sampling that the sampler takes in one run."""

    start: int
    """Index of the first step."""
    end: int
    """Index behind the last step."""
    returns: bool = False
    """Whether x is noised back to where the leg began, and what the leg found is left behind."""


def legs(timesteps: Sequence[int], schedule_len: int, recurrence: StepSchedule) -> Iterator[Leg]:
    """The runs in which each of `timesteps` is taken as often as `recurrence` says.

    `schedule_len` is the number of timesteps that the denoiser knows. Steps that are taken once go
    on from the step before them in one run; where all are, there is one leg.
    """
    times = [round(recurrence(progress(schedule_len, t))) for t in timesteps]
    several = [index for index, count in enumerate(times) if count > 1]
    for start, end in pairwise(sorted({0, *several, len(timesteps)})):
        for _ in range(times[start] - 1):
            yield Leg(start, start + 1, returns=True)
        yield Leg(start, end)
