"""How fast the beats of a piece follow each other, over its length.

Conventions:
    A tempo is in beats a minute. What is periodic is told by the autocorrelation of the accent
    curve in windows of 8 s: how like itself the music is a beat, two, three and four beats later.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pipeline.music.accents import smoothed
from pipeline.music.onsets import Values
from pipeline.music.sound import HOP

SLOWEST, FASTEST = 40.0, 240.0
"""Beats a minute between which a tempo is looked for where no range is given."""

USUAL = 118.0
"""Beats a minute at which most people count most music (McKinney & Moelants 2006 found 120)."""

Array = NDArray[np.float64]

_WINDOW, _EVERY = 8.0, 2.0
"""Seconds of music in which a tempo is measured, and from one measurement to the next."""

_STEP = 2 * HOP
"""Seconds between two values of what is correlated."""

_PER_OCTAVE = 72
"""Tempos that are tried in each octave, 1 % apart."""

_WIDTH = 1.0
"""Octaves around the usual tempo at which a tempo is 0.6 as likely to be counted."""

_AFTER = ((1, 1.0), (2, 0.6), (3, 1.0), (4, 0.9))
"""Beats after which music repeats, and how much that says of its tempo: bars of three and of four
count nearly as much as the next beat. (Of other weights on 131 synthesised tracks, these find the
tempo or one related by 2 or 3 in all, and the one that was meant in 73 %; bars counting half as
much, 91 of 131 and 126.)"""

_LONGEST_LAG = 6.0
_RELATED = (1.0, 0.5, 2.0, 2 / 3, 3 / 2, 1 / 3, 3.0)


@dataclass(frozen=True, slots=True)
class TempoCandidate:
    """A tempo at which the piece could be counted."""

    bpm: float
    confidence: float
    """From 0 to 1; those of a grid add up to 1."""


@dataclass(frozen=True, slots=True)
class TempoPath:
    """The tempo at each window of a piece."""

    times: Array
    """Seconds of the middles of the windows."""
    bpms: Array
    tempos: Array
    """All tempos that were tried, rising."""
    likeness: Array
    """`(windows, tempos)`: how alike the music is from beat to beat, 0 (not) to 1 (a click)."""
    heard: Array
    """How much each window has to say, 0 (silence) to 1."""

    @property
    def alike(self) -> float:
        """How alike the piece is from beat to beat at its own tempo, 0 to 1."""
        return self.alike_at(1.0)

    def alike_at(self, ratio: float) -> float:
        """How alike it is at its own tempo times `ratio`; 0 outside of the tempos tried."""
        rows = zip(self.bpms, self.likeness, strict=True)
        found = [np.interp(bpm * ratio, self.tempos, row, 0.0, 0.0) for bpm, row in rows]
        return float(np.average(found, weights=self.heard + 1e-9))

    def at(self, seconds: Array) -> Array:
        """The tempo at each of these times."""
        return np.asarray(np.interp(seconds, self.times, self.bpms))


def find_tempo(curve: Values, low_bpm: float, high_bpm: float) -> TempoPath:
    """The course of the tempo between two bounds, from the accent curve of a piece."""
    tempos = _tempos(low_bpm, high_bpm)
    starts, windows = _windows(smoothed(curve, 0.016)[::2])
    likeness = np.array([_comb(_autocorrelation(window), tempos) for window in windows])
    heard = _weights(windows)
    narrow = np.log2(high_bpm / low_bpm) <= 1.0
    prior = np.ones(len(tempos)) if narrow else _prior(tempos)
    path = _smoothest(likeness * prior * heard[:, None])
    middles = starts + min(_WINDOW, len(curve) * HOP) / 2
    return TempoPath(middles, tempos[path], tempos, likeness, heard)


def candidates(curve: Values, tempo: TempoPath, bpm: float) -> tuple[TempoCandidate, ...]:
    """The tempo `bpm` of a piece, and those related to it by 2 and 3, the likeliest first of these.

    `tempo` is its course around `bpm`.
    """
    everywhere = replace(find_tempo(curve, SLOWEST, FASTEST), bpms=tempo.bpms, times=tempo.times)
    related = [ratio for ratio in _RELATED if ratio == 1 or SLOWEST <= bpm * ratio <= FASTEST]
    scores = [everywhere.alike_at(r) * float(_prior(np.array(bpm * r))) for r in related]
    shares = np.square(scores) / max(float(np.sum(np.square(scores))), 1e-12)
    ranked = [TempoCandidate(bpm * r, float(s)) for r, s in zip(related, shares, strict=True)]
    return (ranked[0], *sorted(ranked[1:], key=lambda one: -one.confidence))


def _tempos(low: float, high: float) -> Array:
    """Tempos from `low` to `high`, evenly by their logarithm."""
    steps = max(1, round(np.log2(high / low) * _PER_OCTAVE))
    return np.asarray(np.geomspace(low, high, steps + 1))


def _prior(tempos: Array) -> Array:
    octaves = np.log2(tempos / USUAL)
    return np.asarray(np.exp(-0.5 * (octaves / _WIDTH) ** 2))


def _windows(curve: Values) -> tuple[Array, list[Values]]:
    """The starts of the windows in seconds, and the curve in each of them."""
    size, every = round(_WINDOW / _STEP), round(_EVERY / _STEP)
    starts = range(0, max(1, len(curve) - size + every), every)
    # The last window ends with the piece.
    begins = [max(0, min(start, len(curve) - size)) for start in starts]
    return np.array(begins) * _STEP, [curve[begin : begin + size] for begin in begins]


def _weights(windows: list[Values]) -> Array:
    """How much each window has to say: 1 where there are as many accents as usual, 0 in silence."""
    power = np.array([float(np.std(window)) for window in windows])
    usual = np.percentile(power, 75) + 1e-9
    return np.asarray(np.minimum(1.0, power / usual) ** 2)


def _autocorrelation(window: Values) -> Array:
    """How alike a window is to itself at each lag of `_STEP`, 1 at lag 0, to `_LONGEST_LAG`."""
    varied = window - window.mean()
    size = 1 << int(2 * len(varied) - 1).bit_length()
    spectrum = np.abs(np.fft.rfft(varied, size)) ** 2
    lags = min(len(varied), round(_LONGEST_LAG / _STEP) + 1)
    products = np.fft.irfft(spectrum)[:lags]
    # Fewer pairs lie far apart; half of what they miss is made up for, as they vary more.
    shares = 1 - 0.7 * np.arange(lags) / len(varied)
    return np.asarray(products / shares / max(float(products[0]), 1e-12))


def _comb(alike: Array, tempos: Array) -> Array:
    """For each tempo how alike the music is after one to four beats."""
    total, weights = np.zeros(len(tempos)), np.zeros(len(tempos))
    for beats, weight in _AFTER:
        lags = 60 / tempos * beats / _STEP
        inside = lags < len(alike) - 1
        values = np.interp(lags, np.arange(len(alike)), alike)
        total += np.where(inside, weight * values, 0.0)
        weights += np.where(inside, weight, 0.0)
    return np.asarray(np.maximum(total / np.maximum(weights, 1e-9), 0.0))


def _smoothest(scores: Array) -> NDArray[np.intp]:
    """The column of each row on the way that scores most; each step of a column costs, to a limit.

    A slow drift is cheap, and a leap to any other tempo costs what two windows of good music earn.
    """
    count = scores.shape[1]
    apart = np.abs(np.arange(count)[:, None] - np.arange(count)[None, :])
    cost = np.minimum(0.04 * apart, 1.2)
    best, came = scores[0], np.zeros(scores.shape, dtype=np.intp)
    for row in range(1, len(scores)):
        reached = best[None, :] - cost
        came[row] = reached.argmax(1)
        best = reached.max(1) + scores[row]
    path = [int(best.argmax())]
    for row in range(len(scores) - 1, 0, -1):
        path.append(int(came[row, path[-1]]))
    return np.array(path[::-1], dtype=np.intp)
