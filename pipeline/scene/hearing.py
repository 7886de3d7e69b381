"""What the formulas of a scene can hear: its song, the stems of it, and notes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from keyframes.mistakes import Mistakes
from keyframes.source import Signal, Source
from keyframes.timebase import Timebase
from keyframes.unheard import NOTES, SOUND_NAMES
from pipeline.errors import Error
from pipeline.scene.listening import song
from pipeline.scene.music import Music

Sources = dict[str, Signal | Source]

_NOTES_NAME = re.compile(rf"\b{NOTES}\.[A-Za-z_][A-Za-z0-9_]*")


def heard(
    music: Music, timebase: Timebase, written: Mapping[Any, Any], mistakes: Mistakes
) -> Sources:
    """The sources of a scene's formulas by name; files of notes that cannot be read are noted.

    Where they cannot, silence is in the place of the notes for which the scene, `written`, asks.
    A sound is listened to when a formula asks for it.
    """
    sources: Sources = {}
    if music.file is not None or music.stems:
        # Only scenes with sound need it.
        from pipeline.music.sources import sound_sources, stem_sources

        if music.file is not None:
            sources.update(sound_sources(song(music.file), timebase, music.start))
        for name, file in music.stems.items():
            sources.update(stem_sources(name, song(file), timebase, music.start))
    if music.midi:
        from pipeline.music.midi_sources import midi_sources

        try:
            sources.update(midi_sources(music.midi, timebase, music.start))
        except Error as error:
            mistakes.at("music", "midi").add(str(error))
            sources.update(_silent_notes(written))
    return sources


def assumed_sources(written: Mapping[Any, Any]) -> Sources:
    """Silence in the place of what the mistaken section `music` of a scene would let formulas hear.

    A formula that listens to it is then no mistake of its own.
    """
    from pipeline.music.shaping import LIMITS
    from pipeline.music.sources import BAND

    music = written.get("music")
    music = music if isinstance(music, Mapping) else {}
    stems = music.get("stems")
    homes = [f"{name}." for name in stems] if isinstance(stems, Mapping) else []
    homes += [""] if "file" in music else []
    heard = {name: Source(_silent, options=LIMITS) for name in SOUND_NAMES}
    heard[BAND] = Source(_silent, ("low", "high"), LIMITS)
    sources: Sources = {f"{home}{name}": source for home in homes for name, source in heard.items()}
    return {**sources, **_silent_notes(written)} if "midi" in music else sources


def _silent_notes(written: Mapping[Any, Any]) -> Sources:
    """Silence under every name of notes that a scene uses."""
    from pipeline.music.midi_sources import OPTIONS

    names = _NOTES_NAME.findall(str(written))
    return {name: Source(_silent, options=OPTIONS) for name in names}


def _silent(*limits: float, **settings: float) -> Signal:
    return np.zeros_like
