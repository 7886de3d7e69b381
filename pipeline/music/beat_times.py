"""Beats to the millisecond: each at the stroke that it meets, and even where nobody plays."""

from __future__ import annotations

import numpy as np

from pipeline.music.accents import REACH, Times, stroke_starts
from pipeline.music.onsets import Values

_STRAY = 0.025
"""Seconds from where its neighbours lead beyond which a stroke is another one's."""

_RUN = 10
"""Beats from which a pace is told."""

_EVEN = 0.012
"""Seconds by which the beats of an even run deviate at most."""

_BREAK = 24.0
"""Seconds of the longest break through which a pace is kept."""


def refine(beats: Times, strength: Values) -> Times:
    """Beats at the starts of the strokes they meet; the others evenly between those.

    A stroke that lies apart from where its neighbours lead is another one, and left out.
    """
    if len(beats) < 2:
        return beats
    starts = stroke_starts(strength, beats, min(REACH, 0.15 * float(np.diff(beats).min())))
    shifts = starts - beats
    around = np.lib.stride_tricks.sliding_window_view(np.pad(shifts, 2, constant_values=np.nan), 5)
    known = ~np.isnan(shifts)
    usual = np.array([np.nanmedian(row) for row in around[known]])
    starts[np.flatnonzero(known)[np.abs(shifts[known] - usual) > _STRAY]] = np.nan
    return _filled(starts, beats)


def _filled(starts: Times, beats: Times) -> Times:
    """The starts, and where they are NaN the beats, shifted as the known ones around them are."""
    known = np.flatnonzero(~np.isnan(starts))
    if not known.size:
        return beats
    places = np.arange(len(beats))
    shifted = beats + np.interp(places, known, (starts - beats)[known])
    even = np.interp(places, known, starts[known])
    # Where nobody plays, the pace is taken to be even unless it changes there.
    inside = (places > known[0]) & (places < known[-1]) & (np.abs(even - shifted) < _STRAY)
    return np.asarray(np.where(np.isnan(starts), np.where(inside, even, shifted), starts))


def bridge(beats: Times) -> Times:
    """Beats that keep their pace through a break after which the music goes on in step.

    Where the even pace before a stretch of up to 24 s meets the one after it to 40 ms, the beats
    between are put evenly: what plays off the beat there is no new tempo.
    """
    at = _RUN
    while at < len(beats) - _RUN:
        period, error = _pace(beats[at - _RUN : at])
        ahead = beats[at + 3] - beats[at - 1]
        if error > _EVEN or abs(ahead - 4 * period) < 0.1 * period:
            at += 1
            continue
        for end in range(at, min(len(beats) - _RUN, at + int(_BREAK / period)) + 1):
            later, uneven = _pace(beats[end : end + _RUN])
            apart = beats[end] - beats[at - 1]
            count = round(apart / period)
            same = uneven < _EVEN and abs(later / period - 1) < 0.01
            if same and count > 0 and abs(apart - count * period) < 0.04:
                between = np.linspace(beats[at - 1], beats[end], count + 1)[1:-1]
                beats = np.concatenate([beats[:at], between, beats[end:]])
                break
        at += 1
    return beats


def _pace(beats: Times) -> tuple[float, float]:
    """The seconds from beat to beat, and the standard deviation in seconds from an even row."""
    places = np.arange(len(beats)) - (len(beats) - 1) / 2
    slope = float(places @ beats / (places @ places))
    return slope, float(np.std(beats - slope * places))


def extend(beats: Times, first: float, last: float) -> Times:
    """Beats that go on at their pace back to the first sound and on to the last one.

    Those outside are dropped; one that begins up to a tenth of a beat before the sound stays.
    """
    if len(beats) < 2:
        return beats
    gaps = np.diff(beats)
    start, end = float(np.median(gaps[:8])), float(np.median(gaps[-8:]))
    ahead = beats[0] - start * np.arange(max(0, int((beats[0] - first) / start + 0.1)), 0, -1)
    after = beats[-1] + end * np.arange(1, max(0, int((last - beats[-1]) / end + 0.02)) + 1)
    row = np.concatenate([ahead, beats, after])
    kept = row[(row >= first - 0.1 * start) & (row <= last + 0.02 * end)]
    return np.asarray(np.maximum(kept, 0.0))
