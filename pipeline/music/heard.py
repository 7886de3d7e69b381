"""What is heard in a song, all together: its rhythm, the sections it may have, and its outline."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import Error
from pipeline.music.grid import BeatGrid, find_grid
from pipeline.music.onsets import Onsets, find_onsets
from pipeline.music.sections import Section, propose_sections
from pipeline.music.sound import blocks
from pipeline.music.texture import texture_of


@dataclass(frozen=True, slots=True)
class TempoHint:
    """Between which tempos, in beats a minute, and in bars of how many beats a song is counted."""

    low_bpm: float | None = None
    high_bpm: float | None = None
    beats_per_bar: int | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """A song as it was heard; all times are seconds of the file."""

    file: Path
    duration: float
    grid: BeatGrid
    sections: tuple[Section, ...]
    """Proposed; on bars if the grid can be trusted."""
    onsets: Onsets

    @property
    def bars(self) -> tuple[float, ...]:
        """Where bars begin; none if the rhythm cannot be trusted."""
        return self.grid.downbeats if self.grid.trusted else ()


def hear(file: Path, hint: TempoHint) -> Heard:
    """Listen to a sound file.

    Raises:
        Error: it cannot be read, or it is silent.
    """
    onsets = find_onsets(blocks(file))
    if onsets.sounding == (0.0, 0.0):
        raise Error(f"the sound {file} is silent from its beginning to its end; export it again")
    grid = find_grid(onsets, hint.low_bpm, hint.high_bpm, hint.beats_per_bar)
    bars = grid.downbeats if grid.trusted else ()
    sections = propose_sections(texture_of(blocks(file)), bars)
    return Heard(file, onsets.duration, grid, sections, onsets)
