"""What the formulas of a scene can hear: its song, the stems of it, and notes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from keyframes.mistakes import Mistakes
from keyframes.source import Signal, Source
from keyframes.timebase import Timebase
from pipeline.errors import Error
from pipeline.scene.listening import song
from pipeline.scene.music import Music

Sources = dict[str, Signal | Source]


def heard(music: Music, timebase: Timebase, mistakes: Mistakes) -> Sources:
    """The sources of a scene's formulas by name; files of notes that cannot be read are noted.

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
    return sources


def assumed_sources(written: Mapping[object, object]) -> Sources:
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
    return {f"{home}{name}": source for home in homes for name, source in heard.items()}


def _silent(*limits: float, **settings: float) -> Signal:
    return np.zeros_like
