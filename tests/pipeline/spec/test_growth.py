"""The order in which frames are made."""

from __future__ import annotations

from pipeline.spec.frame import FrameSpec, SavedFrame
from pipeline.spec.growth import as_they_grow


def spec(frame: int, *earlier: int) -> FrameSpec:
    return FrameSpec(frame, (4, 4), inputs=tuple(map(SavedFrame, earlier)))


def order(*frames: FrameSpec) -> list[int]:
    return [one.frame for one in as_they_grow(frames)]


def test_frames_that_grow_from_earlier_ones_stay_in_their_order() -> None:
    assert order(spec(0), spec(1, 0), spec(2, 1), spec(3)) == [0, 1, 2, 3]


def test_those_between_come_behind_the_painted_one_after_them_and_before_the_next() -> None:
    between = spec(1, 0, 3), spec(2, 0, 3), spec(4, 3, 6), spec(5, 3, 6)
    frames = spec(0), *between[:2], spec(3, 0), *between[2:], spec(6, 3), spec(7, 6)
    assert order(*frames) == [0, 3, 1, 2, 6, 4, 5, 7]


def test_what_is_not_among_them_is_waited_for_by_nobody() -> None:
    assert order(spec(4, 3, 6), spec(5, 3, 6), spec(7, 6)) == [4, 5, 7]


def test_each_is_there_once_whatever_their_order_was() -> None:
    assert order(spec(2, 1), spec(1, 0), spec(0)) == [0, 1, 2]


def test_circles_come_last() -> None:
    assert order(spec(0, 1), spec(1, 0), spec(2), spec(3, 3)) == [2, 0, 1, 3]
