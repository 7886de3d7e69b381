"""Beats that keep one tempo, as the two numbers that a scene needs for them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.music.grid import BeatGrid

Array = NDArray[np.float64]

_USUAL_ERROR, _LARGEST_ERROR = 0.015, 0.08
"""Seconds by which 90 % of the beats, and all of them, may miss an even pace. Where nobody plays,
as at the end of a song, beats are only guessed."""
_DRIFT = 0.004
"""Seconds by which a rounded tempo may be off at either end of the song."""


@dataclass(frozen=True, slots=True)
class EvenTempo:
    """One tempo from the first beat to the last."""

    bpm: float
    """Beats a minute, with as few decimals as keep the beats of this song in place."""
    first_beat: float
    """Second at which bar 1 begins, to the millisecond; not below 0."""


def even_tempo(grid: BeatGrid) -> EvenTempo | None:
    """The tempo that all beats keep, or None for music whose tempo moves."""
    if len(grid.beats) < 4:
        return None
    beats = np.array(grid.beats)
    number = np.arange(len(beats), dtype=np.float64) - grid.first
    step, start = _pace(number, beats)
    errors = np.abs(beats - (start + step * number))
    if np.quantile(errors, 0.9) > _USUAL_ERROR or errors.max() > _LARGEST_ERROR:
        return None
    bpm = _rounded(60 / step, len(beats))
    first = float(np.median(beats - number * 60 / bpm))
    return EvenTempo(bpm, max(0.0, round(first, 3)))


def tempo_range(grid: BeatGrid) -> tuple[float, float]:
    """The slowest and the fastest tempo that is kept for 16 beats, in beats a minute.

    Of songs of less than 32 beats, for half of them.
    """
    beats = np.array(grid.beats)
    span = max(1, min(16, len(beats) // 2))
    paces = 60 * span / (beats[span:] - beats[:-span])
    return float(paces.min()), float(paces.max())


def _pace(number: Array, beats: Array) -> tuple[float, float]:
    """Seconds of a beat, and of beat 0: the line through most beats, and not the stray ones."""
    step, start = np.polyfit(number, beats, 1)
    errors = np.abs(beats - (start + step * number))
    near = errors <= np.quantile(errors, 0.8)
    step, start = np.polyfit(number[near], beats[near], 1)
    return float(step), float(start)


def _rounded(bpm: float, beats: int) -> float:
    for decimals in range(4):
        near = round(bpm, decimals)
        if abs(60 / near - 60 / bpm) * beats / 2 < _DRIFT:
            return near
    return round(bpm, 4)
