from __future__ import annotations

import pytest

from keyframes.number_slips import with_points, write_instead


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ("1,5", "1.5"),
        ("-0,25", "-0.25"),
        ("0,500", "0.500"),
        ("1,500", "1500, or 1.500 for a decimal point"),
        ("1 000", "1000"),
        ("12\u00a0345.5", "12345.5"),
        ("1_000_000", "1000000"),
        ("102%", "1.02"),
        ("-7.5 %", "-0.075"),
        ("15deg", "15 alone, without a unit"),
        ("15 \u00b0", "15 alone, without a unit"),
        ("10 px", "10 alone, without a unit"),
        ("2x", "2 alone, without a unit"),
        ("25 steps", "25 alone, without a unit"),
    ],
)
def test_how_a_number_is_written(written: str, instead: str) -> None:
    assert write_instead(written) == f"; write {instead}"


@pytest.mark.parametrize(
    "written", ["2*pi", "1,2,3", "1e-3", "big", "1 + 2", "", 1.5, None, ["1,5"]]
)
def test_nothing_is_guessed(written: object) -> None:
    assert write_instead(written) == ""


def test_points_in_times() -> None:
    assert with_points("1,5s") == "; write 1.5s"
    assert with_points("beat 33,5") == "; write beat 33.5"
    assert [with_points(written) for written in ("1.5s", "a, b", 3, None)] == [""] * 4
