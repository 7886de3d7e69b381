"""Random songs of eight bars whose drums are known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from tools.drums.sounds import (
    RATE,
    Random,
    Sound,
    clock,
    ends,
    even,
    random_bass,
    random_kit,
    saw,
)

BARS = 8
HARD = 0.6
"""How many of the songs have bass notes that begin with the snares."""


@dataclass(frozen=True, slots=True)
class Song:
    """What is heard, and the seconds at which each of its sounds begins, by name."""

    samples: Sound
    times: Mapping[str, Sequence[float]]


@dataclass(slots=True)
class _Tape:
    """A song in the making."""

    random: Random
    beat: float
    """Seconds."""
    samples: Sound
    times: dict[str, list[float]] = field(default_factory=dict)

    def play(self, name: str, position: float, sound: Sound, softest: float = 0.4) -> None:
        """Add a sound that begins at a position in beats, or up to 12 ms after it."""
        time = 0.5 + position * self.beat + self.random.uniform(0, 0.012)
        part = self.samples[round(time * RATE) :][: len(sound)]
        part += self.random.uniform(softest, 1) * sound[: len(part)]
        self.times.setdefault(name, []).append(time)


def random_song(seed: int) -> Song:
    """Drums in most songs, a bass in four of five, chords, a lead and a room in some."""
    random = np.random.default_rng(seed)
    beat = 60 / random.uniform(70, 175)
    tape = _Tape(random, beat, np.zeros(round((0.5 + (4 * BARS + 2) * beat) * RATE)))
    grid = np.arange(16) / 4
    kicks = (
        np.arange(4.0)
        if random.random() < 0.4
        else random.choice(grid, random.integers(2, 6), replace=False)
    )
    if random.random() < 0.93:
        _drums(tape, kicks)
    if random.random() < 0.8:
        notes = random.choice(grid, random.integers(2, 12), replace=False)
        if random.random() < HARD:
            notes = np.unique([*notes[:4], 1.0, *random.choice(kicks, 1)])
        _bass(tape, notes)
    if random.random() < 0.6:
        _chords(tape)
    if random.random() < 0.3:
        for position in (np.arange(BARS)[:, None] * 4 + random.choice(grid, 6)).ravel():
            tone = saw(even(random, 300, 1200), 0.4 * beat, 5000)
            tape.play("lead", position, 0.12 * ends(tone, 0.003, 0.03))
    return Song(_mastered(random, tape.samples), tape.times)


def _drums(tape: _Tape, kicks: Sequence[float] | Sound) -> None:
    random, kit = tape.random, random_kit(tape.random)
    for bar in range(0, 4 * BARS, 4):
        for position in kicks:
            tape.play("kick", bar + position, kit.kick())
        extra = [random.choice(np.arange(16) / 4)] if random.random() < 0.3 else []
        for position in (1.0, 3.0, *extra):
            tape.play("snare", bar + position, kit.snare())
        for position in np.arange(0, 4, random.choice([0.25, 0.5, 1])):
            tape.play("hat", bar + position, kit.hat())


def _bass(tape: _Tape, notes: Sequence[float] | Sound) -> None:
    random, bass = tape.random, random_bass(tape.random)
    for bar in range(0, 4 * BARS, 4):
        for position in notes:
            seconds = random.choice([0.22, 0.45, 0.9, 1.8]) * tape.beat
            tape.play("bass", bar + position, bass(even(random, 38, 130), seconds))


def _chords(tape: _Tape) -> None:
    random = tape.random
    loud, attack = even(random, 0.03, 0.2), even(random, 0.003, 0.1)
    cutoff = even(random, 800, 6000)
    for bar in range(0, 4 * BARS, 4):
        root, seconds = even(random, 110, 300), random.choice([0.4, 1, 2, 4]) * tape.beat
        for ratio in (1, 1.26, 1.5):
            sound = loud * ends(saw(root * ratio, seconds, cutoff), attack, 0.05)
            tape.play("chord", bar + random.choice([0, 0, 0.5, 2]), sound)


def _mastered(random: Random, samples: Sound) -> Sound:
    """The sound in a room in some songs, with a little noise."""
    if random.random() < 0.4:
        tail = np.exp(-clock(0.6) / even(random, 0.05, 0.2)) * random.standard_normal(
            len(clock(0.6))
        )
        count = len(samples) + len(tail)
        wet = np.fft.irfft(np.fft.rfft(samples, count) * np.fft.rfft(tail, count), count)
        gain = random.uniform(0.05, 0.25) / np.sqrt(np.square(tail).sum())
        samples = samples + gain * wet[: len(samples)]
    samples = 0.8 * samples / max(np.abs(samples).max(), 1e-3)
    return samples + even(random, 1e-5, 1e-3) * random.standard_normal(len(samples))
