"""How a song sounds from moment to moment: its loudness, its timbre, its harmony and its strokes.

Conventions:
    Row k belongs to the time k * TEXTURE_HOP in seconds, the middle of its window. Powers are those
    of a Hann window of 4096 samples at `RATE`; all is computed in one pass over a stream, and an
    hour of music needs 20 MB.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from pipeline.music.sound import RATE, Samples, noted

_STEP, _WINDOW = 1024, 4096
TEXTURE_HOP = _STEP / RATE
"""Seconds between two rows, 46 ms."""

BAND_HZ = 55.0 * 2.0 ** np.arange(8)
"""Hertz of the middles of the bands, 55 to 7040. A band reaches an octave up and down, less and
less, so that a tone that moves by a few steps moves little of its power to another band."""

_CHROMA_HZ = (180, 2000)
"""Where tones are told apart by such windows, and are not yet the partials of others."""

Values = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Texture:
    """What is known of each moment."""

    bands: Values
    """`(rows, 8)`: the power in each band."""
    chroma: Values
    """`(rows, 12)`: the power of each pitch class, C first."""
    duration: float
    """Length of the sound in seconds."""


def texture_of(sound: Iterable[Samples]) -> Texture:
    """The texture of a stream of blocks of samples, mono at `RATE`."""
    weights = np.hstack([_band_matrix(), _chroma_matrix()])
    window = np.hanning(_WINDOW).astype(np.float32)
    rows, lengths = [np.zeros((0, weights.shape[1]), np.float32)], [0]
    for windows in _windows(noted(sound, lengths)):
        spectrum = np.fft.rfft(windows * window)
        rows.append((spectrum.real**2 + spectrum.imag**2).astype(np.float32) @ weights)
    bands, chroma = np.split(np.concatenate(rows), [len(BAND_HZ)], axis=1)
    return Texture(bands, chroma, sum(lengths) / RATE)


def _windows(sound: Iterable[Samples]) -> Iterator[Samples]:
    """The windows `(count, 4096)` of each block and what is left of the one before.

    Half a window of silence stands before the first sample and after the last.
    """
    silence = np.zeros(_WINDOW // 2, np.float32)
    kept = silence
    for block in chain(sound, [silence]):
        whole = np.concatenate([kept, block])
        count = max(0, (len(whole) - _WINDOW) // _STEP + 1)
        if count:
            yield np.lib.stride_tricks.sliding_window_view(whole, _WINDOW)[::_STEP]
        kept = whole[count * _STEP :]


def _frequencies() -> NDArray[np.float64]:
    return np.linspace(0, RATE / 2, _WINDOW // 2 + 1)


def _band_matrix() -> Values:
    """What each bin of a spectrum adds to each band."""
    octaves = np.log2(np.maximum(_frequencies(), 1)[:, None] / BAND_HZ)
    return np.asarray(np.maximum(1 - np.abs(octaves), 0), np.float32)


def _chroma_matrix() -> Values:
    """What each bin adds to each pitch class: the more, the nearer it is."""
    hertz = np.maximum(_frequencies(), 1)
    pitch = 12 * np.log2(hertz / 440) + 9
    near = (pitch[:, None] - np.arange(12) + 6) % 12 - 6
    share = np.exp(-0.5 * (near / 0.35) ** 2)
    low, high = _CHROMA_HZ
    share[(hertz < low) | (hertz > high)] = 0
    return np.asarray(share, np.float32)
