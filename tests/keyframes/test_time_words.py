from __future__ import annotations

import pytest

from keyframes.time_words import clock_time, counted


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0:00"),
        (7.4, "0:07"),
        (42, "0:42"),
        (59.6, "1:00"),
        (605, "10:05"),
        (3599.4, "59:59"),
        (3599.6, "1:00:00"),
        (3800, "1:03:20"),
        (360000, "100:00:00"),
    ],
)
def test_seconds_as_a_clock_shows_them(seconds: float, words: str) -> None:
    assert clock_time(seconds) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "1 frame"), (0, "0 frames"), (123456, "123456 frames"), (30000 / 1001, "29.97 frames")],
)
def test_one_of_a_thing_and_several(number: float, words: str) -> None:
    assert counted(number, "frame") == words
