"""Random drums, basses and chords, to fit the drum detectors to: no two songs sound alike.

Sounds are float64, mono, at `RATE` a second; every function takes the generator it draws from.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RATE = 44100

Sound = NDArray[np.float64]
Random = np.random.Generator
Note = Callable[[float, float], Sound]
"""A sound from its frequency in Hz and its length in seconds."""


@dataclass(frozen=True, slots=True)
class Kit:
    """A maker for each drum: each call gives another stroke of it."""

    kick: Callable[[], Sound]
    snare: Callable[[], Sound]
    hat: Callable[[], Sound]


def even(random: Random, low: float, high: float) -> float:
    """A number drawn evenly by ratio: as often from 1 to 2 as from 2 to 4."""
    return float(np.exp(random.uniform(np.log(low), np.log(high))))


def clock(seconds: float) -> Sound:
    """The seconds of each sample."""
    return np.arange(round(seconds * RATE)) / RATE


def noise(random: Random, seconds: float, low: float, high: float) -> Sound:
    """White noise between two frequencies in Hz, with an RMS of 1."""
    count = round(seconds * RATE)
    spectrum = np.fft.rfft(random.standard_normal(count))
    hertz = np.fft.rfftfreq(count, 1 / RATE)
    spectrum[(hertz < low) | (hertz > high)] = 0
    found = np.fft.irfft(spectrum, count)
    return np.asarray(found / found.std())


def swept(start: float, end: float, fall: float, decay: float, seconds: float) -> Sound:
    """A sine that falls from `start` to `end` Hz and fades, with time constants in seconds."""
    t = clock(seconds)
    phase = 2 * np.pi * (end * t + (start - end) * fall * (1 - np.exp(-t / fall)))
    return np.asarray(np.sin(phase) * np.exp(-t / decay))


def saw(hertz: float, seconds: float, cutoff: float) -> Sound:
    """A saw wave below `cutoff` Hz, falling by 12 dB an octave above half of it."""
    t = clock(seconds)
    total = np.zeros_like(t)
    for number in range(1, int(cutoff / hertz) + 1):
        dark = 1 / (1 + (2 * number * hertz / cutoff) ** 2)
        total += dark * np.sin(2 * np.pi * number * hertz * t) / number
    return total


def ends(sound: Sound, attack: float, release: float) -> Sound:
    """The sound with straight slopes of some seconds at its ends."""
    t = np.arange(len(sound)) / RATE
    return np.asarray(sound * np.clip(np.minimum(t / attack, (t[-1] - t) / release), 0, 1))


def random_kit(random: Random) -> Kit:
    """Drums whose pitches, lengths and noises are drawn once."""
    return Kit(_kick(random), _snare(random), _hat(random))


def _kick(random: Random) -> Callable[[], Sound]:
    end, fall, decay = even(random, 38, 75), even(random, 0.006, 0.045), even(random, 0.05, 0.35)
    start = max(even(random, 70, 400), 1.5 * end)
    click = random.uniform(0, 0.25) * (random.random() < 0.6)
    low, drive = even(random, 800, 3000), random.uniform(0, 2) * (random.random() < 0.3)

    def stroke() -> Sound:
        sound = swept(start, end, fall, decay, min(4 * decay + 0.1, 0.9))
        if drive:
            sound = np.tanh((1 + drive) * sound) / np.tanh(1 + drive)
        beater = noise(random, 0.03, low, 8000) * np.exp(-clock(0.03) / 0.004)
        sound[: len(beater)] += click * beater
        return 0.85 * sound

    return stroke


def _snare(random: Random) -> Callable[[], Sound]:
    body, decay, t = even(random, 140, 280), even(random, 0.05, 0.2), clock(0.5)
    low, high = even(random, 250, 1800), even(random, 6000, 14000)
    tone, fade = random.uniform(0.05, 0.8), even(random, 0.03, 0.12)
    loud, bend = random.uniform(0.12, 0.4), random.uniform(1, 1.5)
    hands = sum(np.exp(-np.clip(t - at, 0, None) / 0.008) * (t >= at) for at in (0, 0.01, 0.02))
    room = np.exp(-np.clip(t - 0.028, 0, None) / decay) * (t >= 0.028)

    def clap() -> Sound:
        return np.asarray(loud * noise(random, 0.5, 600 + low / 2, 7000) * (0.6 * hands + room))

    def stroke() -> Sound:
        skin = swept(body * bend, body, 0.01, fade, 0.5)
        skin += 0.3 * swept(body * 1.8, body * 1.75, 0.01, 0.7 * fade, 0.5)
        return loud * noise(random, 0.5, low, high) * np.exp(-t / decay) + tone * skin

    return clap if random.random() < 0.3 else stroke


def _hat(random: Random) -> Callable[[], Sound]:
    low, closed, opened = (
        even(random, 3000, 8000),
        even(random, 0.01, 0.05),
        even(random, 0.05, 0.2),
    )
    loud, t = even(random, 0.05, 0.25), clock(0.35)
    pitches = (4130, 5290, 6120, 7370, 8230, 9410) if random.random() < 0.4 else ()
    metal = 0.25 * sum((np.sign(np.sin(2 * np.pi * f * t)) for f in pitches), np.zeros_like(t))

    def stroke() -> Sound:
        decay = opened if random.random() < 0.2 else closed
        hiss = noise(random, 0.35, low, 18000) * (0.5 if pitches else 1)
        return np.asarray(loud * (hiss + metal) * np.exp(-t / decay))

    return stroke


def random_bass(random: Random) -> Note:
    """A bass: a saw, a plucked saw whose upper half fades sooner, or a sum of fading sines."""
    cutoff, attack, kind = even(random, 1.5, 40), even(random, 0.001, 0.015), random.integers(3)
    bright, dark, loud = even(random, 0.04, 1), even(random, 0.08, 3), random.uniform(0.1, 0.45)

    def note(hertz: float, seconds: float) -> Sound:
        t, top = clock(seconds), min(hertz * cutoff, 3000)
        if kind == 0:
            sound = saw(hertz, seconds, top)
        elif kind == 1:
            upper = saw(hertz, seconds, max(top, 600)) * np.exp(-t / bright)
            sound = upper + saw(hertz, seconds, max(200, 1.5 * hertz)) * np.exp(-t / dark)
        else:
            sound = np.zeros_like(t)
            for number in range(1, int(max(top, 2 * hertz) / hertz) + 1):
                fading = np.exp(-t * number / dark / 2) / number**1.2
                sound += np.sin(2 * np.pi * hertz * number * t) * fading
        return loud * ends(sound, attack, even(random, 0.005, 0.05))

    return note
