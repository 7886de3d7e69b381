"""From which frames the others of a shot are seen."""

from __future__ import annotations

from pipeline.scene.painted import BEFORE, origins

EVERY = frozenset(range(60))


def test_the_last_painted_frame_is_seen_from_further_away() -> None:
    painted = [True, False, False, True, False]
    assert origins(painted, EVERY) == [BEFORE, 0, 0, 0, 3]


def test_a_hold_goes_on_from_a_frame_that_is_not_painted() -> None:
    assert origins([True] + 59 * [False], EVERY) == [BEFORE, *24 * [0], *24 * [24], *11 * [48]]


def test_it_goes_on_from_none_that_shows_the_next_painted_one() -> None:
    """Each tenth frame may be painted, and 30 is the first that is."""
    chosen = frozenset(range(0, 60, 10))
    painted = [frame in (0, 30) for frame in range(41)]
    assert origins(painted, chosen) == [BEFORE, *20 * [0], *10 * [20], *10 * [30]]


def test_the_first_frame_is_one_to_go_on_from_even_where_it_is_a_picture() -> None:
    assert origins([False, False, True], EVERY) == [BEFORE, 0, 0]
