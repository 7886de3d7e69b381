"""The runs in which steps are taken that are taken several times."""

from __future__ import annotations

from pipeline.spec.recurrence import Leg, legs
from pipeline.spec.samplers import respaced
from pipeline.spec.step_schedule import StepSchedule

TIMESTEPS = respaced(1000, 5)


def test_steps_that_are_taken_once_are_one_run() -> None:
    assert list(legs(TIMESTEPS, 1000, StepSchedule.constant(1))) == [Leg(0, 5)]


def test_what_is_taken_several_times_begins_anew_each_time_and_then_goes_on() -> None:
    # At 0.199, 0.399, 0.599, 0.799 and 0.999 of the denoising.
    runs = legs(TIMESTEPS, 1000, StepSchedule(((0, 2), (0.3, 3), (0.5, 1))))
    back = [Leg(0, 1, returns=True), Leg(1, 2, returns=True)]
    assert list(runs) == [back[0], Leg(0, 1), back[1], back[1], Leg(1, 5)]


def test_steps_before_are_a_run_of_their_own() -> None:
    runs = legs(TIMESTEPS, 1000, StepSchedule(((0, 1), (0.9, 2))))
    assert list(runs) == [Leg(0, 4), Leg(4, 5, returns=True), Leg(4, 5)]
