"""What the formulas of a scene can hear: its song, the stems of it, and notes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from keyframes.mistakes import Route
from keyframes.source import Signal, Source
from keyframes.timebase import Timebase
from keyframes.unheard import NOTES
from pipeline.errors import Error
from pipeline.scene.listening import song
from pipeline.scene.music import Music

Sources = dict[str, Signal | Source]

_NOTES_NAME = re.compile(rf"\b{NOTES}\.[A-Za-z_][A-Za-z0-9_]*")


def heard(
    music: Music, timebase: Timebase, written: Mapping[Any, Any], note: Callable[[Route, str], None]
) -> Sources:
    """The sources of a scene's formulas by name.

    A sound is listened to when a formula asks for it. What is wrong with a file is told to `note`,
    with the setting that names it, once for all formulas; they hear silence in its place, also of
    notes for which the scene, `written`, asks.
    """
    sources: Sources = {}
    if music.file is not None or music.stems:
        # Only scenes with sound need it.
        from pipeline.music.sources import sound_sources, stem_sources

        if music.file is not None:
            found = sound_sources(song(music.file), timebase, music.start)
            sources.update(_or_silence(found, partial(note, ("music", "file"))))
        for name, file in music.stems.items():
            found = stem_sources(name, song(file), timebase, music.start)
            sources.update(_or_silence(found, partial(note, ("music", "stems", name))))
    if music.midi:
        from pipeline.music.midi_sources import midi_sources

        try:
            sources.update(midi_sources(music.midi, timebase, music.start))
        except Error as error:
            note(("music", "midi"), str(error))
            sources.update(_silent_notes(written))
    return sources


def _or_silence(sources: Mapping[str, Source], note: Callable[[str], None]) -> Sources:
    """The sources of one sound, silent from the first fault in it on, which is told to `note`."""
    faults: list[str] = []

    def make(source: Source, *limits: float, **settings: float) -> Signal:
        if not faults:
            try:
                return source.make(*limits, **settings)
            except Error as error:
                faults.append(str(error))
                note(faults[0])
        return _silent()

    return {name: replace(one, make=partial(make, one)) for name, one in sources.items()}


def assumed_sources(written: Mapping[Any, Any]) -> Sources:
    """Silence in the place of what the mistaken section `music` of a scene would let formulas hear.

    A formula that listens to it is then no mistake of its own.
    """
    from pipeline.music.envelopes import NAMES
    from pipeline.music.shaping import LIMITS
    from pipeline.music.sources import BAND

    music = written.get("music")
    music = music if isinstance(music, Mapping) else {}
    stems = music.get("stems")
    homes = [f"{name}." for name in stems] if isinstance(stems, Mapping) else []
    homes += [""] if "file" in music else []
    heard = {name: Source(_silent, options=LIMITS) for name in NAMES}
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
