"""What each bar of a song sounds like, as numbers whose distance is how different two bars are.

Conventions:
    A bar is a stretch between two neighbouring edges, in seconds. A distance of 1 between two rows
    of `traits` is a change that is plainly heard: 3 dB of loudness, as much in all bands, or a part
    that plays or rests.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.music.texture import BAND_HZ, TEXTURE_HOP, Texture

Array = NDArray[np.float64]

SILENT = -50.0
"""Decibels below the loud parts of a song from which on a bar is silent."""

_HEARD_DB = 3.0
_QUIETEST = -24.0
"""Decibels below the loud parts at which quiet parts all count as quiet."""
_FAINT = 1e-4
"""Share of the loud parts' power below which a band counts as empty."""
_STROKE_SHARE = 0.4
"""Share of the densest strokes of a song that is a plain change."""


@dataclass(frozen=True, slots=True)
class BarFeatures:
    """Of each bar; the loud parts of a song are its loudest tenth."""

    level: Array
    """Loudness in decibels; about 0 in the loud parts."""
    beat: Array
    """How many and how strong the strokes of the low notes and drums are, 0 (none) to 1."""
    traits: Array
    """`(bars, 12)`: loudness, strokes in three registers, and timbre."""
    harmony: Array
    """`(bars, 12)`: the pitch classes, as a vector of length 1."""


def bar_features(texture: Texture, edges: Sequence[float]) -> BarFeatures:
    """The features of the bars between `edges`, which rise and lie within the sound."""
    power = _means(texture.bands.astype(np.float64), edges)
    total = power.sum(axis=1)
    loud = max(float(np.percentile(total, 90)), 1e-12) if len(total) else 1.0
    level = 10 * np.log10(np.maximum(total / loud, 1e-9))
    strokes = _strokes(texture.bands, loud, edges)
    shape = 10 * np.log10(np.maximum(power, _FAINT * loud))
    shape -= shape.mean(axis=1, keepdims=True)
    # What is nearly silent has no timbre to speak of.
    shape *= np.clip(1 + (level[:, None] - _QUIETEST) / 12, 0, 1)
    heard = np.clip(level, _QUIETEST, None)[:, None] / _HEARD_DB
    timbre = shape / (_HEARD_DB * np.sqrt(shape.shape[1]))
    chroma = np.sqrt(np.maximum(_means(texture.chroma.astype(np.float64), edges), 0))
    length = np.linalg.norm(chroma, axis=1, keepdims=True)
    return BarFeatures(
        level,
        strokes[:, 0],
        np.hstack([heard, strokes / (_STROKE_SHARE * np.sqrt(3)), timbre]),
        chroma / np.maximum(length, 1e-9),
    )


def _strokes(bands: NDArray[np.float32], loud: float, edges: Sequence[float]) -> Array:
    """`(bars, 3)`: the mean rise of low, middle and high bands as a share of the densest bar's."""
    decibels = 10 * np.log10(np.maximum(bands, 1e-4 * loud / bands.shape[1]))
    rise = np.maximum(np.diff(decibels, axis=0, prepend=decibels[:1]), 0)
    # Slow swells rise as well; a stroke does so at once.
    rise = np.maximum(rise - 1.5, 0)
    low, high = np.searchsorted(BAND_HZ, (150, 2000))
    parts = (rise[:, :low], rise[:, low:high], rise[:, high:])
    means = _means(np.stack([part.mean(axis=1) for part in parts], axis=1), edges)
    return np.asarray(means / np.maximum(means.max(axis=0, initial=0), 0.3))


def _means(rows: Array, edges: Sequence[float]) -> Array:
    """The mean of the rows that lie in each bar; every bar has one at least."""
    sums = np.vstack([np.zeros((1, rows.shape[1])), np.cumsum(rows, axis=0)])
    at = np.clip(np.round(np.asarray(edges) / TEXTURE_HOP).astype(int), 0, len(rows))
    first, last = at[:-1], np.maximum(at[1:], at[:-1] + 1)
    last = np.minimum(last, len(rows))
    first = np.minimum(first, last - 1)
    return np.asarray((sums[last] - sums[first]) / (last - first)[:, None])
