"""What files say of the times in a song: its beats, and places with names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from keyframes.tempo import Number
from pipeline.files.texts import fault

MOST_BEATS = 200_000
"""The most beats of a file: a day of music has fewer."""

SECONDS = r"(?:[0-9](?:\.[0-9]{1,30})?[eE][-+]?0?[0-9]|[0-9]{1,9}(?:\.[0-9]{1,30})?)"
"""Seconds as a pattern: `12.345`, all digits of a float, or `1.2345e+01` as NumPy writes it."""
_DIGITS = 9
"""Digits of a second that are kept: exact numbers of more take long, and no ear tells them."""


@dataclass(frozen=True, slots=True)
class BeatList:
    """The beats of a song, as a file gives them."""

    seconds: tuple[Number, ...]
    """Seconds in the song, rising."""
    first: int = 0
    """Index of a beat that begins a bar, the first that is known."""
    beats_per_bar: int | None = None
    """None where the file does not say."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a song with a name."""

    name: str
    second: float


def seconds_of(written: str) -> Fraction:
    """What a text means that is `SECONDS`, to a billionth of one."""
    return round(Fraction(written), _DIGITS)


def rising(path: Path, seconds: Sequence[Number], lines: Sequence[int]) -> tuple[Number, ...]:
    """Beats that are in order; ValueError at the first of `lines` that is not behind the other."""
    if len(seconds) < 2:
        raise fault(path, f"a song needs two beats or more; found {len(seconds)}")
    if len(seconds) > MOST_BEATS:
        raise fault(path, f"found {len(seconds)} beats; a song has up to {MOST_BEATS:,}")
    for index in range(1, len(seconds)):
        before, beat = seconds[index - 1], seconds[index]
        if beat <= before:
            message = f"{float(beat):g}s is not behind the beat before it, {float(before):g}s"
            raise fault(path, f"{message}; put the beats in order, each once", lines[index])
    return tuple(seconds)
