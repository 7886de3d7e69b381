"""What the sound is like around every 5 ms: powers of its frequencies, in a stream.

Conventions:
    Value k of anything here describes the sound around k * HOP seconds: its window is centred
    there, and before the beginning and after the end there is silence. Windows are Hann's, 46 ms
    long where frequencies matter and 23 ms where moments do. Amplitudes are linear: the root of a
    power that is the mean of squares, so that a sine of amplitude 1 has 0.707 and a power of 0.5.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from pipeline.music.sound import Samples

RATE = 22000
"""Samples a second, a multiple of those in a hop, so that hops do not drift against the sound."""
STEP = 110
"""Samples in a hop, `sound.HOP`."""
LONG = 1024
"""Samples of the window that tells frequencies 40 Hz apart: 46 ms."""
SHORT = 512
"""Samples of the window that tells moments apart: 23 ms."""
LOWEST, HIGHEST = 20.0, RATE / 2
"""Frequencies in Hz beyond which nothing counts: below are no tones, and above nothing is read."""

_SUB_BINS = slice(1, 6)

Powers = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Spectra:
    """Powers by frequency of some successive hops."""

    long: Powers
    """`(hops, LONG / 2 + 1)`, of the long window; frequency of column i is i * RATE / LONG."""
    short: Powers
    """`(hops, SHORT / 2 + 1)`, of the short window."""
    sub: NDArray[np.complex64]
    """`(hops, 5)`: amplitudes with their phases of the long window, from 21 to 107 Hz."""


def spectra(blocks: Iterable[Samples]) -> Iterator[Spectra]:
    """The powers at every hop of a sound at RATE, a block at a time.

    A sound of n samples has n // STEP + 1 hops: the first is centred on sample 0.
    """
    held = np.zeros(LONG // 2, np.float32)
    for block in blocks:
        held = np.concatenate((held, block))
        count = max(0, (len(held) - LONG) // STEP + 1)
        if count:
            yield _spectra(held, count)
            held = held[count * STEP :]
    held = np.concatenate((held, np.zeros(LONG // 2, np.float32)))
    if len(held) >= LONG:
        yield _spectra(held, (len(held) - LONG) // STEP + 1)


def band_power(powers: Powers, low: float, high: float) -> Powers:
    """The power between two frequencies in Hz, `(hops,)`, of `Spectra.long` or `Spectra.short`."""
    return np.asarray(powers @ _share(powers.shape[1], low, high), np.float32)


@lru_cache(maxsize=64)
def _share(bins: int, low: float, high: float) -> NDArray[np.float32]:
    """How much of each bin lies between two frequencies, from 0 to 1."""
    width = RATE / 2 / (bins - 1)
    centre = np.arange(bins) * width
    above = np.minimum(centre + width / 2, high) - np.maximum(centre - width / 2, low)
    return np.asarray(np.clip(above / width, 0, 1), np.float32)


def _spectra(samples: Samples, count: int) -> Spectra:
    windows = np.lib.stride_tricks.sliding_window_view(samples, LONG)[::STEP][:count]
    margin = (LONG - SHORT) // 2
    long = _amplitudes(windows)
    short = _amplitudes(windows[:, margin : margin + SHORT])
    return Spectra(_powers(long), _powers(short), long[:, _SUB_BINS].copy())


def _amplitudes(windows: NDArray[np.float32]) -> NDArray[np.complex64]:
    """The one-sided spectrum, scaled so that squares of its absolute values add up to the power.

    A constant offset, which Hann's window spreads over the first two bins, is taken out of them.
    """
    from scipy import fft

    length = windows.shape[1]
    window = np.hanning(length + 1)[:-1]
    scale = np.sqrt(2 / (length * np.square(window).sum()))
    found: NDArray[np.complex64] = fft.rfft(windows * (scale * window).astype(np.float32), axis=1)
    found[:, 1] += found[:, 0] / 2
    found[:, 0] = 0
    return found


def _powers(amplitudes: NDArray[np.complex64]) -> Powers:
    return np.square(amplitudes.real) + np.square(amplitudes.imag)
