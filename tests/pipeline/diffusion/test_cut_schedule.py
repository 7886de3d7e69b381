from __future__ import annotations

import pytest

from pipeline.diffusion.cut_schedule import Cutouts, CutSchedule
from pipeline.spec.step_schedule import StepSchedule

ONE = StepSchedule.constant(1)


def test_each_parameter_follows_its_own_steps() -> None:
    schedule = CutSchedule(
        cut_overview=StepSchedule(((0, 12), (0.4, 4))),
        cut_innercut=StepSchedule(((0, 4), (0.5, 12))),
        cut_ic_pow=ONE,
        cut_icgray_p=StepSchedule(((0, 0.2), (0.4, 0))),
    )
    assert schedule(0) == Cutouts(12, 4, 1, 0.2)
    assert schedule(0.45) == Cutouts(4, 4, 1, 0)
    assert schedule(0.9) == Cutouts(4, 12, 1, 0)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ((0, 0, 1, 0), "cut_overview and cut_innercut are both 0; CLIP needs a cutout to see"),
        ((-1, 4, 1, 0), "cut_overview is -1; it is 0 or more"),
        ((4, -2, 1, 0), "cut_innercut is -2; it is 0 or more"),
        ((4, 4, -1, 0), "cut_ic_pow is -1; it is 0 or more"),
        ((4, 4, 1, 1.5), "cut_icgray_p is 1.5; it lies in [0, 1]"),
    ],
)
def test_cutouts_out_of_range_are_refused(
    values: tuple[int, int, float, float], message: str
) -> None:
    with pytest.raises(ValueError) as error:
        Cutouts(*values)
    assert str(error.value) == message


def test_a_stretch_without_any_cutout_is_found_before_the_render_gets_there() -> None:
    with pytest.raises(ValueError) as error:
        CutSchedule(StepSchedule(((0, 2), (0.5, 0))), StepSchedule(((0, 0), (0.7, 1))), ONE, ONE)
    assert str(error.value) == (
        "from progress 0.5: cut_overview and cut_innercut are both 0; CLIP needs a cutout to see"
    )


def test_half_a_cutout_is_refused() -> None:
    with pytest.raises(ValueError) as error:
        CutSchedule(StepSchedule(((0, 2), (0.5, 2.5))), ONE, ONE, ONE)
    assert str(error.value) == "from progress 0.5: cut_overview is 2.5; it is a whole number"
