"""Times and numbers in words: as a clock shows them, in the bars of the music, of things."""

from __future__ import annotations

from fractions import Fraction

from keyframes.named_times import section_at
from keyframes.timebase import Timebase


def clock_time(seconds: float | Fraction, places: int = 0) -> str:
    """`0:42` or `1:03:20`, rounded; a part of a second in `places` digits, as `0:04.25`."""
    whole, part = divmod(round(seconds * 10**places), 10**places)
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    clock = f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
    return f"{clock}.{part:0{places}}" if part else clock


def frame_time(frame: int, timebase: Timebase) -> str:
    """The time at which a frame begins, or a video of so many frames ends.

    Frames shorter than a second are told apart: by hundredths, above 100 a second by thousandths.
    """
    fps = timebase.fps
    places = 0 if fps <= 1 else 2 if fps <= 100 else 3
    return clock_time(frame / fps, places)


def frame_bar(frame: int, timebase: Timebase) -> str:
    """Where in the music a frame begins, as a scene writes it: `bar 5`, in the middle `bar 5.5`.

    A beat that is at most a frame away counts as reached: beats rarely begin with a frame. Empty
    before the first bar, and without a tempo.
    """
    beats = _reached_beats(frame, timebase)
    if timebase.tempo is None or beats is None:
        return ""
    return f"bar {float(round(1 + beats / timebase.tempo.beats_per_bar, 2)):g}"


def bar_and_beat(frame: int, timebase: Timebase) -> tuple[int, float] | None:
    """The bar in which a frame begins, and the beat of it, both from 1; the beat has fractions.

    None before the first bar, and without a tempo. A beat counts as reached as in `frame_bar`.
    """
    beats = _reached_beats(frame, timebase)
    if timebase.tempo is None or beats is None:
        return None
    bars, rest = divmod(beats, timebase.tempo.beats_per_bar)
    return int(bars) + 1, float(round(rest + 1, 3))


def _reached_beats(frame: int, timebase: Timebase) -> Fraction | None:
    """Beats from the first one to a frame; a beat that is at most a frame away is reached.

    None before the first beat, and without a tempo.
    """
    tempo = timebase.tempo
    if tempo is None:
        return None
    second = frame / timebase.fps
    beats = tempo.beat(second)
    nearest = Fraction(round(beats))
    if abs(tempo.second(nearest) - second) <= 1 / timebase.fps:
        beats = nearest
    return beats if beats >= 0 else None


def frame_section(frame: int, timebase: Timebase) -> str:
    """The section of the song in which a frame lies, or nothing.

    One that begins at most a frame later counts as reached, as bars do.
    """
    return section_at((frame + 1) / timebase.fps, timebase.names)


def frame_place(frame: int, timebase: Timebase) -> str:
    """The time of a frame, and its place in the music if any: `0:08.04, bar 5, chorus`."""
    words = (frame_time, frame_bar, frame_section)
    return ", ".join(filter(None, (say(frame, timebase) for say in words)))


def counted(number: float, noun: str) -> str:
    """`1 frame`, `24 frames`, `29.97 frames`; for nouns whose plural ends in s."""
    return f"{round(number, 2):.12g} {noun}" + ("" if number == 1 else "s")
