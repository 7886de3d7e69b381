from __future__ import annotations

import sys

import pytest

from pipeline.spec.step_schedule import StepSchedule
from tests import child


@pytest.mark.parametrize(
    ("progress", "value"), [(0.0, 12), (0.399, 12), (0.4, 4), (0.8, 4), (0.9, 1), (1.0, 1)]
)
def test_a_value_holds_from_its_own_progress_up_to_the_next(progress: float, value: float) -> None:
    assert StepSchedule(((0.0, 12), (0.4, 4), (0.9, 1)))(progress) == value


def test_a_constant_never_changes() -> None:
    assert [StepSchedule.constant(3)(p) for p in (0, 0.5, 0.999)] == [3, 3, 3]


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ((), "there are no steps; a step schedule begins at progress 0, as in {0: 12}"),
        (
            ((0.2, 1.0),),
            "the first step is at 0.2; a step schedule begins at progress 0, as in {0: 12}",
        ),
        (
            ((0.0, 1.0), (0.5, 2.0), (0.5, 3.0)),
            "a step at 0.5 follows one at 0.5; steps are in ascending order and below 1",
        ),
        (
            ((0.0, 1.0), (1.0, 2.0)),
            "a step at 1 follows one at 0; steps are in ascending order and below 1",
        ),
        (
            ((0.0, 1.0), (float("nan"), 2.0)),
            "a step at nan follows one at 0; steps are in ascending order and below 1",
        ),
        (((0.0, float("inf")),), "the value at 0 is inf; values are finite numbers"),
    ],
)
def test_steps_that_make_no_function_are_refused(
    steps: tuple[tuple[float, float], ...], message: str
) -> None:
    with pytest.raises(ValueError) as error:
        StepSchedule(steps)
    assert str(error.value) == message


@pytest.mark.parametrize("progress", [-0.1, 1.01, float("nan")])
def test_a_progress_outside_of_the_denoising_is_refused(progress: float) -> None:
    with pytest.raises(ValueError, match=r"^progress is .*; it lies in \[0, 1\]$"):
        StepSchedule.constant(1)(progress)


def test_the_file_needs_no_torch() -> None:
    code = (
        "import sys, pipeline.spec.step_schedule, pipeline.diffusion.cut_schedule;"
        "sys.exit('torch' in sys.modules)"
    )
    assert child.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_stretch_has_the_same_values_and_0_around_them() -> None:
    schedule = StepSchedule(((0.0, 12), (0.4, 4), (0.9, 1)))
    assert schedule.within(0.0, 1.0) == schedule
    assert schedule.within(0.2, 0.9).steps == ((0.0, 0.0), (0.2, 12), (0.4, 4), (0.9, 0.0))
    assert schedule.within(0.4, 0.5).steps == ((0.0, 0.0), (0.4, 4), (0.5, 0.0))


@pytest.mark.parametrize(("start", "until"), [(-0.1, 0.5), (0.5, 0.5), (0.5, 1.1)])
def test_a_stretch_that_is_none_is_refused(start: float, until: float) -> None:
    with pytest.raises(ValueError, match=r"^a stretch from .* until .*; 0 <= start < until <= 1$"):
        StepSchedule.constant(1).within(start, until)


def test_a_scaled_schedule_has_each_value_scaled() -> None:
    assert StepSchedule(((0.0, 12), (0.4, 4))).scaled(0.5).steps == ((0.0, 6), (0.4, 2))


def test_many_constants_are_made_as_one_is() -> None:
    values = [0.0, 1.5, -2.0]
    made = StepSchedule.constants(values)
    assert made == [StepSchedule.constant(value) for value in values]
    assert hash(made[1]) == hash(StepSchedule.constant(1.5))


def test_many_constants_are_finite() -> None:
    with pytest.raises(ValueError, match="the value at 0 is inf; values are finite numbers"):
        StepSchedule.constants([1.0, float("inf")])
