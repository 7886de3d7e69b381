"""Synthesised tracks whose beats are known to the sample, as examples for what listens to music.

`tracks()` lists them as recipes: `recipe.name`, and `recipe()` makes the `Track` (seeded: always
with the same samples). Those without rhythm have no beats. `write_wav` saves one.

Conventions:
    Times are in seconds from the first sample. Mono float32 at `RATE` (22050) samples a second.
"""

from __future__ import annotations

import wave
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.music.sound import RATE
from tests.pipeline.music import voices
from tests.pipeline.music.voices import Sound

Times = NDArray[np.float64]


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
    kicks: Times
    snares: Times
    hats: Times

    @property
    def duration(self) -> float:
        """Length in seconds."""
        return len(self.samples) / RATE


@dataclass(frozen=True)
class Recipe:
    """A factory of one track, with the track's name."""

    name: str
    make: Callable[[str], Track]

    def __call__(self) -> Track:
        """Make the track."""
        return self.make(self.name)


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


_EIGHTHS = (0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5)
_PROGRESSION = ((45, 60, 64, 69), (41, 60, 65, 69), (48, 60, 64, 67), (43, 59, 62, 67))
"""Bass note and chord of each bar, over and over: a minor, F, C, G."""

ROCK = Pattern((0, 2), (1, 3), _EIGHTHS, (0, 1.5, 2), (0,))
HOUSE = Pattern((0, 1, 2, 3), (1, 3), (0.5, 1.5, 2.5, 3.5), (0.5, 1.5, 2.5, 3.5), (0,))
BALLAD = Pattern((0, 2.5), (2,), (0, 1, 2, 3), (0, 2.5), (0, 2))
BREAKBEAT = Pattern((0, 2.5), (1, 3), _EIGHTHS, (0, 2.5), (0,))
OFF_BEAT_HATS = Pattern((0, 1, 2, 3), (), (0.5, 1.5, 2.5, 3.5), (0, 0.75, 1.5, 2.5), (0,))
SWING = Pattern((0, 2), (1, 3), (0, 1, 5 / 3, 2, 3, 11 / 3), (0, 1, 2, 3), (0,))
SHUFFLE = Pattern((0, 5 / 3, 2), (1, 3), (0, 2 / 3, 1, 5 / 3, 2, 8 / 3, 3, 11 / 3), (0, 2), (0,))
FUNK = Pattern(
    *((0, 1.75, 2.5), (1, 3), tuple(n / 4 for n in range(16)), (0, 0.75, 1.75, 2.5, 3.5), (0,))
)
WALTZ = Pattern((0,), (1, 2), (0, 1, 2), (0,), (1, 2), 3)
SLOW_WALTZ = Pattern((0,), (2,), (0, 0.5, 1, 1.5, 2, 2.5), (0, 2), (0,), 3)
SIX_EIGHT = Pattern((0,), (3,), (0, 1, 2, 3, 4, 5), (0, 3), (0,), 6)
SIX_EIGHT_ROCK = Pattern((0, 5), (3,), (0, 1, 2, 3, 4, 5), (0, 2, 3, 5), (0,), 6)
FOUR_ON_THE_FLOOR = Pattern((0, 1, 2, 3))
TICKS = Pattern(hat=(0, 1, 2, 3))
NO_DRUMS = Pattern(bass=(0, 1, 2, 3), chord=(0,))
STRUMMED = Pattern(bass=(0, 2), chord=(0, 1, 2, 2.5, 3, 3.5))


def tracks() -> list[Recipe]:
    """Recipes of all tracks, those without rhythm last."""
    return [*rhythmic_tracks(), *tracks_without_rhythm()]


