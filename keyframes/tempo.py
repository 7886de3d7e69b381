"""The tempo of music: where its beats lie in seconds, exactly.

Conventions:
    Beats count from 0 here, which is the first beat of bar 1; those before it are negative. The
    tempo is steady between two of its changes, and jumps at each. Before the first change and
    behind the last one it goes on steadily without end, so that every time has its place in beats.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise
from math import isfinite

Number = float | Fraction
"""A number as it was written; its decimals are taken exactly."""

Change = tuple[Number, Number]
"""A beat, and the beats a minute from it on."""

SLOWEST, FASTEST = 1, 1000
"""Beats a minute that a tempo can have."""


class TimeError(ValueError):
    """A time, a duration, a tempo or a frame rate that cannot be read, or has no meaning here."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of steady tempo, by one beat on it, the second of that beat, and the slope."""

    beat: Fraction
    second: Fraction
    seconds_per_beat: Fraction

    def second_of(self, beat: Fraction) -> Fraction:
        """The second of a beat in this stretch."""
        return self.second + (beat - self.beat) * self.seconds_per_beat

    def beat_of(self, second: Fraction) -> Fraction:
        """The beat at a second in this stretch."""
        return self.beat + (second - self.second) / self.seconds_per_beat


@dataclass(frozen=True, slots=True)
class Tempo:
    """The beat of the music: `bpm` beats a minute, and another number of them from each change on.

    The first beat of bar 1 falls on `first_beat` seconds. Raises TimeError for a tempo that is not
    from 1 to 1000 beats a minute, and for changes out of order.
    """

    bpm: Number
    first_beat: Number = 0.0
    beats_per_bar: int = 4
    changes: tuple[Change, ...] = field(default=(), hash=False)
    """Changes of tempo in the order of their beats, which may lie before the first of bar 1."""
    segments: tuple[Segment, ...] = field(init=False, repr=False, compare=False)
    """Steady stretches in order. Each begins at its `beat`; the first has no beginning."""

    def __post_init__(self) -> None:
        for bpm in (self.bpm, *(bpm for _, bpm in self.changes)):
            if not SLOWEST <= bpm <= FASTEST:
                raise TimeError(
                    f"a tempo has from {SLOWEST} to {FASTEST} beats a minute; found {bpm}"
                )
        if not isfinite(self.first_beat):
            raise TimeError(f"the first beat is a number of seconds; found {self.first_beat}")
        if self.beats_per_bar < 1:
            raise TimeError(f"a bar has 1 beat or more; found {self.beats_per_bar}")
        for (beat, _), (following, _) in pairwise(self.changes):
            if beat >= following:
                raise TimeError(f"changes of tempo go forward; found beat {following} last")
        object.__setattr__(self, "segments", tuple(self._stretches()))

    @classmethod
    def of_beats(cls, seconds: Sequence[Number], first: int = 0, beats_per_bar: int = 4) -> Tempo:
        """The tempo whose beats fall on `seconds`, of which `first` begins bar 1.

        Beyond both ends the nearest two beats set the pace. Raises TimeError for fewer than two
        beats, and for neighbours that are not from 0.06 to 60 seconds apart.
        """
        if len(seconds) < 2:
            raise TimeError(f"a tempo needs two beats or more; found {len(seconds)}")
        times = [exact(second) for second in seconds]
        paces = [_pace(*pair, number) for number, pair in enumerate(pairwise(times), start=1)]
        numbered = enumerate(pairwise(paces), start=1 - first)
        changes = tuple((beat, pace) for beat, (before, pace) in numbered if pace != before)
        if 0 <= first < len(times):
            return cls(paces[0], times[first], beats_per_bar, changes)
        raise TimeError(f"bar 1 begins on one of {len(times)} beats; found beat {first + 1}")

    def later(self, seconds: Number) -> Tempo:
        """The tempo with every beat so many seconds later; earlier where they are negative."""
        return replace(self, first_beat=exact(self.first_beat) + exact(seconds))

    def counted_from(self, beat: int) -> Tempo:
        """The tempo with every beat where it is, of which `beat` begins bar 1."""
        changes = tuple((exact(change) - beat, bpm) for change, bpm in self.changes)
        return replace(self, first_beat=self.second(Fraction(beat)), changes=changes)

    def second(self, beat: Fraction) -> Fraction:
        """The second on which a beat falls."""
        index = bisect_right(self.segments, beat, key=lambda segment: segment.beat)
        return self.segments[max(0, index - 1)].second_of(beat)

    def beat(self, second: Fraction) -> Fraction:
        """The beat at a second: whole on a beat."""
        index = bisect_right(self.segments, second, key=lambda segment: segment.second)
        return self.segments[max(0, index - 1)].beat_of(second)

    def _stretches(self) -> Iterable[Segment]:
        """The stretches, found from the first beat on backwards and then forwards."""
        beats = [exact(beat) for beat, _ in self.changes]
        paces = [60 / exact(bpm) for bpm in (self.bpm, *(bpm for _, bpm in self.changes))]
        middle = bisect_right(beats, 0)
        here = Segment(Fraction(0), exact(self.first_beat), paces[middle])
        before: list[Segment] = []
        later = here
        for beat, pace, earlier in zip(
            beats[:middle][::-1], paces[1 : middle + 1][::-1], paces[:middle][::-1], strict=True
        ):
            second = later.second - (later.beat - beat) * pace
            before.append(Segment(beat, second, pace))
            later = Segment(beat, second, earlier)
        yield later
        yield from reversed(before)
        for beat, pace in zip(beats[middle:], paces[middle + 1 :], strict=True):
            here = Segment(beat, here.second_of(beat), pace)
            yield here


def exact(value: Number) -> Fraction:
    """The decimal that was written, 127.3 as 1273/10, to at least 18 digits behind the point."""
    if isinstance(value, Fraction):
        return value
    return Fraction(str(float(value))).limit_denominator(10**9)


def _pace(before: Fraction, after: Fraction, number: int) -> Fraction:
    """Beats a minute between two beats, of which the first is the list's beat `number`."""
    apart = after - before
    if not Fraction(60, FASTEST) <= apart <= Fraction(60, SLOWEST):
        raise TimeError(
            f"two beats are from {60 / FASTEST:g} to {60 / SLOWEST:g} seconds apart; found beat "
            f"{number} at {float(before):g}s and the next at {float(after):g}s"
        )
    return 60 / apart
