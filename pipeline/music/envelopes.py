"""The envelopes of a song: how loud it and its parts are, and when something begins in it.

Conventions:
    Value k belongs to the second k * HOP of the file (5 ms apart), and describes the sound around
    it: nothing is late, and what is loud at once shows up to half a window earlier. A song of n
    seconds has n / HOP + 1 values.

    Each envelope runs from 0 to 1 over the whole song: it is divided by its own largest value.
    Values are linear amplitudes, not decibels: half the amplitude is half the value. Where there is
    nothing, or nothing above `SILENT`, an envelope is 0 throughout.

    `loudness`, `low`, `mid`, `high` and any `band` are the root of the mean square of what lies
    between two frequencies, `BANDS` in Hz, in a Hann window of 46 ms (half of which counts).
    `onset` is how much begins: the sum over bands of what the root of their amplitude gains within
    10 ms over the 25 ms before. `kick`, `snare` and `hat` are 0 but at the single values where
    such a drum is struck, and there its amplitude; a hit that is more than twice as loud as the
    middle one of the song counts as twice as loud.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from pipeline.music.drums import find_hits
from pipeline.music.features import HIGHEST, LOWEST, RATE, Spectra, band_power, spectra
from pipeline.music.hits import CONTEXT, DRUMS, Floats, band_powers, listen
from pipeline.music.sound import Samples, noted

Levels = NDArray[np.uint16]
"""An envelope as it is kept: 0 to 65535 for 0 to 1."""

BANDS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "loudness": (LOWEST, HIGHEST),
        "low": (LOWEST, 150.0),
        "mid": (150.0, 2500.0),
        "high": (2500.0, HIGHEST),
    }
)
"""Limits in Hz of the loudness and of its parts."""

NAMES = (*BANDS, "onset", *DRUMS)
"""The envelopes that a song has by name."""

SILENT = 1e-4
"""Root mean square below which there is silence: 80 dB below a sine at full scale, or so."""

_FAINTEST_HIT = 0.03
"""Amplitude of the faintest hit, relative to the loudest moment of the song: -30 dB."""
_LOUDEST_HIT = 2.0
"""Amplitude of the loudest hit, relative to the middle one: a freak hides no others."""
_TOP = 65535
_ONSET_BANDS = 24
_LAGS = range(2, 8)
"""Hops before an onset that it is measured against: 10 to 35 ms, to hear no beating of tones."""


@dataclass(frozen=True, slots=True)
class Measured:
    """All that is found in one pass over a song."""

    envelopes: Mapping[str, Levels]
    """By NAMES."""
    duration: float
    """Seconds."""


def measure(blocks: Iterable[Samples]) -> Measured:
    """The envelopes of a song, whose sound comes in blocks at `features.RATE`.

    An hour needs some 250 MB of memory, half of which is the same for a minute.
    """
    lengths: list[int] = []
    bands: list[Floats] = []
    rows = _rows(spectra(noted(blocks, lengths)), bands)
    onsets, parts = [], []
    for part in _in_context(rows):
        onsets.append(_onsets(part))
        parts.append(listen(part))
    curves = np.concatenate(bands)
    loudest = float(curves[:, 0].max())
    begun = np.concatenate(onsets) * np.float32(loudest >= SILENT)
    struck = _even_hits(find_hits(parts, max(_FAINTEST_HIT * loudest, SILENT)))
    columns = [_levels(_heard(curve)) for curve in curves.T]
    columns += [_levels(curve) for curve in (begun, *struck.T)]
    return Measured(dict(zip(NAMES, columns, strict=True)), sum(lengths) / RATE)


def measure_band(blocks: Iterable[Samples], low: float, high: float) -> Levels:
    """The envelope of what lies between two frequencies in Hz, of LOWEST to HIGHEST.

    A band is no sharper than 40 Hz at its limits.
    """
    parts = [np.sqrt(band_power(chunk.long, low, high)) for chunk in spectra(blocks)]
    return _levels(_heard(np.concatenate([*parts, np.zeros(0, np.float32)])))


def values(levels: Levels) -> NDArray[np.float64]:
    """An envelope from 0 to 1, as it is used."""
    return levels / _TOP


def _rows(chunks: Iterable[Spectra], bands: list[Floats]) -> Iterator[Floats]:
    """What hits and onsets are found from; the roots of `BANDS` are put into `bands`."""
    edges = np.geomspace(60, HIGHEST, _ONSET_BANDS + 1).tolist()
    for chunk in chunks:
        amplitudes = [np.sqrt(band_power(chunk.long, *limits)) for limits in BANDS.values()]
        bands.append(np.column_stack(amplitudes))
        fine = [band_power(chunk.short, *pair) for pair in pairwise(edges)]
        yield np.column_stack((band_powers(chunk), *fine))


def _in_context(rows: Iterable[Floats]) -> Iterator[Floats]:
    """The rows in pieces, each with CONTEXT rows of its neighbours; around all is silence."""
    held: Floats | None = None
    for part in rows:
        silence = np.zeros((CONTEXT, part.shape[1]), np.float32)
        held = np.concatenate((silence if held is None else held, part))
        if len(held) > 2 * CONTEXT:
            yield held
            held = held[-2 * CONTEXT :]
    if held is not None:
        held = np.concatenate((held, np.zeros((CONTEXT, held.shape[1]), np.float32)))
        if len(held) > 2 * CONTEXT:
            yield held


def _onsets(rows: Floats) -> Floats:
    """How much begins at each hop of rows with context."""
    roots = np.sqrt(np.sqrt(rows[:, -_ONSET_BANDS:]))
    # A root rises most where the window has just reached what begins, a hop before its middle has.
    after = roots[CONTEXT : len(rows) - CONTEXT]
    before = np.max([roots[CONTEXT - lag : len(rows) - CONTEXT - lag] for lag in _LAGS], axis=0)
    return np.asarray(np.maximum(after - before, 0).sum(axis=1), np.float32)


def _even_hits(found: Floats) -> Floats:
    """The hits, of which none is far louder than the others."""
    for column in found.T:
        struck = column[column > 0]
        if struck.size:
            np.minimum(column, _LOUDEST_HIT * np.median(struck), out=column)
    return found


def _heard(curve: Floats) -> Floats:
    return curve if curve.max(initial=0) >= SILENT else np.zeros_like(curve)


def _levels(curve: Floats) -> Levels:
    largest = curve.max(initial=0)
    if largest <= 0:
        return np.zeros(len(curve), np.uint16)
    return np.rint(curve.astype(np.float64) * (_TOP / float(largest))).astype(np.uint16)
