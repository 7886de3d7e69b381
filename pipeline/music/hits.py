"""Kicks, snares and hats by how the power in bands of frequency rises and falls.

Around each hop it is measured how much louder each band is just after than just before it, 45 ms
later and 100 ms later. A kick fills the bands above it for some hundredths of a second and leaves
the lowest louder; a bass note keeps what it began; a snare is a body about 200 Hz with a noise that
lasts; a hat has nothing below it. The logarithms of these rises, relative to all of them, are
weighed into three chances, so the level of a song does not matter.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from pipeline.music.drum_weights import CHANCES, CHANCES_BIAS, SIGNS, SIGNS_BIAS
from pipeline.music.features import Spectra, band_power

Floats = NDArray[np.float32]
Number = TypeVar("Number", np.float32, np.complex64)

DRUMS = ("kick", "snare", "hat")

LONG_EDGES = (20.0, 65.0, 110.0, 200.0)
"""Limits in Hz of the three bands that are told apart by the long window."""
SHORT_EDGES = (110.0, 200.0, 400.0, 1000.0, 3000.0, 6000.0, 11000.0)
"""Limits in Hz of the six bands whose moments the short window tells."""
BANDS = len(LONG_EDGES) + len(SHORT_EDGES) - 2
SUB = 5
"""Columns of `Spectra.sub`."""
SLIGHTEST = 0.02
"""The chance up to which nothing more is asked."""
CONTEXT = 32
"""Hops before and after one that are looked at: 160 ms."""

_LATER = (6, 9, 14, 20, 32)
"""Hops after a hit at which it is looked at again."""
_PARTS = {"kick": slice(0, 5), "snare": slice(4, 8), "hat": slice(7, 9)}
"""The bands whose rise is the strength of a drum."""
_CLEAR = {"kick": slice(0, 5), "snare": slice(6, 8), "hat": slice(7, 9)}
"""The bands of a drum of which one must double, and counts in full if it triples: by chance noise
rises by less."""
_QUICK = {"kick": slice(3, 5), "snare": slice(4, 8), "hat": slice(7, 9)}
"""The bands of a drum that are of the short window, which tells when it begins."""
_FAINT = 1e-3
"""The part of the whole rise below which a band's own says nothing."""


def band_powers(chunk: Spectra) -> Floats:
    """`(hops, 9 + 10)`: the power of each band, then real and imaginary parts of the lowest."""
    bands = [band_power(chunk.long, *pair) for pair in pairwise(LONG_EDGES)]
    bands += [band_power(chunk.short, *pair) for pair in pairwise(SHORT_EDGES)]
    return np.column_stack((*bands, chunk.sub.real, chunk.sub.imag))


def rises(rows: Floats) -> tuple[Floats, Floats, Floats]:
    """The rise of each band at each hop, what it rises from, and what is weighed.

    The first two are powers, `(hops, 9)`; the last are logarithms, `(hops, 64)`.

    `rows` are those of `band_powers` with CONTEXT more at either end, which have no values.
    """
    bands = rows[:, :BANDS]
    sub = np.empty((len(rows), SUB), np.complex64)
    sub.real, sub.imag = rows[:, BANDS : BANDS + SUB], rows[:, BANDS + SUB : BANDS + 2 * SUB]
    slow = len(LONG_EDGES) - 1
    before = np.concatenate((_at(bands, -6)[:, :slow], _at(bands, -4)[:, slow:]), axis=1)
    just = np.max([_at(bands, hop) for hop in range(4)], axis=0)
    just[:, :slow] = _at(bands, 6)[:, :slow]
    new = np.maximum(just - before, 0)
    later = [np.maximum(_at(bands, hop) - before, 0) for hop in _LATER]
    unforeseen = _unforeseen(sub)[:, None]
    everything = new.sum(axis=1, keepdims=True) + unforeseen + np.float32(1e-20)
    parts = np.concatenate((new, *later, before, unforeseen), axis=1) / everything
    return new, before, np.log(np.minimum(parts, 1e3) + np.float32(_FAINT))


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a drum at each hop of a piece of a song."""

    loud: Floats
    """`(hops, 3)` for DRUMS: linear amplitude of what begins in a drum's bands; 0 if that is not
    clearly more than chance."""
    chances: Floats
    """`(hops, 3)`: the chance that the drum is struck there. A hit shows in the hops around it."""
    slopes: Floats
    """`(hops, 3)`: how fast the amplitude rises, which is steepest within 5 ms of the beginning."""
    kept: NDArray[np.intp]
    """The hops of which `weighed` is known, rising: those where any chance is above SLIGHTEST."""
    weighed: NDArray[np.float16]
    """`(len(kept), 64)`: what was weighed there."""


def listen(rows: Floats) -> Evidence:
    """The evidence in `rows`, which are those of `rises`."""
    new, before, weighed = rises(rows)
    first, bias, second, last = (
        np.asarray(table, np.float32) / 100 for table in (SIGNS, SIGNS_BIAS, CHANCES, CHANCES_BIAS)
    )
    chances = 1 / (1 + np.exp(-(np.tanh(weighed @ first + bias) @ second + last)))
    fresh = new / (before + np.float32(1e-20))
    clear = [np.clip(fresh[:, _CLEAR[drum]].max(axis=1) - 1, 0, 1) for drum in DRUMS]
    loud = [np.sqrt(new[:, _PARTS[drum]].sum(axis=1)) for drum in DRUMS]
    kept = np.flatnonzero(chances.max(axis=1) > SLIGHTEST)
    loud_and_clear = np.asarray(np.column_stack(loud) * np.column_stack(clear), np.float32)
    return Evidence(
        loud_and_clear,
        chances.astype(np.float32),
        _slopes(rows),
        kept,
        weighed[kept].astype(np.float16),
    )


def _slopes(rows: Floats) -> Floats:
    amplitudes = np.sqrt(rows[:, :BANDS])
    rising = np.maximum(_at(amplitudes, 1) - _at(amplitudes, -2), 0)
    return np.column_stack([rising[:, _QUICK[drum]].sum(axis=1) for drum in DRUMS])


def _at(rows: NDArray[Number], hop: int) -> NDArray[Number]:
    """The rows that lie `hop` after each one that has values."""
    return rows[CONTEXT + hop : len(rows) - CONTEXT + hop]


def _unforeseen(sub: NDArray[np.complex64]) -> Floats:
    """The power 30 ms after each hop that goes beyond its tones 30 ms before, had they gone on.

    A kick that meets the tail of another one, or a bass, may leave the band no louder than before:
    it shows in the phase.
    """
    last, earlier = _at(sub, -6), _at(sub, -8)
    turn = last * np.conj(earlier)
    turn /= np.abs(turn) + np.float32(1e-30)
    foreseen = last * (turn * turn * turn) * (turn * turn * turn)
    return np.asarray(np.square(np.abs(_at(sub, 6) - foreseen)).sum(axis=1), np.float32)
