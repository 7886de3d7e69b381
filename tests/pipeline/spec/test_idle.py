"""What is idle of a frame's values, and what is not."""

from __future__ import annotations

import pytest

from pipeline.spec.idle import without_idle
from tests.pipeline.idle_frames import DIFFERENT, SAME, Pair


@pytest.mark.parametrize("pair", SAME.values(), ids=SAME)
def test_what_is_idle_is_left_out(pair: Pair) -> None:
    one, other = pair
    assert one != other
    assert without_idle(one) == without_idle(other)


@pytest.mark.parametrize("pair", DIFFERENT.values(), ids=DIFFERENT)
def test_what_is_awake_stays(pair: Pair) -> None:
    one, other = pair
    assert without_idle(one) != without_idle(other)
