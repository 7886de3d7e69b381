"""MIDI files as their events, for those who read notes and those who read beats."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mido import MidiFile, MidiTrack

_USUAL_TEMPO = 500_000
"""Microseconds of a quarter note where a file does not say (Standard MIDI Files 1.0)."""

_ENDLESS = re.compile(rb"[\x80-\xff]{8192}")
"""A number that goes on for so many bytes takes mido longer than anyone waits."""


def parsed(content: bytes) -> MidiFile:
    """The MIDI file that has this content.

    Raises EOFError if it ends in the middle, and ValueError if it is damaged otherwise.
    """
    # Only songs with such a file need the library.
    from mido import KeySignatureError, MidiFile

    if _ENDLESS.search(content):
        raise ValueError("a number without end")
    try:
        return MidiFile(file=io.BytesIO(content), clip=True)
    except (OSError, ValueError, LookupError, TypeError, KeySignatureError) as error:
        raise ValueError(str(error) or type(error).__name__) from error


def timed(track: MidiTrack) -> Iterator[tuple[int, Any]]:
    """Every message of a track, with the tick at which it stands."""
    tick = 0
    for message in track:
        tick += message.time
        yield tick, message


def tempos(midi: MidiFile) -> list[tuple[int, int]]:
    """Ticks, rising from 0, and the microseconds of a quarter note from each on.

    A tempo counts on whichever track it stands; of two at a tick, the last.
    """
    found = {0: _USUAL_TEMPO}
    for track in midi.tracks:
        found.update((tick, one.tempo) for tick, one in timed(track) if one.type == "set_tempo")
    return sorted(found.items())
