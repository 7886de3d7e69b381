"""Deforum's schedules: every frame has the value that Deforum computes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from pipeline.scene.importers.moving import moving, plain, sampled
from pipeline.scene.importers.schedule import moving_of, read_schedule, values_of
from pipeline.scene.importers.translation import Course

COURSE = Course(np.arange(13, dtype=np.float64), 5)


def values(written: object) -> list[float]:
    found: list[float] = values_of(read_schedule(written, COURSE), COURSE).tolist()
    return found


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("0:(t), 6:(1), 10:(2)", [0, 1, 2, 3, 4, 5, 1, 1.25, 1.5, 1.75, 2, 2, 2]),
        ("0:(1), 6:(t)", [1, 11 / 6, 16 / 6, 21 / 6, 26 / 6, 31 / 6, 6, 7, 8, 9, 10, 11, 12]),
        ("0:(1), 4:(3)", [1, 1.5, 2, 2.5, 3, 3, 3]),
        ("4:(3),0:(1)", [1, 1.5, 2, 2.5, 3, 3, 3]),
        ("0 : (1) ,\n4 :( 3 ) , ", [1, 1.5, 2, 2.5, 3, 3, 3]),
        ("0:1, 4:3", [1, 1.5, 2, 2.5, 3, 3, 3]),
        ("0:(1) 4:(3)", [1, 1.5, 2, 2.5, 3, 3, 3]),
        ("0:(1); 4:(3)", [1, 1.5, 2, 2.5, 3, 3, 3]),
        ("0:(9), 0:(1), '4':(3)", [1, 1.5, 2, 2.5, 3, 3, 3]),
        ('0:(1), "max_f/3":(3)', [1, 1.5, 2, 2.5, 3, 3, 3]),
        ("0:(1), max_f-8:(3)", [1, 1.5, 2, 2.5, 3, 3, 3]),
        ("0:(1), 4:(3), 13:(99)", [1, 1.5, 2, 2.5, 3, 3, 3]),
        ("0:(2), -4:(7)", [2, 2, 2]),
        ("3:(2), 5:(4)", [2, 2, 2, 2, 3, 4, 4]),
        ("0:(1e-3), 3:(2)", [1e-3, 1e-3, 1e-3, 2, 2]),
        ("0:(where(t<2, 1, 5)), 4:(0)", [1, 1, 5, 5, 0, 0]),
        ("0:(s), 2:(-1)", [5, 5, -1, -1]),
        ("0.75", [0.75] * 13),
        (0.75, [0.75] * 13),
        ({"0": "(1)", "4": 3}, [1, 1.5, 2, 2.5, 3, 3, 3]),
        ("0:((1.5)), 2:((t+1)", [1.5, 2.25, 3, 4]),
        ("0:(.5), 2:(+1.5)", [0.5, 1, 1.5]),
        ("0:(1), 2.5:(3)", [1, 2, 3]),
    ],
)
def test_values(text: Any, first: list[float]) -> None:
    assert_allclose(values(text)[: len(first)], first)


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        ("0:(1), 20:(2)", "keys outside the video count for nothing (20)"),
        ("0:(1), 0:(2)", "frame 0 stands twice, and the last one holds"),
        ("3:(1)", "there is no key at frame 0, and that of frame 3 holds"),
        ("0:(1), 5:(x)", '"5: (x)" is a formula with the unknown name x: left out'),
        ("0:(1), 2.5:(2)", "frame 2.5 is between two frames: the one before it is taken"),
    ],
)
def test_what_is_odd_is_told(text: str, remark: str) -> None:
    assert read_schedule(text, COURSE).remarks == (remark,)


@pytest.mark.parametrize("written", ["", "x", "0:()", "99:(1)", [], True, "0:(sin)", "::"])
def test_a_schedule_without_a_key_is_refused(written: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_schedule(written, COURSE)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("0:(1.5)", 1.5),
        ("0:(1), 4:(3)", {0: 1, 4: 3}),
        ("0:(1e-3), 3:(2)", {0: 0.001, 3: {"value": 2, "ease": "hold"}}),
        ("0:(t/2)", "frame / 2"),
        (
            "0:(t), 6:(1), 10:(2)",
            "frame if frame < 6 else 1 + 1 * (frame - 6) / 4 if frame < 10 else 2",
        ),
        ("0:(t&1), 2:(0)", {0: 0, 1: 1, 2: 0, 12: 0}),
    ],
)
def test_what_a_scene_writes(text: str, written: object) -> None:
    assert moving_of(read_schedule(text, COURSE), COURSE).written == written


def test_a_value_that_is_not_finite_is_refused() -> None:
    with pytest.raises(ValueError, match="no finite value at frame 0"):
        moving_of(read_schedule("0:(1/t)", COURSE), COURSE)


def test_sampled_keys_leave_out_what_lies_on_a_line() -> None:
    course = np.interp(np.arange(101.0), [0, 10, 50, 100], [0, 5, 5, -1])
    assert sampled(course) == {0: 0, 10: 5, 50: 5, 100: -1}


def test_a_form_that_a_scene_reads_otherwise_is_not_taken() -> None:
    course = np.arange(5.0)
    assert moving(course, ["frame + 1", "no(", "frame"]).written == "frame"
    assert moving(course, ["frame + 1"]).is_sampled


@pytest.mark.parametrize(("value", "written"), [(1.0, 1), (0.1 + 0.2, 0.3), (1e300, 1e300)])
def test_numbers_as_people_write_them(value: float, written: float) -> None:
    assert repr(plain(value)) == repr(written)
