"""The beats and bars of a piece of sound, and how far they can be trusted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.music.accents import Times, accents
from pipeline.music.bars import find_bars
from pipeline.music.beat_times import bridge, extend, refine
from pipeline.music.beats import track
from pipeline.music.onsets import Onsets
from pipeline.music.tempo import (
    FASTEST,
    SLOWEST,
    TempoCandidate,
    TempoPath,
    candidates,
    find_tempo,
)

TRUSTED = 0.5
"""Confidence from which a grid can be trusted."""

_REGULAR = 0.22
"""Likeness after a beat that is half a rhythm. Pads, noise, rain and speech have up to 0.23 at
their best tempo, songs 0.45 to 0.95."""

_DISTINCT = 0.01
"""Rise of a stroke, against the root of the level, that is half a stroke: pads have 0.008, noise
0.015, drums 0.03 to 0.12."""

_SHORTEST = 2.0
"""Seconds of sound below which there is no rhythm to speak of."""


@dataclass(frozen=True, slots=True)
class BeatGrid:
    """Where the beats and bars of a piece lie."""

    beats: tuple[float, ...]
    """Seconds in the file, rising, from the first sound to the last."""
    first: int
    """Index of the first beat that begins a bar, below `beats_per_bar`."""
    beats_per_bar: int
    bpm: float
    """Beats a minute: the median of the piece; 0 if there are fewer than 2 beats."""
    candidates: tuple[TempoCandidate, ...]
    """This tempo and those related to it by 2 and 3, which people may count as well."""
    confidence: float
    """How clearly a beat is heard, 0 to 1."""
    bar_confidence: float
    """How clearly the bar is heard, 0 to 1."""

    @property
    def trusted(self) -> bool:
        """Whether there is a rhythm at all."""
        return self.confidence >= TRUSTED

    @property
    def downbeats(self) -> tuple[float, ...]:
        """Seconds of the beats that begin a bar."""
        return self.beats[self.first :: self.beats_per_bar]


def find_grid(
    onsets: Onsets,
    low_bpm: float | None = None,
    high_bpm: float | None = None,
    beats_per_bar: int | None = None,
) -> BeatGrid:
    """Beats and bars by ear, with a tempo between two bounds and bars of so many beats if given.

    Sound without rhythm gets a grid that is not trusted; silence and what is shorter than 2 s one
    without beats.
    """
    low, high = low_bpm or SLOWEST, high_bpm or FASTEST
    first, last = onsets.sounding
    if last - first < _SHORTEST:
        return BeatGrid((), 0, beats_per_bar or 4, 0.0, (), 0.0, 0.0)
    curve = accents(onsets)
    tempo = find_tempo(curve, low, high)
    beats = refine(track(curve, tempo), curve)
    beats = extend(refine(bridge(beats), curve), first, last)
    bars = find_bars(onsets, beats, beats_per_bar)
    bpm = median_bpm(beats)
    return BeatGrid(
        tuple(beats.tolist()),
        bars.first,
        bars.beats_per_bar,
        bpm,
        candidates(curve, tempo, bpm),
        _rhythm(tempo) * _strokes(onsets),
        bars.confidence,
    )


def _rhythm(tempo: TempoPath) -> float:
    """How regular the accents are, 0 to 1: 0.5 where a fifth of them is alike after a beat.

    Where the beats of a bar differ much, it is the bars or the halves of the beats that are alike.
    """
    alike = max(tempo.alike_at(ratio) for ratio in (1, 2, 1 / 2, 3, 1 / 3))
    return alike**2 / (alike**2 + _REGULAR**2)


def _strokes(onsets: Onsets) -> float:
    """How distinct the strokes are, 0 to 1: 0.5 where the loudest rise as slowly as strings do."""
    loud = float(np.sqrt(np.percentile(onsets.level, 90))) + 1e-9
    rise = float(np.percentile(onsets.full, 99)) / loud
    return rise**2 / (rise**2 + _DISTINCT**2)


def median_bpm(beats: Times) -> float:
    """Beats a minute, as the median over stretches of 16 beats (or half of them all)."""
    if len(beats) < 2:
        return 0.0
    span = max(1, min(16, len(beats) // 2))
    return float(60 * span / np.median(beats[span:] - beats[:-span]))
