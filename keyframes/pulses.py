"""Pulses on the beat, from the time alone, and how what has struck falls back to 0.

Conventions:
    A pulse is 1 when it strikes, and falls in a straight line to 0 within `release` seconds; a new
    one begins at 1 again. A signal is never late: a frame shows the largest value from half a frame
    before it to half a frame behind it, so the frame nearest to a beat shows 1. The first pulse
    comes on the first beat of bar 1, or `offset` after it. Values are rounded to DIGITS.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
"""Seconds in which a pulse falls from 1 to 0, where nothing else is said."""

LONGEST = 60.0
"""Seconds of the longest release."""

MOST = 10_000.0
"""The largest number of beats, bars or seconds from one pulse to the next."""


def pulse_sources(timebase: Timebase) -> Mapping[str, Source]:
    """`every(2 beats)`, and with a tempo `beat_pulse` and `bar_pulse`.

    Their setting is `release` in seconds; `every` also has `offset`, how long after the first beat
    (or the first frame, for seconds) its first pulse comes, in the unit of its length or its own.
    """
    release = {"release": (0.0, LONGEST)}
    sources = {
        "every": Source(
            partial(_every, timebase),
            ("length",),
            {**release, "offset": (-MOST, MOST)},
            amounts=("length", "offset"),
        )
    }
    if timebase.tempo is not None:
        for name, unit in (("beat_pulse", "beat"), ("bar_pulse", "bar")):
            sources[name] = Source(partial(_every, timebase, Amount(1.0, unit)), (), release)
    return MappingProxyType(sources)


def fallen(since: Array, release: float) -> Array:
    """What is left of 1 after `since` seconds: a straight line to 0 within `release` seconds.

    1 where `since` is 0 or less; with a release of 0, 0 everywhere else.
    """
    return np.clip(1 - since / max(release, 1e-9), 0.0, 1.0)


def _every(
    timebase: Timebase, length: Amount, offset: Amount | None = None, release: float = RELEASE
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
        return partial(_pulses, timebase, timebase.seconds, length.number, start.number, release)
    if timebase.tempo is None:
        raise ValueError(f'"every({written})" {NEEDS_TEMPO}')
    beats = {"beat": 1, "bar": timebase.tempo.beats_per_bar}
    count = timebase.beats if length.unit == "beat" else timebase.bars
    begin = start.number * beats[start.unit or length.unit] / beats[length.unit]
    return partial(_pulses, timebase, count, length.number, begin, release)


def _kind(length: Amount) -> str:
    return "seconds" if length.unit == "s" else "beats or bars"


def _pulses(
    timebase: Timebase,
    count: Callable[[Frames], Frames],
    length: float,
    offset: float,
    release: float,
    frame: Frames,
) -> Frames:
    """The pulses at `offset`, `offset + length` and so on of what `count` counts."""
    at = np.asarray(frame, dtype=np.float64)
    early, late = ((count(at + half) - offset) / length for half in (-0.5, 0.5))
    latest = np.floor(late)
    # A pulse is measured by the tempo that it falls in: one step of a beat is a step of time.
    period = timebase.seconds(1.0) / np.maximum(late - early, 1e-12)
    left: Array = np.where(latest < 0, 0.0, fallen((early - latest) * period, release))
    values: Array = np.round(left, DIGITS)
    return values if at.ndim else float(values)
