"""Synthesised tracks whose beats are known to the sample, as examples for what listens to music.

`tracks()` lists them as recipes: `recipe.name`, and `recipe()` makes the `Track` (seeded: always
with the same samples). Those without rhythm have no beats.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from pipeline.music.sound import RATE
from tools.band import voices
from tools.band.playing import PROGRESSION, Mix, Pattern, Playing, Track, play
from tools.band.voices import Sound


@dataclass(frozen=True)
class Recipe:
    """A factory of one track, with the track's name."""

    name: str
    make: Callable[[str], Track]

    def __call__(self) -> Track:
        """Make the track."""
        return self.make(self.name)


_EIGHTHS = (0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5)
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
        Recipe(name, partial(play, pattern=pattern, bpm=bpm, how=how))
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
    return [Recipe(name, partial(_without_rhythm, sound=sound)) for name, sound in sounds.items()]


def _without_rhythm(name: str, sound: Callable[[float], Sound]) -> Track:
    made = sound(24.0)
    samples = (made / max(1.0, np.abs(made).max())).astype(np.float32)
    return Track(name, samples, np.zeros(0), (), 0.0, 4, has_rhythm=False, bar_is_marked=False)


def _vibrato_pad(seconds: float) -> Sound:
    return 2.5 * voices.pad((57, 64, 69, 76), seconds, vibrato=0.4)


def _hiss(seconds: float) -> Sound:
    return 0.2 * np.random.default_rng(5).normal(size=round(seconds * RATE))


def _drifting_pad(seconds: float, vibrato: float) -> Sound:
    """Chords that flow into each other at no regular times."""
    rng, at, mix = np.random.default_rng(6), 0.0, Mix(np.zeros(round(seconds * RATE)))
    number = 0
    while at < seconds:
        length = rng.uniform(2.2, 5.5)
        mix.lay(voices.pad(PROGRESSION[number % 4][1:], length + 0.5, vibrato), at)
        at, number = at + length, number + 1
    return mix.tape


def _speech(seconds: float) -> Sound:
    """Syllables in phrases, 4 or 5 in a second as in speech, with pauses for breath."""
    rng, at, mix = np.random.default_rng(7), 0.2, Mix(np.zeros(round(seconds * RATE)))
    while at < seconds:
        length = float(np.clip(rng.lognormal(np.log(0.17), 0.4), 0.07, 0.5))
        mix.lay(voices.syllable(rng, rng.uniform(44, 52), length), at)
        at += length * rng.uniform(0.9, 1.25) + (
            rng.uniform(0.3, 0.9) if rng.random() < 0.12 else 0
        )
    return mix.tape


def _rain(seconds: float) -> Sound:
    """Drops at times that have nothing to do with each other."""
    rng, mix = np.random.default_rng(8), Mix(np.zeros(round(seconds * RATE)))
    for at in rng.uniform(0, seconds, round(4 * seconds)):
        mix.lay(voices.hat(rng) * rng.uniform(0.3, 1), float(at))
    return mix.tape