def rhythmic_tracks() -> list[Recipe]:
    """Recipes of the tracks that have beats."""
    rows: Sequence[tuple[str, Pattern, float, Playing]] = (
        ("ballad 60", BALLAD, 60, Playing(seconds=36)),
        ("rock 66", ROCK, 66, Playing(seconds=32)),
        ("rock 72", ROCK, 72, Playing(seconds=32)),
        ("breakbeat 80", BREAKBEAT, 80, Playing(seconds=30)),
        ("funk 90", FUNK, 90, Playing()),
        ("rock 100", ROCK, 100, Playing()),
        ("house 110.5", HOUSE, 110.5, Playing()),
        ("house 120", HOUSE, 120, Playing()),
        ("house 128", HOUSE, 128, Playing(start=0.0)),
        ("rock 140", ROCK, 140, Playing()),
        ("house 150", HOUSE, 150, Playing()),
        ("rock 160", ROCK, 160, Playing()),
        ("breakbeat 174", BREAKBEAT, 174, Playing()),
        ("rock 180", ROCK, 180, Playing()),
        ("swing 96", SWING, 96, Playing()),
        ("swing 150", SWING, 150, Playing()),
        ("shuffle 112", SHUFFLE, 112, Playing()),
        ("silence 3.7 s then house 122", HOUSE, 122, Playing(seconds=28, start=3.7)),
        ("silence 8.21 s then rock 94", ROCK, 94, Playing(seconds=36, start=8.21)),
        ("rock 100 then 120", ROCK, 100, Playing(seconds=40, later_bpm=120)),
        ("house 130 then 98", HOUSE, 130, Playing(seconds=40, later_bpm=98)),
        ("rock gliding 96 to 124", ROCK, 96, Playing(seconds=36, later_bpm=124, glides=True)),
        ("waltz 90", SLOW_WALTZ, 90, Playing(seconds=30)),
        ("waltz 156", WALTZ, 156, Playing()),
        ("six-eight 168", SIX_EIGHT, 168, Playing()),
        ("six-eight rock 180", SIX_EIGHT_ROCK, 180, Playing()),
        ("off-beat hats 124", OFF_BEAT_HATS, 124, Playing()),
        ("humanised rock 95", ROCK, 95, Playing(seconds=30, spread=0.01)),
        ("humanised house 118", HOUSE, 118, Playing(seconds=30, spread=0.01)),
        ("four on the floor 126", FOUR_ON_THE_FLOOR, 126, Playing(marked=False)),
        ("hats alone 115", TICKS, 115, Playing(marked=False)),
        ("bass and chords 88", NO_DRUMS, 88, Playing(seconds=30)),
        ("strummed 106", STRUMMED, 106, Playing(seconds=30)),
        ("quiet rock 112", ROCK, 112, Playing(gain=0.004)),
        ("vibrato pad over rock 104", ROCK, 104, Playing(over=_vibrato_pad)),
        ("noise over house 116", HOUSE, 116, Playing(over=_hiss)),
        ("upbeat then rock 108", ROCK, 108, Playing(first=2)),
        ("house 120 with a break", HOUSE, 120, Playing(seconds=40, silent=(14.0, 22.0))),
    )
    return [
        Recipe(name, lambda name, p=pattern, b=bpm, h=how: _play(name, p, b, h))  # type: ignore[misc]
        for name, pattern, bpm, how in rows
    ]


def tracks_without_rhythm() -> list[Recipe]:
    """Recipes of sounds in which nobody could count."""
    sounds: Mapping[str, Callable[[float], Sound]] = {
        "pad": lambda seconds: _drifting_pad(seconds, 0.0),
        "pad with vibrato": lambda seconds: _drifting_pad(seconds, 0.35),
        "noise": _hiss,
        "silence": lambda seconds: np.zeros(round(seconds * RATE)),
        "speech": _speech,
        "rain": _rain,
        "tone": lambda seconds: 0.5 * np.sin(np.arange(round(seconds * RATE)) * 2 * np.pi / 50),
    }
    return [
        Recipe(name, lambda name, s=sound: _without_rhythm(name, s(24.0)))  # type: ignore[misc]
        for name, sound in sounds.items()
    ]


def write_wav(track: Track, path: Path) -> Path:
    """Save a track as 16-bit WAV."""
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes((np.clip(track.samples, -1, 1) * 32767).round().astype("<i2").tobytes())
    return path


def song(seconds: float, bpm: float = 120.0) -> Track:
    """One long piece of rock, such as for measuring speed."""
    return _play(f"song of {seconds:g} s", ROCK, bpm, Playing(seconds=seconds))


