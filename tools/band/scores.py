"""How well a grid meets the truth of a track."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.music.grid import BeatGrid
from tools.band.playing import Times, Track

TOLERANCE = 0.025
"""Seconds by which a beat may miss the true one."""


@dataclass(frozen=True)
class Score:
    """Counts and distances of one grid."""

    met: int
    """True beats with a found one near."""
    true: int
    right: int
    """Found beats with a true one near."""
    found: int
    offset: float
    """Median of found less true in seconds, each true beat with the nearest found one."""
    bars_right: bool
    """Whether bars have the right number of beats and begin at the right ones."""

    @property
    def f_measure(self) -> float:
        """Harmonic mean of the shares of true beats met and of found beats that are right."""
        return 2 * self.met * self.right / max(1, self.met * self.found + self.right * self.true)


def hint(track: Track, width: float = 1.25) -> tuple[float, float]:
    """Bounds of the tempo that leave its octave in no doubt."""
    tempos = 60 / np.diff(track.beats)
    return float(tempos.min() / width), float(tempos.max() * width)


def octave(track: Track, grid: BeatGrid) -> float:
    """The tempo found as a multiple of the true one (of its median, where it changes)."""
    return grid.bpm / float(np.median(60 / np.diff(track.beats)))


def score(track: Track, grid: BeatGrid) -> Score:
    """The score of a grid; a track without beats has none."""
    found, true = np.array(grid.beats), track.beats
    if not len(found):
        return Score(0, len(true), 0, 0, 0.0, False)
    misses = _nearest(found, true)
    strays = _nearest(true, found)
    # What is found before the first beat, in a pad that is heard ahead of it, can be no true one.
    real = found >= true[0] - TOLERANCE
    bars = true[list(track.downbeats)]
    begins = np.array(grid.downbeats)
    begins = begins[begins >= bars[0] - TOLERANCE]
    near = np.abs(_nearest(begins, bars)) <= TOLERANCE
    return Score(
        int((np.abs(misses) <= TOLERANCE).sum()),
        len(true),
        int((np.abs(strays[real]) <= TOLERANCE).sum()),
        int(real.sum()),
        float(np.median(misses)),
        grid.beats_per_bar == track.beats_per_bar
        and bool(near.mean() > 0.95 and len(begins) <= len(bars) + 1),
    )


def _nearest(candidates: Times, times: Times) -> Times:
    """For each time how far the nearest candidate lies after it, in seconds."""
    if not len(candidates):
        return np.full(len(times), np.inf)
    apart = candidates[None, :] - times[:, None]
    return np.asarray(apart[np.arange(len(times)), np.abs(apart).argmin(1)])
