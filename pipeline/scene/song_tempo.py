"""The tempo of a scene's song: as written, from a file of beats, or heard in the sound itself."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import partial
from math import floor
from pathlib import Path
from typing import TYPE_CHECKING

from keyframes.mistakes import Mistakes, found
from keyframes.quoting import quoted
from keyframes.tempo import Change, Number, Tempo, exact
from pipeline.errors import Error
from pipeline.scene.listening import song
from pipeline.scene.reading.music_fields import AUTO, Auto, TempoMap

if TYPE_CHECKING:
    from pipeline.scene.music import Music

BEATS_PER_BAR = 4
NEAR = Fraction(1, 4)
"""Seconds by which `first_beat` may lie beside the beat that it means."""
_ABOUT = 0.02
"""How far from a tempo that is written the sound is listened to, as a share of it."""
_DIGITS = 6
"""Digits of a second that is heard: no ear tells more, and exact numbers of many take long."""


def song_tempo(music: Music, fps: Fraction, mistakes: Mistakes) -> tuple[Tempo | None, str]:
    """The tempo in the song's own seconds, if it has any, and why it cannot be trusted, or "".

    What cannot be read is noted.
    """
    if isinstance(music.bpm, Auto) or (music.bpm and music.first_beat == AUTO):
        return _heard(music, mistakes)
    if music.beats:
        return _from_file(music, music.beats, fps, mistakes), ""
    if music.first_beat == AUTO:
        mistakes.at("first_beat").add("auto goes with bpm; write the seconds at which bar 1 begins")
        return None, ""
    first, per_bar = music.first_beat or 0.0, music.beats_per_bar or BEATS_PER_BAR
    if music.tempo:
        mapped = partial(_mapped, first=float(first), per_bar=per_bar)
        return mistakes.at("tempo").attempt(mapped, music.tempo), ""
    return None if music.bpm is None else Tempo(music.bpm, float(first), per_bar), ""


def _mapped(written: TempoMap, first: float, per_bar: int) -> Tempo:
    """The tempo of `{bar 1: 120, bar 33: 132}`.

    Raises ValueError for two at one beat, and for a beat that a bar of `per_bar` has not.
    """
    changes: dict[Fraction, float] = {}
    for place, bpm in written:
        if place.beat is not None and place.beat >= per_bar + 1:
            words = f"bar {float(place.number):g} beat {float(place.beat):g}"
            raise ValueError(
                f"a bar has {per_bar} beats; found {found(words)}; count on in the next bar, or "
                "write beats_per_bar"
            )
        beat = (place.number - 1) * (per_bar if place.unit == "bar" else 1) + (place.beat or 1) - 1
        if beat in changes:
            raise ValueError(f"two tempos begin at beat {float(beat + 1):g}; keep one of them")
        changes[beat] = bpm
    (_, bpm), *later = sorted(changes.items())
    return Tempo(bpm, first, per_bar, tuple[Change, ...](later))


def _heard(music: Music, mistakes: Mistakes) -> tuple[Tempo | None, str]:
    """The tempo in the sound of the song."""
    here = mistakes.at("bpm" if isinstance(music.bpm, Auto) else "first_beat")
    if music.file is None:
        here.add("auto listens to the song; name it under music.file, or write a number")
        return None, ""
    sound = song(music.file)
    try:
        grid = sound.grid(*_range(music.bpm), music.beats_per_bar)
    except Error as error:
        mistakes.at("file").add(str(error))
        return None, ""
    name, given = quoted(music.file.name), "write bpm and first_beat, or a file under beats"
    if len(grid.beats) < 2:
        here.add(f"no rhythm is heard in {name}; {given}")
        return None, ""
    sure = f"confidence {grid.confidence:.2f}"
    doubt = "" if grid.trusted else f"no rhythm can be trusted in {name} ({sure}); {given}"
    if isinstance(music.bpm, Auto):
        beats = [round(beat, _DIGITS) for beat in grid.beats]
        return _of_beats(music, beats, grid.first, grid.beats_per_bar, mistakes), doubt
    per_bar = music.beats_per_bar or grid.beats_per_bar
    first = sound.first_beat(music.bpm or 0, per_bar)
    return Tempo(music.bpm or 0, round(first, _DIGITS), per_bar), doubt


def _range(bpm: float | Auto | None) -> tuple[float | None, float | None]:
    """The beats a minute to listen for: about those that are known, for the phase alone."""
    if isinstance(bpm, Auto):
        return bpm.low, bpm.high
    return (1 - _ABOUT) * (bpm or 0), (1 + _ABOUT) * (bpm or 0)


def _from_file(music: Music, path: Path, fps: Fraction, mistakes: Mistakes) -> Tempo | None:
    # Only songs with such a file need the readers of their formats.
    from pipeline.music.marks.formats import read_beats

    beats = mistakes.at("beats").attempt(lambda one: read_beats(one, music.file, fps), path)
    if beats is None:
        return None
    per_bar = beats.beats_per_bar or BEATS_PER_BAR
    return _of_beats(music, beats.seconds, beats.first, per_bar, mistakes)


def _of_beats(
    music: Music, beats: Sequence[Number], first: int, per_bar: int, mistakes: Mistakes
) -> Tempo | None:
    """The tempo of beats; the one nearest to `first_beat` begins bar 1, where that is told."""
    where = "beats" if music.beats else "bpm"
    tempo = mistakes.at(where).attempt(
        lambda seconds: Tempo.of_beats(seconds, first, music.beats_per_bar or per_bar), beats
    )
    if tempo is None or not isinstance(music.first_beat, float):
        return tempo
    told = partial(_counted_from, told=exact(music.first_beat))
    return mistakes.at("first_beat").attempt(told, tempo)


def _counted_from(tempo: Tempo, told: Fraction) -> Tempo:
    """The tempo whose bar 1 begins on the beat nearest to a second; ValueError if none is near."""
    before = floor(tempo.beat(told))
    seconds = {beat: tempo.second(Fraction(beat)) for beat in (before, before + 1)}
    nearest = min(seconds, key=lambda beat: abs(seconds[beat] - told))
    if abs(seconds[nearest] - told) > NEAR:
        about = " and ".join(f"{float(at):g}s" for at in seconds.values() if at >= 0)
        raise ValueError(
            f"there is no beat at {float(told):g}s; those about it are at {about}; write the "
            "seconds of a beat"
        )
    return tempo.counted_from(nearest)