@dataclass
class _Mix:
    """A tape onto which sounds are laid."""

    tape: Sound
    starts: dict[str, list[float]] = field(default_factory=dict)

    def lay(self, voice: str, sound: Sound, at: float) -> None:
        """Add a sound from `at` seconds on, cut at the end of the tape."""
        begin = max(0, round(at * RATE))
        room = len(self.tape) - begin
        if room > 0:
            self.tape[begin : begin + len(sound)] += sound[:room]
            self.starts.setdefault(voice, []).append(begin / RATE)

    def times(self, voice: str) -> Times:
        """When a voice was heard."""
        return np.array(sorted(self.starts.get(voice, [])))


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


def _play(name: str, pattern: Pattern, bpm: float, how: Playing) -> Track:
    rng = np.random.default_rng(sum(name.encode()))
    beats = _beat_times(bpm, how)
    mix = _Mix(0.3 * how.over(how.seconds) if how.over else np.zeros(round(how.seconds * RATE)))
    first = how.first % pattern.beats_per_bar
    bars = range(first - pattern.beats_per_bar if first else 0, len(beats), pattern.beats_per_bar)
    for number, bar in enumerate(bars):
        _play_bar(mix, pattern, how, beats, bar, _PROGRESSION[number % 4], rng)
    return Track(
        name,
        (how.gain * mix.tape / max(1.0, np.abs(mix.tape).max())).astype(np.float32),
        beats,
        tuple(range(first, len(beats), pattern.beats_per_bar)),
        bpm,
        pattern.beats_per_bar,
        True,
        how.marked,
        *(mix.times(voice) for voice in ("kick", "snare", "hat")),
    )


def _play_bar(
    mix: _Mix,
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
                mix.lay(voice, stroke(rng) * rng.uniform(0.8, 1.0), at)
    for position, end in _held(pattern.bass, pattern.beats_per_bar):
        if (at := when(position)) is not None:
            mix.lay("bass", voices.bass(harmony[0] - 12, (end - position) * 50 / 120), at)
    for position, end in _held(pattern.chord, pattern.beats_per_bar):
        if (at := when(position)) is not None:
            mix.lay("chord", voices.chord(harmony[1:], (end - position) * 55 / 120), at)


def _held(positions: tuple[float, ...], bar: float) -> list[tuple[float, float]]:
    """Each position in a bar, and the one at which the next note begins."""
    return list(zip(positions, (*positions[1:], bar)[: len(positions)], strict=True))


def _without_rhythm(name: str, sound: Sound) -> Track:
    none, peak = np.zeros(0), max(1.0, np.abs(sound).max())
    samples = (sound / peak).astype(np.float32)
    return Track(name, samples, none, (), 0.0, 4, False, False, none, none, none)


def _vibrato_pad(seconds: float) -> Sound:
    return 2.5 * voices.pad((57, 64, 69, 76), seconds, vibrato=0.4)


def _hiss(seconds: float) -> Sound:
    return 0.2 * np.random.default_rng(5).normal(size=round(seconds * RATE))


def _drifting_pad(seconds: float, vibrato: float) -> Sound:
    """Chords that flow into each other at no regular times."""
    rng, at, mix = np.random.default_rng(6), 0.0, _Mix(np.zeros(round(seconds * RATE)))
    number = 0
    while at < seconds:
        length = rng.uniform(2.2, 5.5)
        mix.lay("pad", voices.pad(_PROGRESSION[number % 4][1:], length + 0.5, vibrato), at)
        at, number = at + length, number + 1
    return mix.tape


def _speech(seconds: float) -> Sound:
    """Syllables in phrases, 4 or 5 in a second as in speech, with pauses for breath."""
    rng, at, mix = np.random.default_rng(7), 0.2, _Mix(np.zeros(round(seconds * RATE)))
    while at < seconds:
        length = float(np.clip(rng.lognormal(np.log(0.17), 0.4), 0.07, 0.5))
        mix.lay("speech", voices.syllable(rng, rng.uniform(44, 52), length), at)
        at += length * rng.uniform(0.9, 1.25) + (
            rng.uniform(0.3, 0.9) if rng.random() < 0.12 else 0
        )
    return mix.tape


def _rain(seconds: float) -> Sound:
    """Drops at times that have nothing to do with each other."""
    rng, mix = np.random.default_rng(8), _Mix(np.zeros(round(seconds * RATE)))
    for at in rng.uniform(0, seconds, round(4 * seconds)):
        mix.lay("drop", voices.hat(rng) * rng.uniform(0.3, 1), float(at))
    return mix.tape
