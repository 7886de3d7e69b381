"""Notes as signals for formulas: `midi.kick`, `midi.bass(release=0.3)`.

Conventions:
    At the start of a note the value is its velocity times `gain`, at most 1. It fades to 37% in
    `release` seconds, and is approached as from 37% `attack` seconds before; with `hold` it stays
    for that share of the note's length. Of notes that sound together the largest value counts. No
    value is late: a frame shows the largest between its `keyframes.pulses.EDGES`, and values are
    rounded as there.

    Drums have the numbers of General MIDI, on channel 10; in files that have nothing there, on
    all channels.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from keyword import iskeyword
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from keyframes.pulses import DIGITS, EDGES, FADES, RELEASE, faded
from keyframes.source import Signal, Source
from keyframes.timebase import Frames, Timebase
from pipeline.music.midi import Note, read_notes

Array = NDArray[np.float64]
Places = NDArray[np.intp]

DRUMS: Mapping[str, tuple[int, ...]] = MappingProxyType(
    {"kick": (35, 36), "snare": (38, 40), "hat": (42, 44, 46)}
)
"""Numbers of the drums that have a name of their own (General MIDI 1, percussion key map)."""

DRUM_CHANNEL = 10

OPTIONS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        **FADES,
        "hold": (0.0, 1.0),
        "gain": (0.0, 100.0),
        "threshold": (0.0, 1.0),
        "lowest": (0.0, 127.0),
        "highest": (0.0, 127.0),
    }
)
"""What can be said to notes; `threshold` is the least velocity that is heard."""

_GONE = 10
"""Attacks or releases from a stroke, after which nothing is left of 1 but what is rounded off."""

_AT_ONCE = 1_000_000
"""Pairs of a note and a frame that are looked at in one go; it bounds the memory."""


def midi_sources(
    files: Sequence[Path], timebase: Timebase, start: float = 0.0
) -> Mapping[str, Source]:
    """The sources `midi.*` of files whose second `start` falls on the first frame.

    Names are `all`, those of DRUMS that are struck, `track1`, `channel10`, `note36` and so on for
    those with notes, and the tracks' own names, small, with `_` for what is no letter or digit. A
    track that is called like a drum stands for it.

    Raises:
        Error: a file cannot be read, or holds no notes.
    """
    named = _named([read_notes(file) for file in files])
    return MappingProxyType(
        {
            f"midi.{name}": Source(partial(_struck, tuple(notes), timebase, start), (), OPTIONS)
            for name, notes in named.items()
        }
    )


def _named(files: Iterable[tuple[Note, ...]]) -> Mapping[str, list[Note]]:
    """The notes of each name; tracks are counted on from one file to the next."""
    named: dict[str, list[Note]] = {}
    tracks: dict[str, list[Note]] = {}
    before = 0
    for notes in files:
        for note in notes:
            for name in ("all", f"channel{note.channel}", f"note{note.number}"):
                named.setdefault(name, []).append(note)
            named.setdefault(f"track{before + note.track}", []).append(note)
            if slug := slugged(note.name):
                tracks.setdefault(slug, []).append(note)
        for name, struck in _drums(notes).items():
            named.setdefault(name, []).extend(struck)
        before += max((note.track for note in notes), default=0)
    return {**named, **tracks}


def _drums(notes: Sequence[Note]) -> Mapping[str, list[Note]]:
    """The drums of one file, of those that are struck."""
    kit = [note for note in notes if note.channel == DRUM_CHANNEL] or notes
    drums = {
        name: [note for note in kit if note.number in numbers] for name, numbers in DRUMS.items()
    }
    return {name: struck for name, struck in drums.items() if struck}


def slugged(name: str) -> str:
    """A track's name as one that a formula can use; "" if none of it can be.

    "Lead Synth #2" is `lead_synth_2`; one that begins with a digit, or means something to a
    formula such as `if`, has a `_` at its end or beginning.
    """
    slug = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    if slug[:1].isdigit():
        return f"_{slug}"
    return f"{slug}_" if iskeyword(slug) else slug


def _struck(
    notes: Sequence[Note],
    timebase: Timebase,
    begin: float,
    *,
    attack: float = 0.0,
    release: float = RELEASE,
    hold: float = 0.0,
    gain: float = 1.0,
    threshold: float = 0.0,
    lowest: float = 0.0,
    highest: float = 127.0,
) -> Signal:
    """The signal of notes; ValueError if `lowest` is above `highest`."""
    if lowest > highest:
        raise ValueError(f"lowest is {lowest:g}, above highest, {highest:g}; exchange them")
    heard = [
        note for note in notes if lowest <= note.number <= highest and note.velocity >= threshold
    ]
    start = np.array([note.start for note in heard]) - begin
    length = np.array([note.end - note.start for note in heard])
    until = start + hold * length
    height = np.minimum(1.0, gain * np.array([note.velocity for note in heard]))
    return _Strokes(timebase, start, until, height, attack, release)


@dataclass(frozen=True, slots=True, eq=False)
class _Strokes:
    """A signal of what strikes at `start`, stays high until `until`, and has a `height`, `(n,)`."""

    timebase: Timebase
    start: Array
    """Seconds from the first frame."""
    until: Array
    height: Array
    attack: float
    release: float

    def __call__(self, frame: Frames) -> Frames:
        at = np.asarray(frame, dtype=np.float64)
        flat = at.reshape(-1)
        order = np.argsort(flat)
        early, late = (self._seconds(flat[order] + edge) for edge in EDGES)
        values = np.zeros(flat.size)
        for note, place in self._meetings(early, late):
            ahead = faded(self.start[note] - late[place], self.attack)
            past = faded(early[place] - self.until[note], self.release)
            np.maximum.at(values, place, self.height[note] * ahead * past)
        heard = np.empty(flat.size)
        heard[order] = np.round(values, DIGITS)
        return heard.reshape(at.shape) if at.ndim else float(heard[0])

    def _seconds(self, frames: Array) -> Array:
        return np.asarray(self.timebase.seconds(frames))

    def _meetings(self, early: Array, late: Array) -> Iterator[tuple[Places, Places]]:
        """Which strokes are heard in which windows, whose ends ascend: pairs of their places."""
        first = np.searchsorted(late, self.start - _GONE * self.attack)
        behind = np.searchsorted(early, self.until + _GONE * self.release, side="right")
        counts = np.maximum(behind - first, 0)
        cuts = np.flatnonzero(np.diff(np.cumsum(counts) // _AT_ONCE)) + 1
        for part in np.split(np.arange(counts.size), cuts):
            many = counts[part]
            shift = first[part] - (np.cumsum(many) - many)
            yield np.repeat(part, many), np.arange(many.sum()) + np.repeat(shift, many)
