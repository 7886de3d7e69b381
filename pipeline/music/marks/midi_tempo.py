"""The beats of a MIDI file, by its own map of tempo."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.files.midi import parsed, tempos, timed
from pipeline.files.texts import fault, read_content
from pipeline.music.marks.beat_list import MOST_BEATS, BeatList

if TYPE_CHECKING:
    from mido import MidiFile

_MOST_BYTES = 10_000_000


def midi_beats(path: Path) -> BeatList:
    """The beats of a MIDI file, whose beginning is that of the song.

    A beat is what the lower number of the time signature names; without one, a quarter note.
    Beats go up to two behind the last change of tempo, from which on they are even. Raises
    ValueError for what is no MIDI file, and where the time signature changes.
    """
    file = _read(path)
    if file.ticks_per_beat <= 0:
        raise fault(path, "it counts frames of film, not beats; export it with beats")
    begins, above, below = _metre(file, path)
    paces = tempos(file)
    step = Fraction(4 * file.ticks_per_beat, below)
    # An upbeat may begin within a beat, and bar 1 begins with one.
    first, offset = divmod(begins, step)
    count = ceil((max(paces[-1][0], begins) - offset) / step) + 2
    if count > MOST_BEATS:
        raise fault(path, f"it has more than {MOST_BEATS:,} beats")
    ticks = [offset + n * step for n in range(count)]
    return BeatList(tuple(_seconds(ticks, paces, file.ticks_per_beat)), first, above)


def _metre(file: MidiFile, path: Path) -> tuple[int, int | None, int]:
    """The tick at which bar 1 begins, the beats of a bar, and the note that a beat is.

    A bar of another length before all others is an upbeat, and bar 1 begins behind it. Of two time
    signatures at a tick the last counts, as of two tempos.
    """
    found: dict[int, tuple[int, int]] = {}
    for track in file.tracks:
        found.update(
            (tick, (one.numerator, one.denominator))
            for tick, one in timed(track)
            if one.type == "time_signature"
        )
    written = sorted(found.items())
    changes = [one for n, one in enumerate(written) if n == 0 or one[1] != written[n - 1][1]]
    if not changes:
        return 0, None, 4
    (_, before), (begins, (above, below)) = changes[0], changes[-1]
    bar = Fraction(4 * file.ticks_per_beat * above, below)
    is_upbeat = len(changes) == 2 and begins <= bar
    if len(changes) > 1 and not is_upbeat:
        listed = ", then ".join(f"{over}/{under}" for over, under in (before, changes[1][1]))
        raise fault(path, f"its time signature changes ({listed}), and bars here have one length")
    return begins if is_upbeat else 0, above, below


def _seconds(
    ticks: Sequence[Fraction], paces: Sequence[tuple[int, int]], quarter: int
) -> Iterator[Fraction]:
    """Seconds of ticks in their order, of which `quarter` are a quarter note."""
    here, begun = 0, Fraction(0)
    for tick in ticks:
        while here + 1 < len(paces) and paces[here + 1][0] <= tick:
            begun += (paces[here + 1][0] - paces[here][0]) * _lasting(paces[here], quarter)
            here += 1
        yield begun + (tick - paces[here][0]) * _lasting(paces[here], quarter)


def _lasting(pace: tuple[int, int], quarter: int) -> Fraction:
    """Seconds of a tick."""
    return Fraction(pace[1], 1_000_000 * quarter)


def _read(path: Path) -> MidiFile:
    content = read_content(path, _MOST_BYTES)
    if not content.startswith(b"MThd"):
        raise fault(path, "this is no MIDI file; export it as .mid")
    try:
        return parsed(content)
    except EOFError as error:
        raise fault(path, "this MIDI file ends in the middle; export it again") from error
    except ValueError as error:
        raise fault(path, f"this MIDI file is damaged ({error}); export it again") from error
