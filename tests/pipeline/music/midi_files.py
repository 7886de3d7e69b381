"""MIDI files of a few known notes, for tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from mido import Message, MetaMessage, MidiFile, MidiTrack

TICKS = 480
"""Ticks a beat."""

Struck = tuple[float, float, int, int, int]
"""Beat and length in beats, number, velocity from 1 to 127, channel from 1 to 16."""


def track(notes: Iterable[Struck], name: str = "") -> MidiTrack:
    """A track of notes."""
    events: list[tuple[int, int, Message]] = []
    for beat, length, number, velocity, channel in notes:
        keys = {"note": number, "channel": channel - 1}
        begin, end = round(beat * TICKS), round((beat + length) * TICKS)
        events.append((begin, 1, Message("note_on", velocity=velocity, **keys)))
        events.append((end, 0, Message("note_off", velocity=64, **keys)))
    return timed(events, name)


def timed(events: Iterable[tuple[int, int, Message]], name: str = "") -> MidiTrack:
    """A track of events at ticks; those at one tick go by the number behind it."""
    made, before = MidiTrack(), 0
    if name:
        made.append(MetaMessage("track_name", name=name))
    for tick, _, event in sorted(events, key=lambda each: each[:2]):
        made.append(event.copy(time=tick - before))
        before = tick
    return made


def tempos(by_beat: Mapping[float, int]) -> MidiTrack:
    """A track of microseconds a beat from each beat on."""
    return timed(
        (round(beat * TICKS), 0, MetaMessage("set_tempo", tempo=tempo))
        for beat, tempo in by_beat.items()
    )


def write_midi(file: Path, *tracks: MidiTrack, form: int = 1, ticks: int = TICKS) -> Path:
    """Writes a MIDI file of these tracks."""
    midi = MidiFile(type=form, ticks_per_beat=ticks, charset="utf-8", tracks=list(tracks))
    midi.save(file)
    return file
