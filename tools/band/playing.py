"""How the band plays: patterns of a bar, over and over, on a tape.

Conventions:
    Times are in seconds from the first sample. Mono float32 at `RATE` (22050) samples a second.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.music.sound import RATE
from tools.band import voices
from tools.band.voices import Sound

Times = NDArray[np.float64]

PROGRESSION = ((45, 60, 64, 69), (41, 60, 65, 69), (48, 60, 64, 67), (43, 59, 62, 67))
"""Bass note and chord of each bar, over and over: a minor, F, C, G."""


@dataclass(frozen=True)
class Track:
    """A piece of sound, and what is true of it."""

    name: str
    samples: NDArray[np.float32]
    beats: Times
    """As the band counts them from the first stroke to the last, also where nobody plays."""
    downbeats: tuple[int, ...]
    """Indices into `beats` of those that begin a bar."""
    bpm: float
    """Of the first beat; 0 without rhythm."""
    beats_per_bar: int
    has_rhythm: bool
    bar_is_marked: bool
    """Whether one can hear where a bar begins."""


@dataclass(frozen=True)
class Pattern:
    """What the band plays in each bar; positions are in beats from the bar's first."""

    kick: tuple[float, ...] = ()
    snare: tuple[float, ...] = ()
    hat: tuple[float, ...] = ()
    bass: tuple[float, ...] = ()
    chord: tuple[float, ...] = ()
    beats_per_bar: int = 4


@dataclass(frozen=True)
class Playing:
    """How a pattern is played."""

    seconds: float = 24.0
    start: float = 0.35
    """When the first beat falls; nothing is heard before it."""
    later_bpm: float | None = None
    """Tempo of the second half, or at the end where the tempo glides."""
    glides: bool = False
    spread: float = 0.0
    """Standard deviation in seconds by which each stroke misses its time."""
    first: int = 0
    """Beats of the last bar that are played before the first whole bar."""
    silent: tuple[float, float] = (0.0, 0.0)
    """Seconds between which the drums rest."""
    gain: float = 1.0
    over: Callable[[float], Sound] | None = None
    """What sounds over the band for so many seconds."""
    marked: bool = True


@dataclass
class Mix:
    """A tape onto which sounds are laid."""

    tape: Sound

    def lay(self, sound: Sound, at: float) -> None:
        """Add a sound from `at` seconds on, cut at the end of the tape."""
        begin = max(0, round(at * RATE))
        room = len(self.tape) - begin
        if room > 0:
            self.tape[begin : begin + len(sound)] += sound[:room]


def _beat_times(bpm: float, how: Playing) -> Times:
    """Beats from the first to the end of the sound."""
    times, at = [], how.start
    while at < how.seconds - 0.05:
        times.append(at)
        share = (at - how.start) / (how.seconds - how.start)
        later = bpm if how.later_bpm is None else how.later_bpm
        now = bpm + (later - bpm) * share if how.glides else bpm if share < 0.5 else later
        at += 60 / now
    return np.array(times)


def play(name: str, pattern: Pattern, bpm: float, how: Playing) -> Track:
    """The track of a pattern, whose name is the seed of all that is random in it."""
    rng = np.random.default_rng(sum(name.encode()))
    beats = _beat_times(bpm, how)
    mix = Mix(0.3 * how.over(how.seconds) if how.over else np.zeros(round(how.seconds * RATE)))
    first = how.first % pattern.beats_per_bar
    bars = range(first - pattern.beats_per_bar if first else 0, len(beats), pattern.beats_per_bar)
    for number, bar in enumerate(bars):
        _play_bar(mix, pattern, how, beats, bar, PROGRESSION[number % 4], rng)
    return Track(
        name,
        (how.gain * mix.tape / max(1.0, np.abs(mix.tape).max())).astype(np.float32),
        beats,
        tuple(range(first, len(beats), pattern.beats_per_bar)),
        bpm,
        pattern.beats_per_bar,
        True,
        how.marked,
    )


def _play_bar(
    mix: Mix,
    pattern: Pattern,
    how: Playing,
    beats: Times,
    bar: int,
    harmony: tuple[int, ...],
    rng: np.random.Generator,
) -> None:
    def when(position: float) -> float | None:
        """The time of a position in this bar, or None if it lies outside of the piece."""
        beat = bar + position
        if not 0 <= beat < len(beats):
            return None
        # After the last beat time goes on at its tempo.
        longer = np.append(beats, 2 * beats[-1] - beats[-2])
        return float(np.interp(beat, np.arange(len(longer)), longer) + rng.normal() * how.spread)

    drums = {"kick": voices.kick, "snare": voices.snare, "hat": voices.hat}
    for voice, stroke in drums.items():
        for position in getattr(pattern, voice):
            at = when(position)
            if at is not None and not how.silent[0] <= at < how.silent[1]:
                # No two strokes of a drummer are equally loud.
                mix.lay(stroke(rng) * rng.uniform(0.8, 1.0), at)
    for position, end in _held(pattern.bass, pattern.beats_per_bar):
        if (at := when(position)) is not None:
            mix.lay(voices.bass(harmony[0] - 12, (end - position) * 50 / 120), at)
    for position, end in _held(pattern.chord, pattern.beats_per_bar):
        if (at := when(position)) is not None:
            mix.lay(voices.chord(harmony[1:], (end - position) * 55 / 120), at)


def _held(positions: tuple[float, ...], bar: float) -> list[tuple[float, float]]:
    """Each position in a bar, and the one at which the next note begins."""
    return list(zip(positions, (*positions[1:], bar)[: len(positions)], strict=True))
