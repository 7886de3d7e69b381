"""The first beat by ear where the tempo is known exactly.

All beats are then as even as the tempo that is written, and only where they begin is heard: from
all strokes together, so that a single one that is played late moves nothing.
"""

from __future__ import annotations

import numpy as np

from pipeline.music.accents import Times, accents, smoothed, stroke_starts
from pipeline.music.bars import find_bars
from pipeline.music.onsets import Onsets, Values
from pipeline.music.sound import HOP

_PHASE_STEP = 0.002
"""Seconds between two places that are tried for the first beat."""

_NEAR = 0.02
"""Seconds around a beat of the grid within which a stroke belongs to it."""


def find_first_beat(onsets: Onsets, bpm: float, beats_per_bar: int | None = None) -> float:
    """The second at which the first whole bar begins, for beats of exactly `bpm`.

    Found to 5 ms where strokes fall on the beats. 0 in silence.
    """
    first, last = onsets.sounding
    if last <= first:
        return 0.0
    curve = accents(onsets)
    period = 60 / bpm
    beats = _row(_phase(curve, period), period, first, last)
    beats = _row(beats[0] + _shift(curve, beats), period, first, last)
    bars = find_bars(onsets, beats, beats_per_bar)
    return float(beats[min(bars.first, len(beats) - 1)])


def _row(at: float, period: float, first: float, last: float) -> Times:
    """The times `at` plus whole periods between the first sound, less a tenth, and the last."""
    start = np.ceil((first - at) / period - 0.1)
    beats = at + np.arange(start, max(start, np.floor((last - at) / period + 0.02)) + 1) * period
    return np.asarray(np.maximum(beats[beats > -_PHASE_STEP], 0.0), dtype=np.float64)


def _phase(curve: Values, period: float) -> float:
    """The time below `period` from which beats a period apart meet most accents."""
    blurred = smoothed(curve, 0.012)
    end = (len(curve) - 1) * HOP
    phases = np.arange(0, period, _PHASE_STEP)
    met = [_met(blurred, np.arange(phase, end, period)) for phase in phases]
    return float(phases[np.argmax(met)])


def _met(blurred: Values, beats: Times) -> float:
    """The mean accent at times."""
    steps = np.arange(len(blurred)) * HOP
    return float(np.interp(beats, steps, blurred).mean()) if len(beats) else 0.0


def _shift(curve: Values, beats: Times) -> float:
    """By how many seconds the strokes near the beats begin after them, as a median."""
    shifts = stroke_starts(curve, beats, _NEAR) - beats
    known = shifts[~np.isnan(shifts)]
    return float(np.median(known)) if known.size else 0.0
