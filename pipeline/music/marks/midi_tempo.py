"""The beats of a MIDI file, by its own map of tempo."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from io import BytesIO
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.files.texts import read_content
from pipeline.music.marks.beat_list import MOST_BEATS, BeatList, fault

if TYPE_CHECKING:
    from mido import MidiFile

_MOST_BYTES = 10_000_000

_USUAL = 500_000
"""Microseconds of a quarter note where a file does not say."""


def midi_beats(path: Path) -> BeatList:
    """The beats of a MIDI file, whose beginning is that of the song.

    A beat is what the lower number of the time signature names; without one, a quarter note.
    Raises ValueError for what is no MIDI file, and where the time signature changes.
    """
    file = _read(path)
    if file.ticks_per_beat <= 0:
        raise fault(path, "it counts frames of film, not beats; export it with beats")
    signatures = {
        (message.numerator, message.denominator)
        for _, message in _timed(file)
        if message.type == "time_signature"
    }
    if len(signatures) > 1:
        listed = " and ".join(f"{above}/{below}" for above, below in sorted(signatures))
        raise fault(path, f"its time signature changes ({listed}), and bars here have one length")
    above, below = next(iter(signatures), (None, 4))
    tempos = {0: _USUAL}
    tempos.update((tick, one.tempo) for tick, one in _timed(file) if one.type == "set_tempo")
    step = Fraction(4 * file.ticks_per_beat, below)
    return BeatList(
        tuple(_beats(path, sorted(tempos.items()), file.ticks_per_beat, step)), 0, above
    )


def _beats(
    path: Path, tempos: Sequence[tuple[int, int]], quarter: int, step: Fraction
) -> Iterator[Fraction]:
    """Seconds of every `step` ticks, up to two behind the last change of tempo."""
    count = ceil(tempos[-1][0] / step) + 2
    if count > MOST_BEATS:
        raise fault(path, f"it has more than {MOST_BEATS:,} beats")
    ends = [*(tick for tick, _ in tempos[1:]), None]
    passed, beat = Fraction(0), 0
    for (start, tempo), end in zip(tempos, ends, strict=True):
        per_tick = Fraction(tempo, 1_000_000 * quarter)
        while beat < count and (end is None or beat * step < end):
            yield passed + (beat * step - start) * per_tick
            beat += 1
        if end is not None:
            passed += (end - start) * per_tick


def _timed(file: MidiFile) -> Iterator[tuple[int, Any]]:
    """Every message of all tracks, with the tick at which it stands."""
    for track in file.tracks:
        tick = 0
        for message in track:
            tick += message.time
            yield tick, message


def _read(path: Path) -> MidiFile:
    # Only songs with such a file need the library.
    from mido import KeySignatureError, MidiFile

    try:
        return MidiFile(file=BytesIO(read_content(path, _MOST_BYTES)))
    except (OSError, EOFError, ValueError, LookupError, TypeError, KeySignatureError) as error:
        words = str(error) or type(error).__name__
        raise fault(path, f"this is no MIDI file that can be read ({words})") from error
