"""Grooves with known truth: drums in several styles, bass notes and chords, seeded.

Conventions:
    Sounds are float64, mono, at `RATE` a second. A `Groove` says when each of its sounds begins, in
    seconds; velocities lie from 0.6 to 1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from tools.drums.sounds import RATE, Random, Sound, clock, ends, noise, saw, swept

LEAD = 0.5
"""Seconds of silence before the first beat."""


@dataclass(frozen=True)
class Groove:
    """What is heard and when: `times` in seconds by instrument, of those that are there."""

    samples: Sound
    times: Mapping[str, tuple[float, ...]]


@dataclass(frozen=True)
class Kit:
    """A maker for each of the three drums; each takes the seeded generator."""

    kick: Callable[[Random], Sound]
    snare: Callable[[Random], Sound]
    hat: Callable[[Random], Sound]


def _at_once(*sounds: Sound) -> Sound:
    total = np.zeros(max(map(len, sounds)))
    for sound in sounds:
        total[: len(sound)] += sound
    return total


def _machine_hat(random: Random) -> Sound:
    t = clock(0.15)
    tones = sum(np.sign(np.sin(2 * np.pi * f * t)) for f in (4130, 5290, 6120, 7370, 8230, 9410))
    decay = np.exp(-t / random.choice([0.015, 0.02, 0.06]))
    return np.asarray(0.05 * tones * decay) + 0.05 * noise(random, 0.15, 6000, 16000) * decay


def _cymbal(random: Random) -> Sound:
    t = clock(0.3)
    return 0.16 * noise(random, 0.3, 5000, 18000) * np.exp(-t / random.choice([0.02, 0.03, 0.08]))


def _snare(random: Random, body: float, decay: float, low: float) -> Sound:
    t = clock(0.4)
    wires = 0.22 * noise(random, 0.4, low, 12000) * np.exp(-t / decay)
    tones = 0.45 * swept(body * 1.3, body, 0.01, 0.06, 0.4)
    return wires + tones + 0.2 * swept(body * 1.8, body * 1.75, 0.01, 0.04, 0.4)


def _beater(random: Random) -> Sound:
    return 0.12 * noise(random, 0.03, 1500, 6000) * np.exp(-clock(0.03) / 0.004)


KITS = {
    "808": Kit(
        lambda random: 0.9 * swept(130, 47, 0.018, 0.28, 0.9),
        lambda random: _snare(random, 185, 0.09, 1000),
        _machine_hat,
    ),
    "909": Kit(
        lambda random: 0.9 * _at_once(swept(260, 52, 0.02, 0.13, 0.5), 0.5 * _beater(random)),
        lambda random: _snare(random, 200, 0.11, 700),
        _machine_hat,
    ),
    "acoustic": Kit(
        lambda random: 0.8 * _at_once(swept(105, 62, 0.03, 0.09, 0.4), _beater(random)),
        lambda random: _snare(random, 215, 0.13, 400),
        _cymbal,
    ),
    "dull": Kit(
        lambda random: 0.8 * swept(160, 55, 0.012, 0.07, 0.3),
        lambda random: _snare(random, 170, 0.07, 1500),
        _cymbal,
    ),
}
"""Drums by the name of their style."""


def _saw_bass(random: Random, hertz: float, seconds: float) -> Sound:
    return 0.3 * ends(saw(hertz, seconds, 900), 0.004, 0.02)


def _sub_bass(random: Random, hertz: float, seconds: float) -> Sound:
    return 0.4 * ends(saw(hertz, seconds, 1.5 * hertz), 0.006, 0.02)


def _plucked_bass(random: Random, hertz: float, seconds: float) -> Sound:
    t = clock(seconds)
    bright = saw(hertz, seconds, 1500) * np.exp(-t / 0.12)
    dark = saw(hertz, seconds, 300) * np.exp(-t / 0.5)
    return 0.25 * ends(bright + dark, 0.002, 0.02)


BASSES = {"saw": _saw_bass, "sub": _sub_bass, "plucked": _plucked_bass}
"""Bass instruments by name: a note from its frequency in Hz and its length in seconds."""

_SCALE = (41.2, 43.65, 49.0, 55.0, 61.74, 65.41, 73.42, 82.41, 98.0)
_CHORDS = ((220.0, 261.63, 329.63), (196.0, 246.94, 293.66), (174.61, 220.0, 261.63))


def groove(
    style: str, seed: int, *, bars: int = 16, bpm: float = 112, bass: str = "", chords: bool = False
) -> Groove:
    """Drums of the style in four-four time, on humanised times, with a bass and chords if asked."""
    random, kit, beat = np.random.default_rng(seed), KITS[style], 60 / bpm
    samples = np.zeros(round((LEAD + (4 * bars + 2) * beat) * RATE))
    times: dict[str, list[float]] = {name: [] for name in ("kick", "snare", "hat", "bass")}

    def play(name: str, position: float, sound: Sound, jitter: float = 0.004) -> None:
        time = LEAD + position * beat + random.uniform(0, jitter)
        first = round(time * RATE)
        part = samples[first : first + len(sound)]
        part += random.uniform(0.6, 1) * sound[: len(part)]
        times.setdefault(name, []).append(time)

    for bar in range(bars):
        at = 4 * bar
        for position in (0, 2, *random.choice([0.5, 1.75, 2.5, 3.75], 1, replace=False)):
            play("kick", at + position, kit.kick(random))
        for position in (1, 3):
            play("snare", at + position, kit.snare(random))
        for position in np.arange(8) / 2:
            play("hat", at + position, kit.hat(random))
        for position in random.choice(np.arange(8) / 2, 5 if bass else 0, replace=False):
            note = BASSES[bass](random, random.choice(_SCALE), random.choice([0.45, 0.9]) * beat)
            play("bass", at + position, note)
        if chords:
            for hertz in _CHORDS[bar % 3]:
                play("chord", at, 0.12 * ends(saw(hertz, 4 * beat, 4000), 0.02, 0.1))
    samples *= 0.8 / np.abs(samples).max()
    return Groove(samples, {name: tuple(sorted(found)) for name, found in times.items()})
