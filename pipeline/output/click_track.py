"""A song with a click on every beat and a higher one on every bar: the ear tells if they fit.

Conventions:
    The file is a WAV of 16 bits, mono, 44100 samples a second. A click begins with the sample that
    is nearest to its beat. The song is at half its loudness, to leave room for them.
"""

from __future__ import annotations

import os
import wave
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.files.atomic import temporary_path
from pipeline.music.grid import BeatGrid
from pipeline.music.sound import blocks

RATE = 44100
BEAT_HZ, BAR_HZ = 1200.0, 2400.0

_SONG, _CLICK = 0.5, 0.45
_CLICK_SECONDS, _CLICK_FALL = 0.04, 0.008

Samples = NDArray[np.float32]


def write_click_track(target: Path, song: Path, grid: BeatGrid) -> None:
    """Write the song with its clicks; memory does not grow with its length.

    Raises:
        OSError: `target` cannot be written; it is then what it was.
        Error: the song cannot be read.
    """
    temporary = temporary_path(target)
    try:
        with temporary.open("wb") as file, wave.open(file, "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(2)
            sound.setframerate(RATE)
            for block in with_clicks(blocks(song, RATE), grid):
                sound.writeframes(np.round(np.clip(block, -1, 1) * 32767).astype("<i2").tobytes())
        os.replace(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)


def with_clicks(sound: Iterable[Samples], grid: BeatGrid) -> Iterator[Samples]:
    """The blocks of a song at `RATE`, half as loud, with the clicks that fall into each."""
    bars = set(range(grid.first, len(grid.beats), grid.beats_per_bar))
    kinds = {is_bar: _click(BAR_HZ if is_bar else BEAT_HZ) for is_bar in (False, True)}
    clicks = [(round(beat * RATE), kinds[k in bars]) for k, beat in enumerate(grid.beats)]
    first = 0
    for block in sound:
        mixed = np.asarray(_SONG * block, np.float32)
        for start, click in clicks:
            # A click may have begun in the block before.
            low, high = max(start, first), min(start + len(click), first + len(block))
            if low < high:
                mixed[low - first : high - first] += click[low - start : high - start]
        first += len(block)
        yield mixed


def _click(hertz: float) -> Samples:
    t = np.arange(round(_CLICK_SECONDS * RATE)) / RATE
    tone = np.cos(2 * np.pi * hertz * t) * np.exp(-t / _CLICK_FALL)
    return np.asarray(_CLICK * tone, np.float32)
