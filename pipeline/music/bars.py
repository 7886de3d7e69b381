"""Which beats begin a bar, and how many beats a bar has.

Bars are heard because what is played repeats with them: the bass drum and the bass on the first
beat, the snare drum off it, a new chord with a new bar.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.music.accents import Times
from pipeline.music.onsets import CHORD_HOP, Onsets, Values
from pipeline.music.sound import HOP

METRES = (4, 3, 6)
"""Beats to a bar that are told apart by ear, the most common first."""

Array = NDArray[np.float64]

_RARITY = {4: 1.0, 3: 1.1, 6: 1.4}
"""Factor by which a metre must explain more than a more common one. Six eighths explain 1.35 times
what three do, or more; where bars of three change their chords in pairs, up to 1.2 times."""

_LEAST = 0.12
"""Share of the variance that any metre but the first must explain."""

_CLEAR = 2.5
"""Standard errors by which one beat of the bar must stand out to begin it."""


@dataclass(frozen=True, slots=True)
class Bars:
    """The bars of a row of beats."""

    first: int
    """Index of the first beat that begins a bar."""
    beats_per_bar: int
    confidence: float
    """How clearly the first beats of the bars stand out, 0 (not) to 1."""


def find_bars(onsets: Onsets, beats: Times, beats_per_bar: int | None = None) -> Bars:
    """Bars of the given number of beats, or of 4, 3 or 6, whichever explains the accents best."""
    if len(beats) < 2:
        return Bars(0, beats_per_bar or METRES[0], 0.0)
    heard = beat_features(onsets, beats)
    metre = beats_per_bar or find_metre(heard)
    first, confidence = find_phase(heard, metre)
    return Bars(first, metre, confidence)


def beat_features(onsets: Onsets, beats: Times) -> Array:
    """`(beats, 4)`: the low, mid and high strength at each beat, and how new its chord is.

    Each column has mean 0 and standard deviation 1 over the beats, or is 0 if nothing changes.
    """
    steps = np.round(beats / HOP).astype(int)[:, None] + np.arange(-5, 9)
    steps = np.clip(steps, 0, max(0, len(onsets.low) - 1))
    columns = [band[steps].max(1) for band in (onsets.low, onsets.mid, onsets.high)]
    rows = np.stack([*columns, _new_chords(onsets.chords, beats)], axis=1).astype(np.float64)
    spread = rows.std(0)
    scale = np.where(spread > 0.02 * np.abs(rows).max(0) + 1e-9, spread, np.inf)
    return np.asarray((rows - rows.mean(0)) / scale)


def find_metre(heard: Array) -> int:
    """The number of beats after which the features repeat best."""
    explained = {metre: _explained(heard, metre) / _RARITY[metre] for metre in METRES}
    best = max(METRES, key=lambda metre: explained[metre])
    return best if explained[best] > _LEAST else METRES[0]


def find_phase(heard: Array, metre: int) -> tuple[int, float]:
    """The first beat that begins a bar, and how much its kind stands out, 0 to 1."""
    low, mid, high, chord = heard.T
    # A snare drum is high without low; it plays off the first beat.
    marks = 1.0 * low + 0.3 * mid - 0.3 * high + 1.5 * chord
    places = np.arange(len(heard)) % metre
    count = min(metre, len(heard))
    means = np.array([marks[places == place].mean() for place in range(count)])
    if count < 2:
        return 0, 0.0
    best, other = np.argsort(-means)[:2]
    error = float(marks.std()) * np.sqrt(2 * metre / len(heard)) + 1e-9
    # What begins a piece begins a bar, if nothing clear speaks against it.
    if means[best] - means[0] < _CLEAR * error:
        other, best = best if best else other, np.intp(0)
    ahead = max(0.0, float(means[best] - means[other]))
    return int(best), float(1 - np.exp(-ahead / (error + 0.3)))


def _explained(heard: Array, metre: int) -> float:
    """Share of the features' variance that the place in a bar of `metre` beats explains.

    Adjusted for the number of places, so that chance alone gives 0.
    """
    count = len(heard)
    total = float((heard**2).sum())
    if count < 2 * metre or total == 0:
        return 0.0
    places = np.arange(count) % metre
    means = np.stack([heard[places == p].mean(0) for p in range(metre)])
    left = float(((heard - means[places]) ** 2).sum())
    return 1 - left / total * (count - 1) / (count - metre)


def _new_chords(chords: Values, beats: Times) -> Array:
    """For each beat how far the chord after it lies from the one before, 0 (the same) to 1."""
    if not len(chords):
        return np.zeros(len(beats))
    ends = np.append(beats[1:], 2 * beats[-1] - beats[-2])
    within = [_mean_chord(chords, a, b) for a, b in zip(beats, ends, strict=True)]
    unit = np.stack(within)
    near = np.sum(unit[1:] * unit[:-1], axis=1)
    return np.concatenate([[float(np.mean(1 - near))], 1 - near])


def _mean_chord(chords: Values, start: float, end: float) -> Array:
    """The mean of the rows within a beat, but for its edges, less what all classes share."""
    edge = 0.2 * (end - start)
    a = min(len(chords) - 1, int(np.ceil((start + edge) / CHORD_HOP)))
    b = max(a + 1, int((end - edge / 2) / CHORD_HOP) + 1)
    mean = chords[a:b].mean(0).astype(np.float64)
    mean -= mean.min()
    return np.asarray(mean / (np.linalg.norm(mean) + 1e-9))
