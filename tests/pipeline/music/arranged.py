"""Songs whose sections are known: parts of so many bars, each with its instruments and chords."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from pipeline.music.sound import RATE

Array = NDArray[np.float64]

MINOR = (57, 53, 48, 55)
"""Roots of A minor, F, C, G."""
DARK = (50, 58, 51, 56)
"""Roots of D, B flat, E flat and A flat, which share few tones with those."""


@dataclass(frozen=True, slots=True)
class Played:
    """One part: how many bars, what plays, how loud (1 is full) and over which roots."""

    bars: int
    plays: str = "drums bass pad"
    gain: float = 1.0
    roots: Sequence[int] = MINOR
    bright: float = 1.0


def arranged(
    parts: Sequence[Played], *, bar: float = 2.0, beats: int = 4, lead: float = 0.0, seed: int = 1
) -> tuple[NDArray[np.float32], list[float], list[float]]:
    """Samples at `RATE`, the seconds of all bars, and those at which parts begin."""
    rng = np.random.default_rng(seed)
    count = sum(part.bars for part in parts)
    sound = 0.001 * rng.standard_normal(round((lead + count * bar + 0.2) * RATE))
    starts, bars, now = [], [], lead
    for part in parts:
        starts.append(now)
        for k in range(part.bars):
            bars.append(now)
            for at, tone in _bar(part, k, bar, beats, rng):
                first = round((now + at) * RATE)
                piece = sound[first : first + len(tone)]
                piece += 0.2 * part.gain * tone[: len(piece)]
            now += bar
    return sound.astype(np.float32), bars, starts


def _bar(
    part: Played, k: int, bar: float, beats: int, rng: np.random.Generator
) -> Iterator[tuple[float, Array]]:
    beat, root = bar / beats, part.roots[k % len(part.roots)]
    if "pad" in part.plays:
        for pitch in (root + 12, root + 15 + (root in (53, 48, 55)), root + 19):
            yield 0.0, 0.3 * _tone(pitch, bar, part.bright)
    for n in range(beats):
        if "bass" in part.plays:
            yield n * beat, 0.8 * _tone(root - 12, beat, 0.4) * _decay(beat, 0.3)
        if "drums" in part.plays:
            yield n * beat, _noise(rng, 0.3, 0.05, 40) if n % 2 else _kick()
        if "hats" in part.plays or "drums" in part.plays:
            for half in (0, 0.5):
                yield (n + half) * beat, 0.3 * _noise(rng, 0.1, 0.02, 1)


@lru_cache
def _tone(pitch: int, seconds: float, bright: float) -> Array:
    t, hertz = np.arange(round(seconds * RATE)) / RATE, 440 * 2 ** ((pitch - 69) / 12)
    wave = sum(np.sin(2 * np.pi * k * hertz * t) / k ** (2 / bright) for k in range(1, 12))
    return np.asarray(wave * np.clip(t / 0.01, 0, 1) * np.clip((seconds - t) / 0.02, 0, 1))


def _decay(seconds: float, fall: float) -> Array:
    return np.asarray(np.exp(-np.arange(round(seconds * RATE)) / RATE / fall))


def _kick() -> Array:
    t = np.arange(round(0.3 * RATE)) / RATE
    return np.asarray(
        2 * np.sin(2 * np.pi * 50 * t + 6 * (1 - np.exp(-t / 0.03))) * _decay(0.3, 0.08)
    )


def _noise(rng: np.random.Generator, seconds: float, fall: float, smooth: int) -> Array:
    noise = rng.standard_normal(round(seconds * RATE))
    if smooth > 1:
        noise = noise + 2 * np.sin(2 * np.pi * 190 * np.arange(len(noise)) / RATE)
    else:
        noise = np.diff(noise, prepend=0.0)
    return np.asarray(noise * _decay(seconds, fall))
