from __future__ import annotations

from fractions import Fraction

from keyframes.mistakes import Located, Mistakes
from keyframes.timebase import Tempo, Timebase
from keyframes.times import Time, Timed, named, read_timed

MUSIC = Timebase(Fraction(24), Tempo(120))


def texts(written: object, mistakes: Mistakes) -> str | None:
    if isinstance(written, str):
        return written
    mistakes.add("no text")
    return None


def read(data: dict[Time, object]) -> tuple[tuple[Timed[str], ...], list[Located]]:
    mistakes = Mistakes()
    return read_timed(data, MUSIC, 240, "blend", texts, mistakes), mistakes.problems


def test_keys_are_in_the_order_of_their_frames() -> None:
    keys, problems = read({"bar 3": "c", 0: "a", "2s": "b", "blend": 12})
    assert keys == (Timed(0, 0.0, "a"), Timed("2s", 48.0, "b"), Timed("bar 3", 96.0, "c"))
    assert problems == []


def test_a_key_between_the_last_two_frames_counts_and_one_after_them_does_not() -> None:
    end = "lies after the last frame (239); move it to an earlier time, or lengthen the video"
    assert read({239.5: "a"})[1] == []
    assert read({480: "a", "10s": "b"})[1] == [
        Located((480,), f"the key at frame 480 {end}", at_key=True),
        Located(("10s",), f"the key at 10s (frame 240) {end}", at_key=True),
    ]


def test_two_times_of_one_frame() -> None:
    keys, problems = read({"bar 3": "a", "4s": "b", 96: "c"})
    assert [key.value for key in keys] == ["a", "b", "c"]
    assert problems == [
        Located(("4s",), "bar 3 and 4s are both frame 96; keep one of them", at_key=True),
        Located((96,), "bar 3 and frame 96 are both frame 96; keep one of them", at_key=True),
    ]


def test_mistakes_in_a_time_and_in_its_value_are_both_noted() -> None:
    keys, problems = read({"blnd": 3, "1s": "a"})
    times = '96, or "4s", "250ms", "1:30", "bar 9", "beat 33.5" or "start"'
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
