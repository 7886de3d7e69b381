"""What a scene may say of its song: the sound, its beat, and the times in it that have names.

A part of `pipeline.scene.schema`, whose words on settings hold here too. Seconds in this section
are those of the song as its file plays; `start` says which of them falls on the first frame.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

from pydantic import Field, PrivateAttr, ValidationInfo, model_validator

from pipeline.scene.reading.context import context_of
from pipeline.scene.reading.fields import at_least, between, or_none, whole
from pipeline.scene.reading.moving import existing_sound
from pipeline.scene.reading.music_fields import (
    Auto,
    FirstBeat,
    TempoMap,
    Times,
    existing_path,
    marks_or_file,
    midi_files,
    named_times,
    seconds,
    seconds_or_auto,
    stem_files,
    tempo_map,
    tempo_or_auto,
)
from pipeline.scene.reading.rules import needs_bpm, not_with
from pipeline.scene.reading.section import Section
from pipeline.scene.timing import Timing, timing


class Music(Section):
    """The soundtrack and its beat."""

    file: Annotated[Path | None, or_none(existing_sound())] = None
    """A sound file that ffmpeg can read; more channels than 5.1 are mixed down to them."""
    start: Annotated[float, seconds(between(0, 360_000))] = 0.0
    """The second of the song that falls on the first frame."""
    bpm: Annotated[float | Auto | None, or_none(tempo_or_auto())] = None
    """Beats a minute; times in beats and bars need them. `auto` listens for the beats of the song,
    `{auto: 80 to 110}` within a range."""
    tempo: Annotated[TempoMap | None, or_none(tempo_map()), not_with("bpm")] = None
    """A tempo that changes, in the place of `bpm`: `{bar 1: 120, bar 33: 132}`."""
    beats: Annotated[Path | None, or_none(existing_path()), not_with("bpm"), not_with("tempo")] = (
        None
    )
    """A file with the beats of the song, in the place of `bpm`: a list of seconds, labels of
    Audacity, the tempo of a MIDI file or a set of Ableton Live, rekordbox XML, an EDL's markers."""
    first_beat: Annotated[FirstBeat, seconds_or_auto(between(0, 3600)), needs_bpm] = None
    """Second of the song at which bar 1 begins, or `auto`. Unless written it is what was heard or
    what the file of beats says, and else 0; with beats of their own it is the nearest of them."""
    beats_per_bar: Annotated[int | None, whole(between(1, 32)), needs_bpm] = None
    """Beats of a bar; what was heard or what the file of beats says unless written, and else 4."""
    lyrics: Annotated[Path | None, or_none(existing_path())] = None
    """What is sung, as LRC, SRT or ASS: times called `line 12`, and `{lyric}` in prompts."""
    marks: Annotated[Times | Path | None, or_none(marks_or_file())] = None
    """Times with names, `{drop: 1:12.5}`, called `mark drop`; or a file of them: labels of
    Audacity, locators of Ableton Live, an EDL's markers, rekordbox XML."""
    sections: Annotated[Times | None, or_none(named_times("{verse: bar 9}"))] = None
    """The parts of the song, `{verse: bar 9, chorus: bar 25}`, whose names are times."""
    midi: Annotated[tuple[Path, ...], or_none(midi_files(), ())] = ()
    """MIDI files with the notes of the song, one or a list."""
    stems: Annotated[Mapping[str, Path], or_none(stem_files(), MappingProxyType({}))] = Field(
        default_factory=dict
    )
    """Sounds of single instruments, each as long as the song: `{drums: drums.flac}`."""
    fade_in: Annotated[float, seconds(at_least(0))] = 0.0
    """Seconds in which the sound rises from silence at the start of the video."""
    fade_out: Annotated[float, seconds(at_least(0))] = 0.0
    """Seconds in which the sound falls to silence at the end of the video."""
    _timing: Timing | None = PrivateAttr(default=None)

    @model_validator(mode="after")
    def _timed(self, info: ValidationInfo) -> Music:
        # Pydantic comes here again when the section becomes a part of the scene.
        if self._timing is None and self.model_fields_set:
            self._timing = timing(self, context_of(info))
        return self

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file of the author's that is read here."""
        named = (self.file, self.beats, self.lyrics, self.marks, *self.midi, *self.stems.values())
        return tuple(one for one in named if isinstance(one, Path))

    @property
    def timing(self) -> Timing:
        """The beat of the music and its named times, on the clock of the video."""
        return self._timing or Timing()
