"""The instruments: each is a function from a pitch, a length and a velocity to samples.

Conventions:
    Mono float64 at `RATE`; a note begins at its first sample, within a millisecond. Tones are sums
    of partials, none above the half of the rate, so that nothing is folded back.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

RATE = 44100
Samples = NDArray[np.float64]


def frequency(pitch: float) -> float:
    """Hertz of a MIDI pitch."""
    return float(440 * 2 ** ((pitch - 69) / 12))


def times(seconds: float) -> Samples:
    """The time of each sample of so many seconds."""
    return np.arange(round(seconds * RATE)) / RATE


def partials(hertz: float, seconds: float, cutoff: float, slope: float = 2.0) -> Samples:
    """A saw whose partials are turned down above `cutoff` Hz, by `slope` powers of the ratio."""
    t, wave = times(seconds), np.zeros(round(seconds * RATE))
    for k in range(1, int(min(0.45 * RATE, 6 * cutoff) / hertz) + 1):
        level = 1 / (k * (1 + (k * hertz / cutoff) ** (2 * slope)))
        # Phases that differ, or all partials would meet in one tall peak.
        wave += level * np.sin(2 * np.pi * k * hertz * t + k * k * 0.7)
    return wave


def swell(seconds: float, attack: float, release: float) -> Samples:
    """From 0 to 1 in `attack` seconds and back in the last `release` ones, along cosines."""
    t = times(seconds)
    rise = np.clip(t / attack, 0, 1)
    fall = np.clip((seconds - t) / release, 0, 1)
    return np.asarray((0.5 - 0.5 * np.cos(np.pi * rise)) * (0.5 - 0.5 * np.cos(np.pi * fall)))


def pad(pitch: int, seconds: float, cutoff: float) -> tuple[Samples, Samples]:
    """Left and right of a soft chord tone: three saws, a little out of tune, that swell."""
    total = seconds + 0.3
    low, mid, high = (
        partials(frequency(pitch + cents / 100), total, cutoff) for cents in (-7, 0, 6)
    )
    shape = swell(total, 0.05, 0.35)
    return shape * (mid + 1.4 * low), shape * (mid + 1.4 * high)


def bass(pitch: int, seconds: float) -> Samples:
    """A dark saw over its own sine, with a short bright beginning."""
    total = seconds + 0.05
    t, hertz = times(total), frequency(pitch)
    dark, bright = partials(hertz, total, 220), partials(hertz, total, 900)
    wave = dark + np.exp(-t / 0.09) * (bright - dark) + 0.6 * np.sin(2 * np.pi * hertz * t)
    return np.asarray(wave * swell(total, 0.004, 0.05))


def pluck(pitch: int, seconds: float) -> Samples:
    """A small bell: a sine that another one shakes at first."""
    t, hertz = times(seconds + 0.6), frequency(pitch)
    shake = 1.6 * np.exp(-t / 0.08) * np.sin(2 * np.pi * 3 * hertz * t)
    wave = np.sin(2 * np.pi * hertz * t + shake) * np.exp(-t / 0.22)
    return np.asarray(wave * swell(len(t) / RATE, 0.002, 0.1))


def lead(pitch: int, seconds: float) -> Samples:
    """A singing tone with a late, slow vibrato."""
    total = seconds + 0.08
    t, hertz = times(total), frequency(pitch)
    vibrato = 0.09 * np.clip((t - 0.25) / 0.4, 0, 1) * np.sin(2 * np.pi * 5.2 * t)
    phase = 2 * np.pi * hertz * np.cumsum(2 ** (vibrato / 12)) / RATE
    wave = sum(np.sin(k * phase) / k**1.6 for k in range(1, 9))
    return np.asarray(wave * swell(total, 0.015, 0.08) * (0.75 + 0.25 * np.exp(-t / 0.2)))


def kick(velocity: float) -> Samples:
    """A sine that falls from 180 Hz to 47 Hz, with a click."""
    t = times(0.42)
    phase = 2 * np.pi * (47 * t + (180 - 47) * 0.032 * (1 - np.exp(-t / 0.032)))
    body = np.sin(phase + 0.35) * np.exp(-t / 0.1) * np.clip((0.42 - t) / 0.05, 0, 1)
    click = 0.25 * np.sin(2 * np.pi * 1900 * t) * np.exp(-t / 0.003)
    return np.asarray(velocity * (np.tanh(1.6 * body) + click))


def snare(velocity: float, rng: np.random.Generator) -> Samples:
    """A short tone under a burst of noise."""
    t = times(0.3)
    tone = np.sin(2 * np.pi * 186 * t) + 0.5 * np.sin(2 * np.pi * 331 * t)
    rattle = _band(rng.standard_normal(len(t)), 900, 9000)
    fade = np.clip((0.3 - t) / 0.05, 0, 1)
    return np.asarray(
        velocity * fade * (0.5 * tone * np.exp(-t / 0.06) + 0.8 * rattle * np.exp(-t / 0.09))
    )


def hat(velocity: float, decay: float, rng: np.random.Generator) -> Samples:
    """High noise that dies away by e in `decay` seconds; a cymbal if that is long."""
    t = times(min(6 * decay, 2.5))
    noise = _band(rng.standard_normal(len(t)), 6000, 15000)
    return np.asarray(velocity * noise * np.exp(-t / decay) * np.clip((t[-1] - t) / 0.01, 0, 1))


def sea(seconds: float, rng: np.random.Generator) -> Samples:
    """Low noise that comes and goes, as waves do every four seconds."""
    t = times(seconds)
    water = _band(rng.standard_normal(len(t)), 150, 1400)
    return np.asarray(water * (0.6 + 0.4 * np.sin(2 * np.pi * t / 4 - 0.9)))


def riser(seconds: float, rng: np.random.Generator) -> Samples:
    """Noise that grows and grows brighter until its end."""
    t = times(seconds)
    share = t / seconds
    noise = rng.standard_normal(len(t))
    dull, bright = _band(noise, 300, 1500), _band(noise, 1500, 9000)
    return np.asarray(share**2 * ((1 - share) * dull + share * bright))


def _band(noise: Samples, low: float, high: float) -> Samples:
    """Noise between two frequencies, with soft edges, of standard deviation 0.3."""
    from scipy.signal import butter, sosfilt

    kept = sosfilt(butter(2, [low, high], "bandpass", fs=RATE, output="sos"), noise)
    return np.asarray(0.3 * kept / kept.std())
