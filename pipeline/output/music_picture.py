"""All that is drawn of a song, put together from what was heard in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keyframes.time_words import clock_time, counted
from pipeline.music.grid import BeatGrid
from pipeline.music.heard import Heard, Listened
from pipeline.music.peaks import wave_peaks
from pipeline.music.sections import Section
from pipeline.music.sound import HOP, blocks

ENVELOPES, DRUMS = ("low", "mid", "high"), ("kick", "snare", "hat")
"""What is drawn below the wave, from the top down."""


@dataclass(frozen=True, slots=True)
class MusicPicture:
    """All that is drawn; times are seconds of the file."""

    title: str
    facts: str
    """A line of words beside the title."""
    duration: float
    peaks: NDArray[np.float32]
    """`(stretches, 2)` of `PEAK_HOP` seconds each: lowest and highest sample."""
    envelopes: Mapping[str, NDArray[np.floating[Any]]]
    """By name, from 0 to 1, a value each `hop` seconds."""
    drums: Mapping[str, NDArray[np.floating[Any]]]
    """By name, as long; 0 but where such a drum is hit."""
    hop: float
    grid: BeatGrid | None
    """None if no rhythm can be trusted."""
    sections: tuple[Section, ...]


def picture_of(heard: Heard, song: Listened) -> MusicPicture:
    """The picture of what was heard in a `song`; its sound is read once more for the wave.

    Raises:
        Error: it cannot be read any more.
    """
    return MusicPicture(
        title=heard.file.name,
        facts=_facts(heard),
        duration=heard.duration,
        peaks=wave_peaks(blocks(heard.file)),
        envelopes={name: song.envelope(name) for name in ENVELOPES},
        drums={name: song.envelope(name) for name in DRUMS},
        hop=HOP,
        grid=heard.grid if heard.bars else None,
        sections=heard.sections,
    )


def _facts(heard: Heard) -> str:
    length = clock_time(heard.duration)
    if not heard.bars:
        return f"{length}, no rhythm that can be trusted"
    grid = heard.grid
    return f"{length}, {grid.bpm:.4g} beats a minute, {counted(grid.beats_per_bar, 'beat')} a bar"
