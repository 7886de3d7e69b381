"""Pulses on the beat, from the time alone, and how what has struck fades.

Conventions:
    A pulse is 1 when it strikes, and e times less (37%) `release` seconds later; `attack` seconds
    before, it is 37% too. The largest of all pulses counts. No pulse is late: a frame shows the
    largest value between its EDGES, so the frame nearest to a beat shows 1. The first pulse comes
    on the first beat of bar 1, or `offset` after it. Values are rounded to DIGITS.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from keyframes.source import Amount, Signal, Source
from keyframes.timebase import NEEDS_TEMPO, Frames, Timebase

Array = NDArray[np.float64]

DIGITS = 4
"""Digits behind the point of what is heard: less than a shade of a picture hangs on the next."""

RELEASE = 0.15
"""Seconds in which a pulse fades to 37%, where nothing else is said."""

LONGEST = 10.0
"""Seconds that an attack or a release may take."""

FADES: Mapping[str, tuple[float, float]] = MappingProxyType(
    {"attack": (0.0, LONGEST), "release": (0.0, LONGEST)}
)
"""The settings of whatever fades, with the least and the largest value of each in seconds."""

EDGES = (-0.5, 0.5)
"""Where what a frame shows of the music begins and ends, in frames from it: an event shows on the
frame that is nearest to it."""

MOST = 10_000.0
"""The largest number of beats, bars or seconds from one pulse to the next."""


def pulse_sources(timebase: Timebase) -> Mapping[str, Source]:
    """`every(2 beats)`, and with a tempo `beat_pulse` and `bar_pulse`.

    Their settings are `attack` and `release` in seconds; `every` also has `offset`, how long after
    the first beat (or the first frame, for seconds) its first pulse comes, in the unit of its
    length or its own.
    """
    sources = {
        "every": Source(
            partial(_every, timebase),
            ("length",),
            {**FADES, "offset": (-MOST, MOST)},
            amounts=("length", "offset"),
        )
    }
    if timebase.tempo is not None:
        for name, unit in (("beat_pulse", "beat"), ("bar_pulse", "bar")):
            sources[name] = Source(partial(_every, timebase, Amount(1.0, unit)), (), FADES)
    return MappingProxyType(sources)


def faded(apart: Array, seconds: float) -> Array:
    """What is there of 1 at `apart` seconds from it, where `seconds` make it e times less.

    1 where `apart` is 0 or less. With 0 seconds there is nothing elsewhere.
    """
    return np.exp(-np.maximum(apart, 0.0) / max(seconds, 1e-9))


def _every(
    timebase: Timebase,
    length: Amount,
    offset: Amount | None = None,
    attack: float = 0.0,
    release: float = RELEASE,
) -> Signal:
    """The signal of pulses `length` apart; ValueError for a length or an offset without sense."""
    start = offset or Amount(0.0, length.unit)
    written = f"{length.number:g} {length.unit}".rstrip()
    if not length.unit:
        raise ValueError(f"every {written} of what? write it as every({written} beats), bars or s")
    if not 0 < length.number <= MOST:
        raise ValueError(f"the length of every is above 0, up to {MOST:g}; found {written}")
    if start.unit and (start.unit == "s") != (length.unit == "s"):
        raise ValueError(
            f"the offset of every({written}) is in {_kind(length)}; "
            f"found {start.number:g} {start.unit}"
        )
    if length.unit == "s":
        begin, count = start.number, timebase.seconds
    elif timebase.tempo is None:
        raise ValueError(f'"every({written})" {NEEDS_TEMPO}')
    else:
        beats = {"beat": 1, "bar": timebase.tempo.beats_per_bar}
        begin = start.number * beats[start.unit or length.unit] / beats[length.unit]
        count = timebase.beats if length.unit == "beat" else timebase.bars
    return _Pulses(timebase, count, length.number, begin, attack, release)


def _kind(length: Amount) -> str:
    return "seconds" if length.unit == "s" else "beats or bars"


@dataclass(frozen=True, slots=True, eq=False)
class _Pulses:
    """A signal: pulses at `offset`, `offset + length` and so on of what `count` counts."""

    timebase: Timebase
    count: Signal
    length: float
    offset: float
    attack: float
    release: float

    def __call__(self, frame: Frames) -> Frames:
        at = np.asarray(frame, dtype=np.float64)
        early, late = ((self.count(at + edge) - self.offset) / self.length for edge in EDGES)
        latest = np.floor(late)
        # A pulse is measured by the tempo around it: what a frame is in beats, it is in seconds.
        period = self.timebase.seconds(1.0) / np.maximum(late - early, 1e-12)
        past = np.where(latest < 0, 0.0, faded((early - latest) * period, self.release))
        coming = np.maximum(latest + 1, 0)
        ahead = faded((coming - late) * period, self.attack)
        largest: Array = np.maximum(past, ahead)
        values = largest.round(DIGITS)
        return values if at.ndim else float(values)
