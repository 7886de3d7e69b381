"""The outline of a wave, for drawing: the lowest and the highest sample of each small stretch."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from pipeline.music.sound import RATE, Samples

_STRETCH = 147
PEAK_HOP = _STRETCH / RATE
"""Seconds of a stretch, 1/150."""


def wave_peaks(sound: Iterable[Samples]) -> NDArray[np.float32]:
    """`(stretches, 2)`: lowest and highest sample of each, of a stream of blocks at `RATE`."""
    rows, kept = [np.zeros((0, 2), np.float32)], np.zeros(0, np.float32)
    for block in sound:
        whole = np.concatenate([kept, block])
        count = len(whole) // _STRETCH
        parts = whole[: count * _STRETCH].reshape(count, _STRETCH)
        rows.append(np.stack([parts.min(axis=1), parts.max(axis=1)], axis=1))
        kept = whole[count * _STRETCH :]
    if len(kept):
        rows.append(np.array([[kept.min(), kept.max()]], np.float32))
    return np.concatenate(rows)
