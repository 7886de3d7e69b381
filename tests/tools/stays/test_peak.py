"""The top of a curve that is known at some places."""

from __future__ import annotations

import pytest

from tools.stays.peak import peak


@pytest.mark.parametrize("top", [2.0, 2.3, 3.5, 4.9])
def test_the_top_of_a_parabola_is_found_between_its_samples(top: float) -> None:
    assert peak([-((place - top) ** 2) for place in range(8)]) == pytest.approx(top)


@pytest.mark.parametrize(("samples", "top"), [([0, 0, 0], 1), ([0, 1, 2], 1), ([3, 1, 1], 1)])
def test_where_there_is_no_top_inside(samples: list[float], top: float) -> None:
    assert abs(peak(samples) - top) <= 1
