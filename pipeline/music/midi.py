"""Notes of a MIDI file, at their seconds.

Conventions:
    Time 0 is the beginning of the file, and ticks become seconds exactly, through every change of
    tempo in any track (Standard MIDI Files 1.0; MIDI Manufacturers Association 1996). A velocity
    of 127 is 1. Channels and tracks count from 1, as sequencers show them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import Error
from pipeline.files.midi import parsed, tempos, timed

if TYPE_CHECKING:
    from mido import MidiFile, MidiTrack

LARGEST = 1_000_000
"""Bytes of the largest file that is read: more than a hundred thousand notes."""

LONGEST = Fraction(24 * 3600)
"""Seconds after which no note may begin."""

_DAMAGED = "is damaged; export it again"


@dataclass(frozen=True, slots=True)
class Note:
    """One note. `start` and `end` are seconds, `number` is its key (60 is middle C)."""

    start: float
    end: float
    number: int
    velocity: float
    """How hard it is struck, above 0, up to 1."""
    channel: int
    """From 1 to 16; 10 is the drums' (General MIDI)."""
    track: int
    name: str
    """What the track is called, or ""."""


def read_notes(file: Path) -> tuple[Note, ...]:
    """The notes of a file in the order of their tracks, at least one.

    A note that nothing ends lasts as long as its track.

    Raises:
        Error: the file cannot be read, is damaged, is of the rare format 2, or holds no note.
    """
    midi = _opened(file)
    if midi.type == 2:
        raise Error(
            f"the MIDI file {file} is of format 2, of patterns that have no common time; export it "
            "as format 0 or 1"
        )
    seconds = _seconds(file, midi)
    notes = tuple(
        note
        for number, track in enumerate(midi.tracks, start=1)
        for note in _notes(track, number, seconds)
    )
    if not notes:
        raise Error(f"the MIDI file {file} holds no notes; export it with them")
    if max(note.start for note in notes) > LONGEST:
        raise Error(f"the MIDI file {file} {_DAMAGED}: a note begins after more than a day")
    return notes


def _opened(file: Path) -> MidiFile:
    try:
        with file.open("rb") as opened:
            data = opened.read(LARGEST + 1)
    except OSError as error:
        raise Error(f"the MIDI file {file} cannot be read: {error.strerror}") from error
    if len(data) > LARGEST:
        raise Error(f"the MIDI file {file} has more than {LARGEST // 1_000_000} MB of notes")
    if not data.startswith(b"MThd"):
        raise Error(f"{file} is no MIDI file; export the notes as a .mid file")
    try:
        return parsed(data)
    except EOFError as error:
        raise Error(f"the MIDI file {file} ends in the middle; export it again") from error
    except ValueError as error:
        raise Error(f"the MIDI file {file} {_DAMAGED} ({error})") from error


def _seconds(file: Path, midi: MidiFile) -> Callable[[int], float]:
    """What makes ticks to seconds."""
    division = int(midi.ticks_per_beat)
    if division == 0 or (division < 0 and not division & 0xFF):
        raise Error(f"the MIDI file {file} {_DAMAGED}: its beats have no ticks")
    if division < 0:
        # Ticks of film time: frames a second, negative, and ticks a frame (29 stands for 29.97).
        fps = {29: Fraction(30000, 1001)}.get(-(division >> 8), Fraction(-(division >> 8)))
        rate = fps * (division & 0xFF)
        return lambda tick: float(min(tick / rate, 2 * LONGEST))
    ticks, paces = zip(*tempos(midi), strict=True)
    passed = [0]
    for number in range(1, len(ticks)):
        passed.append(passed[-1] + (ticks[number] - ticks[number - 1]) * paces[number - 1])

    def seconds(tick: int) -> float:
        here = bisect_right(ticks, tick) - 1
        micros = Fraction(passed[here] + (tick - ticks[here]) * paces[here], division)
        return float(min(micros / 1_000_000, 2 * LONGEST))

    return seconds


def _notes(track: MidiTrack, number: int, seconds: Callable[[int], float]) -> Iterator[Note]:
    name = _name(track.name)
    sounding: defaultdict[tuple[int, int], deque[tuple[int, int]]] = defaultdict(deque)
    tick = 0

    # `tick` is where the loop below stands, and at last the end of the track.
    def note(key: tuple[int, int]) -> Note:
        (channel, pitch), (start, velocity) = key, sounding[key].popleft()
        times = seconds(start), seconds(tick)
        return Note(*times, pitch, velocity / 127, channel + 1, number, name)

    for tick, message in timed(track):
        if message.type not in ("note_on", "note_off"):
            continue
        key = (message.channel, message.note)
        if message.type == "note_on" and message.velocity:
            sounding[key].append((tick, message.velocity))
        elif sounding[key]:
            yield note(key)
    for key in list(sounding):
        while sounding[key]:
            yield note(key)


def _name(name: str) -> str:
    """The name of a track, which mido reads as Latin-1 and most programs write as UTF-8."""
    try:
        return name.encode("latin-1").decode("utf-8").strip()
    except UnicodeError:
        return name.strip()
