"""The words of times and durations, taken apart; what they mean is `keyframes.timebase`'s to say.

Every text here is plain: lower case, and one blank where there are any.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType
from typing import Literal, TypeVar

from keyframes.nearest import nearest

T = TypeVar("T")

LAST_FRAME = 10**15
"""The largest position in frames; a float below it still has fractions of a frame."""

TIME_UNITS = ("", "f", "s")
MUSICAL_UNITS = ("bar", "bars", "beat", "beats")
DURATION_UNITS = (*TIME_UNITS, *MUSICAL_UNITS, "frame", "frames")

_SECONDS: Mapping[str, Fraction] = MappingProxyType(
    {
        **dict.fromkeys(("ms", "millisecond", "milliseconds"), Fraction(1, 1000)),
        **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), Fraction(1)),
        **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), Fraction(60)),
        **dict.fromkeys(("h", "hour", "hours"), Fraction(3600)),
    }
)
"""How long the units are that count seconds, or parts or multiples of them."""

MOST_TERMS = 8
"""Amounts that may be added to one time or length."""

_NUMBER = r"(-?[0-9]{1,15}(?:\.[0-9]{1,20})?)"
_AMOUNT = re.compile(rf"{_NUMBER} *([a-z]*)")
_COUNT = re.compile(rf"(bar|beat) *{_NUMBER}")
_BAR_AND_BEAT = re.compile(rf"(bar) *{_NUMBER}(?: *,)? *beat *{_NUMBER}")
_CLOCK = re.compile(
    r"(-?)(?:([0-9]{1,4}):([0-5][0-9])|([0-9]{1,6})):([0-5][0-9](?:\.[0-9]{1,20})?)"
)
_SHARE = re.compile(rf"{_NUMBER} *%")
_OFFSET = re.compile(r"(.*\S) *([-+]) *([0-9][^-+]*)")


@dataclass(frozen=True, slots=True)
class Amount:
    """So many of a unit: one of `DURATION_UNITS`, of which the empty one counts frames.

    Minutes, hours and milliseconds are seconds here.
    """

    number: Fraction
    unit: str


@dataclass(frozen=True, slots=True)
class Count:
    """A bar or a beat by its number, or a beat by its number in a bar; all of them from 1."""

    unit: Literal["bar", "beat"]
    number: Fraction
    beat: Fraction | None = None


def plain(text: str) -> str:
    """A text as this grammar reads it."""
    return " ".join(text.lower().split())


def amount(written: object) -> Amount | None:
    """A number of frames, `4s`, `2 beats`, `1:30` or `1:00:00`; None for others.

    `1:30` is a minute and a half, `1:00:00` an hour.
    """
    if isinstance(written, bool) or not isinstance(written, int | float | str):
        return None
    if not isinstance(written, str):
        return Amount(Fraction(written), "") if abs(written) < LAST_FRAME else None
    return _amount_of(plain(written))


# The shots of a scene read its times again, each for itself.
@lru_cache(maxsize=4096)
def _amount_of(text: str) -> Amount | None:
    if clock := _CLOCK.fullmatch(text):
        minutes = int(clock[4]) if clock[4] else int(clock[2]) * 60 + int(clock[3])
        seconds = minutes * 60 + Fraction(clock[5])
        return Amount(-seconds if clock[1] else seconds, "s")
    match = _AMOUNT.fullmatch(text)
    if match and (unit := _SECONDS.get(match[2])):
        return Amount(Fraction(match[1]) * unit, "s")
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


def offset(text: str) -> tuple[str, Amount] | None:
    """What the last term of `chorus + 4 beats` is added to, and that term, negative behind a minus.

    None where nothing is added.
    """
    match = _OFFSET.fullmatch(text)
    distance = amount(match[3]) if match else None
    if match is None or distance is None:
        return None
    sign = -1 if match[2] == "-" else 1
    return match[1], Amount(sign * distance.number, distance.unit)


def summed(text: str, read: Callable[[str], T | None]) -> tuple[T, tuple[Amount, ...]] | None:
    """What `read` makes of the beginning of a sum, and the amounts that are added to it.

    A text that `read` knows as a whole is no sum. None where it knows no beginning, and for a sum
    of more than MOST_TERMS amounts.
    """
    added: tuple[Amount, ...] = ()
    while (begun := read(text)) is None:
        apart = offset(text)
        if apart is None or len(added) == MOST_TERMS:
            return None
        text, added = apart[0], (apart[1], *added)
    return begun, added


def unit_meant(text: str) -> str:
    """The end of a message about an amount in a mistyped unit: ` (did you mean "seconds"?)`."""
    match = _AMOUNT.fullmatch(text)
    known = (*_SECONDS, *DURATION_UNITS)
    return nearest(match[2], known) if match and match[2] not in known else ""
