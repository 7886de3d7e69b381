"""Beat grids and songs as they might be heard, written by hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.music.grid import BeatGrid
from pipeline.music.heard import Heard
from pipeline.music.sections import Section
from pipeline.music.tempo import TempoCandidate


def even_grid(
    bpm: float = 120.0,
    first_beat: float = 0.5,
    count: int = 33,
    *,
    first: int = 0,
    beats_per_bar: int = 4,
    confidence: float = 0.9,
    bar_confidence: float = 0.8,
) -> BeatGrid:
    """A grid of `count` beats at one tempo."""
    beats = tuple(first_beat + k * 60 / bpm for k in range(count))
    return grid(
        beats, bpm, first, beats_per_bar, confidence=confidence, bar_confidence=bar_confidence
    )


def grid(
    beats: Sequence[float],
    bpm: float,
    first: int = 0,
    beats_per_bar: int = 4,
    *,
    confidence: float = 0.9,
    bar_confidence: float = 0.8,
) -> BeatGrid:
    """A grid of these beats, whose tempo might also be its half, its double, or three halves."""
    others = ((1.0, 0.6), (0.5, 0.2), (2.0, 0.01), (1.5, 0.15), (3.0, 0.04))
    candidates = tuple(TempoCandidate(bpm * ratio, sure) for ratio, sure in others)
    return BeatGrid(tuple(beats), first, beats_per_bar, bpm, candidates, confidence, bar_confidence)


def heard(found: BeatGrid | None = None, file: str = "song.ogg") -> Heard:
    """A song of 17 s with a verse of four bars and a chorus."""
    sections = (Section("verse", 0.5, 8.5, 0.6), Section("chorus", 8.5, 17.0, 1.0))
    return Heard(Path(file), 17.0, even_grid() if found is None else found, sections)


class FakeSong:
    """A song whose grid and sections are given, and whose envelopes are flat."""

    def __init__(self, found: BeatGrid, *, level: float = 0.5, duration: float = 17.0) -> None:
        self.found, self.level, self.duration = found, level, duration
        self.asked: list[tuple[object, ...]] = []

    def envelope(self, name: str) -> NDArray[np.float64]:
        """The same value throughout."""
        return np.full(round(self.duration / 0.005) + 1, self.level)

    def grid(
        self, low_bpm: float | None, high_bpm: float | None, beats_per_bar: int | None
    ) -> BeatGrid:
        """The grid that was given."""
        self.asked.append((low_bpm, high_bpm, beats_per_bar))
        return self.found

    def sections(self, bars: Sequence[float]) -> tuple[Section, ...]:
        """One section from the first bar on."""
        return (Section("main", bars[0] if bars else 0.0, self.duration, 1.0),)
