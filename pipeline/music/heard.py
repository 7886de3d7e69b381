"""What is heard in a song, all together: its rhythm and the sections that it may have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from keyframes.quoting import quoted_path
from pipeline.errors import Error
from pipeline.music.grid import BeatGrid
from pipeline.music.sections import Section


class Listened(Protocol):
    """A song that can be asked, as `pipeline.music.song.Song`."""

    @property
    def duration(self) -> float:
        """Length of the sound in seconds."""

    def envelope(self, name: str) -> Any:
        """The envelope called so, from 0 to 1, one value each 5 ms."""

    def grid(
        self, low_bpm: float | None, high_bpm: float | None, beats_per_bar: int | None
    ) -> BeatGrid:
        """Beats and bars by ear, within these bounds."""

    def sections(self, bars: Sequence[float]) -> tuple[Section, ...]:
        """The proposed sections, on these bars."""


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

    @property
    def bars(self) -> tuple[float, ...]:
        """Where bars begin; none if the rhythm cannot be trusted."""
        return trusted_bars(self.grid)


def trusted_bars(grid: BeatGrid) -> tuple[float, ...]:
    """Where bars begin, in seconds; none if the rhythm cannot be trusted."""
    return grid.downbeats if grid.trusted else ()


def hear(file: Path, song: Listened, hint: TempoHint) -> Heard:
    """What is heard in the `song` that lies in `file`.

    Raises:
        Error: it cannot be read, or it is silent.
    """
    grid = song.grid(hint.low_bpm, hint.high_bpm, hint.beats_per_bar)
    if not grid.beats and not song.envelope("loudness").any():
        raise Error(
            f"the sound {quoted_path(file)} is silent from its beginning to its end; export it "
            "again, or name another"
        )
    return Heard(file, song.duration, grid, song.sections(trusted_bars(grid)))
