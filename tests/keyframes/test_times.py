from __future__ import annotations

from fractions import Fraction

import pytest

from keyframes.mistakes import Located, Mistakes
from keyframes.timebase import Tempo, Timebase, TimeError
from keyframes.times import Time, Timed, named, read_length, read_timed

MUSIC = Timebase(Fraction(24), Tempo(120))


def texts(written: object, mistakes: Mistakes) -> str | None:
    if isinstance(written, str):
        return written
    mistakes.add("no text")
    return None


def read(data: dict[Time, object]) -> tuple[tuple[Timed[str], ...], list[Located]]:
    mistakes = Mistakes()
    return read_timed(data, MUSIC, "blend", texts, mistakes), mistakes.problems


def test_keys_are_in_the_order_of_their_frames() -> None:
    keys, problems = read({"bar 3": "c", 0: "a", "2s": "b", "blend": 12})
    assert keys == (Timed(0, 0.0, "a"), Timed("2s", 48.0, "b"), Timed("bar 3", 96.0, "c"))
    assert problems == []


def test_a_key_may_lie_between_two_frames() -> None:
    keys, problems = read({"239.5f": "a", "9.99s": "b", 96.0: "c"})
    assert [key.frame for key in keys] == [96, 239.5, 239.76]
    assert problems == []


def test_a_fraction_without_a_unit_is_told_how_seconds_are_written() -> None:
    keys, problems = read({2.5: "a", "0.5": "b", 1e-9: "c"})
    (half, word, tiny) = problems
    assert half == Located(
        (2.5,),
        "found 2.5, and a number alone counts whole frames; write 2.5s for seconds, which is "
        "60 frames, or a whole number for frames",
        at_key=True,
    )
    assert word.path == ("0.5",)
    assert "write 0.5s for seconds, which is 12 frames" in word.message
    assert tiny.message.startswith("found 1e-09")
    assert [key.value for key in keys] == ["c", "b", "a"]


def test_lengths() -> None:
    assert [read_length(length, MUSIC) for length in (12, 12.0, "1.5 beats", "2.5 frames")] == [
        *(12, 12, 18, 2.5)
    ]
    for length in (0.5, "0.5", " 1.25 "):
        with pytest.raises(TimeError, match="a number alone counts whole frames; write"):
            read_length(length, MUSIC)
    with pytest.raises(TimeError, match=r"^a duration cannot be negative"):
        read_length(-0.5, MUSIC)


def test_two_times_of_one_frame() -> None:
    keys, problems = read({"bar 3": "a", "4s": "b", 96: "c"})
    assert [key.value for key in keys] == ["a", "b", "c"]
    assert problems == [
        Located(("4s",), "bar 3 and 4s are both frame 96; keep one of them", at_key=True),
        Located((96,), "bar 3 and frame 96 are both frame 96; keep one of them", at_key=True),
    ]


def test_mistakes_in_a_time_and_in_its_value_are_both_noted() -> None:
    keys, problems = read({"blnd": 3, "1s": "a"})
    times = (
        '96, or "4s", "250ms", "1:30", "bar 9", "beat 33.5", "start" or a name from music.sections'
    )
    assert keys == (Timed("1s", 24.0, "a"),)
    assert problems == [
        Located(
            ("blnd",),
            f'a time is a frame number such as {times}; found "blnd" (did you mean "blend"?)',
            at_key=True,
        ),
        Located(("blnd",), "no text"),
    ]


def test_names() -> None:
    assert [named(time) for time in ("bar 5", 96, 12.5)] == ["bar 5", "frame 96", "frame 12.5"]
