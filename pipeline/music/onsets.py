"""Where sounds begin: how much a piece of music grows louder at each moment, in three bands.

Everything is computed in one pass over the blocks of a file and kept every HOP, 5 ms, so an hour of
music needs 18 MB whatever its format. numpy alone does it, in 1 s for a song of 4 minutes. The
functions of librosa 0.11 for this (`onset_strength`, `beat_track`) compile themselves at their
first call, which took 30 to 100 s in a fresh process: longer than the whole analysis may.

Conventions:
    Value k belongs to the time k * HOP in seconds. A strength is the rise of the compressed
    spectrum within 10 ms (spectral flux with a maximum over neighbouring bands against vibrato:
    Boeck & Widmer 2013, "Maximum filter vibrato suppression for onset detection"). Magnitudes are
    compressed by their square root: where a song is quieter by a factor, so are all its strengths.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.music.sound import HOP, RATE, Samples

CHORD_HOP = 0.05
"""Seconds between two rows of `Onsets.chords`."""

Values = NDArray[np.float32]

LOW_HZ, HIGH_HZ = 150.0, 3000.0
"""Where the low band ends and the high one begins."""

_PAST, _NEXT = 900, 124
"""Samples of a window before and after its time."""

_CHORD_WINDOW = 4096
_LAG = 2
"""Steps over which a rise is measured."""

_BANDS_PER_OCTAVE = 12
_LOWEST_HZ = 32.0


@dataclass(frozen=True, slots=True)
class Onsets:
    """What is known of a piece of sound at each step of `HOP`; all arrays but `chords` as long."""

    low: Values
    """Strength below `LOW_HZ`: kick and bass."""
    mid: Values
    """Strength between: voices, chords, the skin of a snare."""
    high: Values
    """Strength above `HIGH_HZ`: hats, the wires of a snare."""
    full: Values
    """Strength over all bands."""
    level: Values
    """Root mean square of the samples in the 5 ms around."""
    chords: Values
    """`(rows, 12)`: how strongly each pitch class sounds, C first; one row each `CHORD_HOP`."""
    duration: float
    """Length of the sound in seconds."""

    @property
    def sounding(self) -> tuple[float, float]:
        """Seconds of the first and the last sound: within 50 dB of the loud parts, or 0, 0."""
        if not self.level.size or not self.level.any():
            return 0.0, 0.0
        loud = np.percentile(self.level[self.level > 0], 95)
        heard = np.flatnonzero(self.level > loud * 10 ** (-50 / 20))
        return float(heard[0] * HOP), float(heard[-1] * HOP)


class _Windows:
    """Cuts a stream into overlapping windows, one around each multiple of `hop` seconds."""

    def __init__(self, hop: float, past: int, size: int) -> None:
        self.hop, self.past, self.size = hop * RATE, past, size
        self._held = np.zeros(past, np.float32)
        self._begin = -past
        """Number of the first sample that is held."""
        self._next = 0

    def take(self, samples: Samples) -> NDArray[np.float32]:
        """`(windows, size)`: the windows that are complete with these samples."""
        self._held = np.concatenate([self._held, samples])
        end = self._begin + len(self._held)
        last = int((end - self.size + self.past + 0.49) // self.hop)
        starts = np.round(np.arange(self._next, last + 1) * self.hop).astype(int) - self.past
        starts = starts[starts + self.size <= end]
        if not starts.size:
            return np.zeros((0, self.size), np.float32)
        views = np.lib.stride_tricks.sliding_window_view(self._held, self.size)
        cut: NDArray[np.float32] = views[starts - self._begin]
        self._next += len(starts)
        keep = round(self._next * self.hop) - self.past - self._begin
        self._held, self._begin = self._held[keep:], self._begin + keep
        return cut


def find_onsets(blocks: Iterable[Samples]) -> Onsets:
    """The onsets of a stream of samples (mono, `RATE` a second), such as `sound.blocks` gives.

    An empty stream has none. Each moment is compared with the one 10 ms earlier, and the stream
    is preceded by silence.
    """
    fine = _Windows(HOP, _PAST, _PAST + _NEXT)
    coarse = _Windows(CHORD_HOP, _CHORD_WINDOW // 2, _CHORD_WINDOW)
    flux, parts, chords, count = _Flux(), [], [], 0
    for block in _and_silence(blocks):
        count += len(block)
        parts.append(flux.rows(fine.take(block)))
        chords.append(_pitch_classes(coarse.take(block)))
    duration = max(0, count - _CHORD_WINDOW) / RATE
    steps = int(duration / HOP) + 1 if duration else 0
    rows = np.concatenate(parts)[:steps]
    low, mid, high, full, level = (np.ascontiguousarray(column) for column in rows.T)
    kept = np.concatenate(chords)[: int(duration / CHORD_HOP) + 1 if duration else 0]
    return Onsets(low, mid, high, full, level, kept, duration)


def _and_silence(blocks: Iterable[Samples]) -> Iterator[Samples]:
    """A stream with as much silence after it as the longest window needs."""
    yield from blocks
    yield np.zeros(_CHORD_WINDOW, np.float32)


class _Flux:
    """Rises of the spectrum from window to window of a stream."""

    def __init__(self) -> None:
        self._window = _window()
        self._to_bands, self._hertz = _bands()
        self._before = np.zeros((_LAG, len(self._hertz)), np.float32)

    def rows(self, windows: NDArray[np.float32]) -> Values:
        """`(windows, 5)`: low, mid, high and full strength, and the level."""
        spectrum = np.abs(np.fft.rfft(windows * self._window))
        bands = np.concatenate([self._before, np.sqrt(spectrum @ self._to_bands)])
        self._before = bands[len(bands) - _LAG :]
        was = bands[:-_LAG]
        # A tone that bends into the next band is no onset.
        widest = was.copy()
        widest[:, 1:] = np.maximum(widest[:, 1:], was[:, :-1])
        widest[:, :-1] = np.maximum(widest[:, :-1], was[:, 1:])
        rise = np.maximum(bands[_LAG:] - widest, 0)
        low, high = self._hertz < LOW_HZ, self._hertz >= HIGH_HZ
        strengths = [rise[:, which].mean(1) for which in (low, ~low & ~high, high)]
        around = windows[:, _PAST - 55 : _PAST + 55]
        level = np.sqrt(np.mean(around * around, axis=1))
        return np.stack([*strengths, np.mean(strengths, axis=0), level], axis=1).astype(np.float32)


def _window() -> NDArray[np.float32]:
    """A window that rises over 41 ms and falls over 6.

    The past gives it fine frequencies; by its steep end a sound is seen as soon as it begins.
    """
    rise = 0.5 - 0.5 * np.cos(np.pi * (np.arange(_PAST) + 0.5) / _PAST)
    fall = 0.5 + 0.5 * np.cos(np.pi * (np.arange(_NEXT) + 0.5) / _NEXT)
    window = np.concatenate([rise, fall])
    return np.asarray(window / window.sum(), dtype=np.float32)


def _bands() -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """`(bins, bands)` means over 12 bands an octave, at least a bin each; and their Hz."""
    size = _PAST + _NEXT
    hertz = np.fft.rfftfreq(size, 1 / RATE)
    octaves = np.log2(np.maximum(hertz, 1) / _LOWEST_HZ) * _BANDS_PER_OCTAVE
    numbers = np.floor(octaves).astype(int)
    used = np.unique(numbers[hertz >= _LOWEST_HZ])
    matrix = (numbers[:, None] == used[None, :]).astype(np.float32)
    matrix /= matrix.sum(0)
    return matrix, np.array([hertz[numbers == number].mean() for number in used])


def _pitch_classes(windows: NDArray[np.float32]) -> Values:
    """`(windows, 12)`: the square roots of the magnitudes between 65 and 2100 Hz by pitch class."""
    spectrum = np.abs(np.fft.rfft(windows * np.hanning(_CHORD_WINDOW).astype(np.float32)))
    hertz = np.fft.rfftfreq(_CHORD_WINDOW, 1 / RATE)
    used = (hertz > 65) & (hertz < 2100)
    notes = 69 + 12 * np.log2(hertz[used] / 440)
    classes = np.round(notes).astype(int) % 12
    matrix = (classes[:, None] == np.arange(12)[None, :]).astype(np.float32)
    matrix /= matrix.sum(0)
    return np.asarray(np.sqrt(spectrum[:, used] / _CHORD_WINDOW) @ matrix, dtype=np.float32)
