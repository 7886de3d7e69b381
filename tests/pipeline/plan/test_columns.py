"""Columns of settings, and the sections that their rows make."""

from __future__ import annotations

from pipeline.plan.columns import sections
from pipeline.spec.step_schedule import StepSchedule


def pair(left: object, right: object) -> list[object]:
    return [left, right]


def test_equal_rows_are_one_section() -> None:
    made = sections(pair, [1.0, 2.0, 1.0, 2.0], ["a", "b", "a", "c"])
    assert made == [[1.0, "a"], [2.0, "b"], [1.0, "a"], [2.0, "c"]]
    assert made[0] is made[2] and made[1] is not made[3]


def test_where_nothing_moves_there_is_one_for_all() -> None:
    same = StepSchedule.constant(1)
    made = sections(pair, [same] * 3, [0.5] * 3)
    assert made == [[same, 0.5]] * 3 and len({id(one) for one in made}) == 1


def test_equal_values_count_as_one_whichever_object_they_are() -> None:
    column = [StepSchedule.constant(n % 2) for n in range(4)]
    made = sections(pair, column, [None, 1.0, None, 1.0])
    assert [one[0] for one in made] == column
    assert made[0] is made[2] and made[1] is made[3] and made[0] is not made[1]


def test_a_column_may_have_values_of_several_kinds() -> None:
    made = sections(pair, [None, 1.0, 1.0, None], [0.0, None, None, 0.0])
    assert made == [[None, 0.0], [1.0, None], [1.0, None], [None, 0.0]]
    assert made[0] is made[3] and made[1] is made[2]


def test_rows_of_which_each_is_another_are_made_one_by_one() -> None:
    schedules = [StepSchedule.constant(n) for n in range(4)]
    made = sections(pair, schedules, [0.5, 0.5, 1.0, 1.0])
    assert made == [
        [one, value] for one, value in zip(schedules, [0.5, 0.5, 1.0, 1.0], strict=True)
    ]
