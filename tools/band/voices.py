"""Voices of a small band: each returns the samples of one stroke or note, beginning at its start.

Conventions:
    Samples are float64 around 0, `RATE` a second; loudness about that of the voice in a mix with
    a peak near 1. `rng` is where a voice's noise comes from.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from pipeline.music.sound import RATE

Sound = NDArray[np.float64]


def pitch(note: float) -> float:
    """Hertz of a MIDI note number; 69 is 440 Hz."""
    return float(440 * 2 ** ((note - 69) / 12))


def kick(rng: np.random.Generator) -> Sound:
    """A bass drum: a sine that falls from 170 to 48 Hz, and the click of the beater."""
    t = _time(0.28)
    phase = 2 * np.pi * np.cumsum(48 + 122 * np.exp(-t / 0.022)) / RATE
    body = np.sin(phase) * np.exp(-t / 0.09) * _attack(t, 0.001)
    return 0.85 * body + 0.18 * rng.normal(size=t.size) * np.exp(-t / 0.0015)


def snare(rng: np.random.Generator) -> Sound:
    """A snare drum: two modes of the skin, and the rattle of the wires from 600 Hz up."""
    t = _time(0.22)
    skin = np.sin(2 * np.pi * 186 * t) + 0.6 * np.sin(2 * np.pi * 331 * t)
    wires = _band(rng.normal(size=t.size), 600, 9000) * np.exp(-t / 0.055)
    return (0.3 * skin * np.exp(-t / 0.035) + 0.42 * wires) * _attack(t, 0.0007)


def hat(rng: np.random.Generator) -> Sound:
    """A closed hi-hat: noise above 5 kHz that is gone after 80 ms."""
    t = _time(0.12)
    return 0.3 * _band(rng.normal(size=t.size), 5000, 11000) * np.exp(-t / 0.025)


def bass(note: float, seconds: float) -> Sound:
    """A plucked bass with harmonics that fade sooner the higher they are."""
    t = _time(seconds)
    tone = sum(
        np.sin(2 * np.pi * pitch(note) * h * t) * np.exp(-t * (1.5 + 1.1 * h)) / h
        for h in range(1, 9)
    )
    return 0.3 * np.asarray(tone) * _attack(t, 0.004) * _release(t, 0.02)


def chord(notes: tuple[float, ...], seconds: float, attack: float = 0.008) -> Sound:
    """A struck chord that is held, such as an electric piano's."""
    t = _time(seconds)
    tone = sum(
        np.sin(2 * np.pi * pitch(note) * h * t + note) / h**1.6
        for note in notes
        for h in range(1, 7)
    )
    return 0.1 * np.asarray(tone) * np.exp(-t / 1.5) * _attack(t, attack) * _release(t, 0.05)


def pad(notes: tuple[float, ...], seconds: float, vibrato: float = 0.0) -> Sound:
    """A chord of strings that comes and goes over half a second; `vibrato` in semitones."""
    t = _time(seconds)
    tone = np.zeros(t.size)
    for index, note in enumerate(notes):
        for h in range(1, 8):
            for detune in (-0.04, 0.05):
                bend = vibrato * np.sin(2 * np.pi * (5.1 + 0.23 * index) * t + index)
                turns = np.cumsum(pitch(note + detune) * h * 2 ** (bend / 12)) / RATE
                tone += np.sin(2 * np.pi * turns + 1.7 * h + note) / h**1.4
    return 0.045 * tone * _attack(t, min(0.5, seconds / 3)) * _release(t, min(0.5, seconds / 3))


def syllable(rng: np.random.Generator, note: float, seconds: float) -> Sound:
    """A vowel with two formants after a short hiss, as in speech."""
    t = _time(seconds)
    first, second = rng.uniform(300, 800), rng.uniform(900, 2300)
    bent = pitch(note) * (1 + rng.uniform(-0.12, 0.12) * t / seconds)
    turns = np.cumsum(bent) / RATE
    tone = np.zeros(t.size)
    for h in range(1, 30):
        hertz = pitch(note) * h
        weight = np.exp(-(((hertz - first) / 150) ** 2)) + 0.5 * np.exp(
            -(((hertz - second) / 200) ** 2)
        )
        tone += (weight + 0.02 / h) * np.sin(2 * np.pi * h * turns)
    hiss = _band(rng.normal(size=t.size), 2500, 9000) * np.exp(-t / 0.03) * rng.uniform(0, 0.3)
    return 0.25 * (tone + hiss) * np.sin(np.pi * np.minimum(t / seconds, 1)) ** 0.7


def _time(seconds: float) -> Sound:
    return np.arange(round(seconds * RATE)) / RATE


def _attack(t: Sound, seconds: float) -> Sound:
    return np.minimum(1.0, (t + 1 / RATE) / seconds)


def _release(t: Sound, seconds: float) -> Sound:
    falling: Sound = np.clip((t[-1] - t) / seconds, 0.0, 1.0)
    return falling


def _band(noise: Sound, low: float, high: float) -> Sound:
    """Noise between two frequencies, as loud as before, without anything ahead of its start."""
    taps = _taps(low, high)
    heard: Sound = np.convolve(noise, taps)[: noise.size]
    return heard / (np.std(heard) + 1e-9)


@cache
def _taps(low: float, high: float) -> Sound:
    """The first 64 samples of a filter with the least delay for its gain (by its cepstrum)."""
    hertz = np.fft.rfftfreq(1024, 1 / RATE)
    gain = 1 / (1 + (low / (hertz + 1)) ** 6) / (1 + (hertz / high) ** 12)
    cepstrum = np.fft.irfft(np.log(gain + 1e-4))
    cepstrum[1:512] *= 2
    cepstrum[513:] = 0
    return np.asarray(np.fft.irfft(np.exp(np.fft.rfft(cepstrum))))[:64]
