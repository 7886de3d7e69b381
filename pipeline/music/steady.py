"""Grids of an exact tempo: the first beat by ear where the tempo is known, and the other way round.

The beats of such a grid are as even as the tempo that is written; only where they begin, or how
long they are, is heard.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from pipeline.music.accents import Times, accents, smoothed, stroke_starts
from pipeline.music.bars import find_bars
from pipeline.music.grid import BeatGrid, find_grid
from pipeline.music.onsets import Onsets, Values
from pipeline.music.sound import HOP
from pipeline.music.tempo import FASTEST, SLOWEST, TempoCandidate

_PHASE_STEP = 0.002
"""Seconds between two places that are tried for the first beat."""

_NEAR = 0.02
"""Seconds around a beat of the grid within which a stroke belongs to it."""

_SEARCHED = 0.015
"""Share by which a tempo by ear may be corrected when the first beat is known."""


def steady_grid(
    onsets: Onsets, bpm: float, first_beat: float | None = None, beats_per_bar: int | None = None
) -> BeatGrid:
    """Beats of exactly `bpm` from the first sound to the last; what is not given is heard.

    `first_beat` is the second at which a bar begins; it may lie before the sound or within it.
    How far the grid is trusted is what hearing alone would trust in a tempo near this one.
    """
    heard = find_grid(onsets, max(1.0, bpm / 1.06), bpm * 1.06, beats_per_bar)
    begin = find_first_beat(onsets, bpm, beats_per_bar) if first_beat is None else first_beat
    period = 60 / bpm
    beats = _row(begin, period, *onsets.sounding) if heard.beats else np.zeros(0)
    bars = find_bars(onsets, beats, beats_per_bar)
    passed = round((beats[0] - begin) / period) if len(beats) else 0
    return replace(
        heard,
        beats=tuple(beats.tolist()),
        first=-passed % bars.beats_per_bar,
        beats_per_bar=bars.beats_per_bar,
        bpm=bpm,
        candidates=(TempoCandidate(bpm, 1.0),),
    )


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


def find_bpm(
    onsets: Onsets,
    first_beat: float,
    low_bpm: float | None = None,
    high_bpm: float | None = None,
) -> float:
    """The steady tempo whose beats, counted from `first_beat` seconds, meet most accents.

    0 where there is too little sound to hear one.
    """
    heard = find_grid(onsets, low_bpm or SLOWEST, high_bpm or FASTEST)
    if not heard.bpm:
        return 0.0
    curve = accents(onsets)
    blurred = smoothed(curve, 0.012)
    first, last = onsets.sounding
    count = max(1.0, (last - first_beat) * heard.bpm / 60)
    steps = max(3, round(_SEARCHED * 60 / heard.bpm * count / 0.004))
    periods = 60 / heard.bpm * (1 + np.linspace(-_SEARCHED, _SEARCHED, 2 * steps + 1))
    met = [_met(blurred, _row(first_beat, period, first, last)) for period in periods]
    return 60 / _drawn_to_strokes(curve, first_beat, float(periods[np.argmax(met)]), first, last)


def _drawn_to_strokes(
    curve: Values, first_beat: float, period: float, first: float, last: float
) -> float:
    """The length of a beat for which the strokes near the beats lie nearest to them."""
    beats = _row(first_beat, period, first, last)
    starts = stroke_starts(curve, beats, _NEAR)
    numbers = np.round((beats - first_beat) / period)
    used = ~np.isnan(starts) & (numbers != 0)
    if not used.any():
        return period
    n, t = numbers[used], starts[used] - first_beat
    return float(n @ t / (n @ n))


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
