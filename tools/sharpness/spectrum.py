"""How much of a picture is fine detail, by its spectrum.

Conventions:
    Pixels are `(H, W, 3)` uint8 RGB. Frequencies are in cycles per pixel, up to 0.5.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.files.png import Pixels

COARSE = (0.02, 0.08)
FINE = (0.1, 0.4)
"""Bands of frequencies. In 768 x 512 a native picture of 144 x 96 reaches to 0.094."""
_BINS = 64


def power_spectrum(frame: Pixels) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Frequencies and the mean power of the luma at each, over all directions, `(64,)` both.

    The mean is taken away, and a Hann window keeps the borders from looking like edges.
    """
    grey = cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY).astype(np.float64)
    height, width = grey.shape
    window = np.hanning(height)[:, None] * np.hanning(width)
    power = np.abs(np.fft.rfft2((grey - grey.mean()) * window)) ** 2
    radius = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width))
    index = (radius * 2 * _BINS).astype(int)
    inside = index < _BINS
    sums = np.bincount(index[inside], power[inside], _BINS)
    counts = np.bincount(index[inside], minlength=_BINS)
    return (np.arange(_BINS) + 0.5) / (2 * _BINS), sums / np.maximum(counts, 1)


def fineness(frame: Pixels) -> float:
    """The amplitude in the fine band over that in the coarse one.

    Pictures of clean edges have about the same, however many edges there are: their power falls by
    the third power of the frequency.
    """
    frequencies, power = power_spectrum(frame)
    fine, coarse = (
        float((power * frequencies)[(frequencies >= low) & (frequencies < high)].sum())
        for low, high in (FINE, COARSE)
    )
    return float(np.sqrt(fine / max(coarse, 1e-9)))
