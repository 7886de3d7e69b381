"""How the picture of a song is laid out: rows of time, each as long, on pages as wide."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.music.grid import BeatGrid
from pipeline.output.plot_page import DPI, WIDTH

LEFT, RIGHT = 0.85, 0.35
"""Inches beside a row."""

_ROW_SECONDS = 34.0
"""Seconds of one row at most, while there are not more rows than `_MOST_ROWS`."""
_MOST_ROWS = 20


@dataclass(frozen=True, slots=True)
class Rows:
    """How a song is cut into rows: all as long, from `start` on."""

    start: float
    seconds: float
    count: int
    lead: float
    """Seconds of the row before that are shown again at the beginning of each."""

    @property
    def pixels(self) -> float:
        """Pixels of a second."""
        return DPI * (WIDTH - LEFT - RIGHT) / (self.seconds + self.lead)


def rows_of(duration: float, grid: BeatGrid | None) -> Rows:
    """Rows of whole bars, a multiple of four of them, or of seconds."""
    longest = max(_ROW_SECONDS, duration / _MOST_ROWS)
    if grid is None or len(grid.downbeats) < 2:
        count = max(1, int(np.ceil(duration / longest - 1e-6)))
        return Rows(0.0, max(duration, 1e-3) / count, count, 0.0)
    bar = float(np.median(np.diff(grid.downbeats)))
    start = grid.downbeats[0] % bar
    if start > bar / 2:
        start -= bar
    lead = max(0.0, start)
    # Less than a bar of dying sound is not worth a row of its own.
    bars = max(1.0, np.floor((duration - start) / bar + 0.02))
    count = int(np.ceil(bars * bar / longest))
    fours = int(np.ceil(bars / count / 4))
    count = int(np.ceil(bars / (4 * fours)))
    if count == 1:
        return Rows(start, duration - start, 1, lead)
    rest = duration - start - count * 4 * fours * bar
    return Rows(start, 4 * fours * bar + max(0.0, rest), count, lead)
