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
from pipeline.scene.reading.fields import or_none, whole
from pipeline.scene.reading.forms import Shown
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
from pipeline.scene.reading.ranges import at_least, between
from pipeline.scene.reading.rules import needs_bpm, not_with
from pipeline.scene.reading.section import Section
from pipeline.scene.timing import Timing, timing


class Music(Section):
    """The soundtrack and its beat."""

    file: Annotated[
        Path | None, or_none(existing_sound()), Shown("pulse.wav", unwritten="none")
    ] = None
    """The song, any file that ffmpeg can hear, named from the scene's folder. The whole sound is
    muxed once; more than 5.1 channels are mixed down to them."""
    start: Annotated[float, seconds(between(0, 360_000)), Shown("8.5s", "seconds")] = 0.0
    """The second of the song that falls on the first frame."""
    bpm: Annotated[
        float | Auto | None,
        or_none(tempo_or_auto()),
        Shown("120", "beats a minute", "none"),
    ] = None
    """The tempo, which makes bars and beats. `auto` listens to the song, `{auto: 80 to 110}` within
    a range."""
    tempo: Annotated[
        TempoMap | None,
        or_none(tempo_map()),
        not_with("bpm"),
        Shown("{bar 1: 120, bar 33: 132}", unwritten="none"),
    ] = None
    """A tempo that changes, in the place of `bpm`."""
    beats: Annotated[
        Path | None,
        or_none(existing_path()),
        not_with("bpm"),
        not_with("tempo"),
        Shown("beats.txt", unwritten="none"),
    ] = None
    """A file with the beats of the song, one by one, in the place of `bpm`: a list of seconds,
    Audacity's labels, MIDI, Ableton Live, rekordbox XML, or an EDL."""
    first_beat: Annotated[
        FirstBeat,
        seconds_or_auto(between(0, 3600)),
        needs_bpm,
        Shown("0.35", "seconds", "0, what was heard, or what the file says"),
    ] = None
    """Where in the song bar 1 begins. With `beats`, or a `bpm` that was heard, the nearest beat is
    meant."""
    beats_per_bar: Annotated[
        int | None,
        whole(between(1, 32)),
        needs_bpm,
        Shown("3", "", "4, what was heard, or what the file says"),
    ] = None
    """How many beats a bar has."""
    lyrics: Annotated[
        Path | None, or_none(existing_path()), Shown("pulse.lrc", unwritten="none", more="prompts")
    ] = None
    """What is sung, as an LRC, SRT or ASS file: `line 12` is a time, and `{lyric}` in a prompt the
    line that is sung."""
    marks: Annotated[
        Times | Path | None, or_none(marks_or_file()), Shown("{drop: '1:12.5'}", unwritten="none")
    ] = None
    """Times with names, called `mark drop`; or a file of them: Audacity's labels, Ableton's
    locators, rekordbox's cue points, an EDL's markers."""
    sections: Annotated[
        Times | None,
        or_none(named_times("{verse: bar 9}")),
        Shown("{verse: bar 1, chorus: bar 9}", unwritten="none"),
    ] = None
    """The parts of the song, whose names are times; one may go by another."""
    midi: Annotated[
        tuple[Path, ...], or_none(midi_files(), ()), Shown("pulse-drums.mid", unwritten="none")
    ] = ()
    """The notes of the song, a MIDI file or a list of them, which formulas hear as `midi.kick`."""
    stems: Annotated[
        Mapping[str, Path],
        or_none(stem_files(), MappingProxyType({})),
        Shown("{drums: pulse.wav}", unwritten="none"),
    ] = Field(default_factory=dict)
    """Sounds of single instruments, each as long as the song, which formulas hear as
    `drums.onset`."""
    fade_in: Annotated[float, seconds(at_least(0)), Shown("0.5s", "seconds")] = 0.0
    """How long the sound rises from silence at the start of the video."""
    fade_out: Annotated[float, seconds(at_least(0)), Shown("2s", "seconds")] = 0.0
    """How long the sound falls to silence at the end of the video."""
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
