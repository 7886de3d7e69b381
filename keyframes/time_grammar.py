"""The words of times and durations, taken apart; what they mean is `keyframes.timebase`'s to say.

Every text here is plain: lower case, and one blank where there are any.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

LAST_FRAME = 10**15
"""The largest position in frames; a float below it still has fractions of a frame."""

TIME_UNITS = ("", "f", "s", "ms")
MUSICAL_UNITS = ("bar", "bars", "beat", "beats")
DURATION_UNITS = (*TIME_UNITS, *MUSICAL_UNITS, "frame", "frames")

_NUMBER = r"(-?[0-9]{1,15}(?:\.[0-9]{1,20})?)"
_AMOUNT = re.compile(rf"{_NUMBER} *([a-z]*)")
_COUNT = re.compile(rf"(bar|beat) *{_NUMBER}")
_BAR_AND_BEAT = re.compile(rf"(bar) *{_NUMBER}(?: *,)? *beat *{_NUMBER}")
_CLOCK = re.compile(r"(-?[0-9]{1,6}):([0-5][0-9](?:\.[0-9]{1,20})?)")
_SHARE = re.compile(rf"{_NUMBER} *%")
_OFFSET = re.compile(r"(.*\S) *([-+]) *([0-9][^-+]*)")


@dataclass(frozen=True, slots=True)
class Amount:
    """So many of a unit: one of `DURATION_UNITS`, of which the empty one counts frames."""

    number: Fraction
    unit: str


@dataclass(frozen=True, slots=True)
class Count:
    """A bar or a beat by its number, or a beat by its number in a bar; all of them from 1."""

    unit: Literal["bar", "beat"]
    number: Fraction
    beat: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Offset:
    """A time that lies before or after another: `end - 2 bars`."""

    anchor: str
    amount: Amount
    """Negative where it lies before the anchor."""


def plain(text: str) -> str:
    """A text as this grammar reads it."""
    return " ".join(text.lower().split())


def amount(written: object) -> Amount | None:
    """A number of frames, `4s`, `2 beats` or `1:30`, the last in seconds; None for others."""
    if isinstance(written, bool) or not isinstance(written, int | float | str):
        return None
    if not isinstance(written, str):
        return Amount(Fraction(written), "") if abs(written) < LAST_FRAME else None
    text = plain(written)
    if clock := _CLOCK.fullmatch(text):
        sign = -1 if text.startswith("-") else 1
        return Amount(sign * (abs(int(clock[1])) * 60 + Fraction(clock[2])), "s")
    match = _AMOUNT.fullmatch(text)
    if match is None or match[2] not in DURATION_UNITS:
        return None
    return Amount(Fraction(match[1]), match[2])


def count(text: str) -> Count | None:
    """The place in the music that `bar 9`, `beat 33.5` or `bar 9 beat 3` names."""
    if match := _COUNT.fullmatch(text):
        return Count("bar" if match[1] == "bar" else "beat", Fraction(match[2]))
    if match := _BAR_AND_BEAT.fullmatch(text):
        return Count("bar", Fraction(match[2]), Fraction(match[3]))
    return None


def share(text: str) -> Fraction | None:
    """The part of 1 that `50%` means."""
    match = _SHARE.fullmatch(text)
    return Fraction(match[1]) / 100 if match else None


def offset(text: str) -> Offset | None:
    """The anchor and the distance of `chorus + 4 beats`; None where no distance is added."""
    match = _OFFSET.fullmatch(text)
    distance = amount(match[3]) if match else None
    if match is None or distance is None:
        return None
    sign = -1 if match[2] == "-" else 1
    return Offset(match[1], Amount(sign * distance.number, distance.unit))
