"""What is played when: the bars, chords, tunes and drums of *Pulse*, as lists of notes.

Conventions:
    A beat counts from 0 at bar 1; bars count from 1. Pitches are MIDI's (69 is 440 Hz). A velocity
    is above 0 and at most 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

BPM = 120.0
BEATS_PER_BAR = 4
BARS = 20
FIRST_BEAT = 0.5
"""Second of the file at which bar 1 begins."""
TAIL = 1.5
"""Seconds after the last bar, in which the reverberation dies away."""
SECONDS = FIRST_BEAT + BARS * BEATS_PER_BAR * 60 / BPM + TAIL

VERSE, BREAK, CHORUS, OUTRO = range(1, 9), range(9, 11), range(11, 19), range(19, 21)

KICK, SNARE, HAT = 36, 38, 42
"""Keys of General MIDI's drums."""
OPEN_HAT, CRASH = 46, 49

_VERSE_CHORDS = ((50, 57, 60, 64, 65), (46, 53, 57, 62, 65), (41, 53, 57, 60, 67), (48, 55, 60, 62))
"""D minor 9, B flat 7, F with a ninth, C with a second: each with its bass note first."""
_BREAK_CHORDS = ((43, 58, 62, 65, 69), (45, 57, 62, 64, 67))
"""G minor 9, and A 7 with a fourth, which leads to the chorus."""
_CHORUS_CHORDS = (
    (46, 58, 62, 65, 69),
    (48, 60, 64, 67, 72),
    (50, 57, 62, 65, 69),
    (41, 57, 60, 65),
)
"""B flat 7, C, D minor, F: the sixth degree rises to the first, and opens into the major."""
_OUTRO_CHORDS = ((46, 58, 62, 65, 69), (50, 57, 62, 64, 69))

_Hit = tuple[int, float, float]
"""Drum, beat within its bar, velocity."""

_TUNE = (
    *((0, 1.5, 77), (1.5, 0.5, 76), (2, 1, 74), (3, 1, 72)),
    *((4, 1.5, 76), (5.5, 0.5, 74), (6, 1, 72), (7, 0.5, 67), (7.5, 0.5, 69)),
    *((8, 2, 74), (10, 0.5, 77), (10.5, 0.5, 76), (11, 1, 74)),
    *((12, 1.5, 72), (13.5, 0.5, 69), (14, 1, 72), (15, 0.5, 74), (15.5, 0.5, 76)),
)
"""Beat, length in beats and pitch, over four bars of the chorus."""


@dataclass(frozen=True, slots=True)
class Note:
    """One note: when it begins and how long it is in beats, its pitch and its velocity."""

    beat: float
    beats: float
    pitch: int
    velocity: float = 1.0


def seconds(beat: float) -> float:
    """The second of the file at which a beat falls."""
    return FIRST_BEAT + beat * 60 / BPM


def first_beat_of(bar: int) -> float:
    """The beat with which a bar begins."""
    return float((bar - 1) * BEATS_PER_BAR)


def chord_of(bar: int) -> tuple[int, ...]:
    """The pitches of a bar's chord, the bass note first."""
    for bars, chords in (
        (VERSE, _VERSE_CHORDS),
        (BREAK, _BREAK_CHORDS),
        (CHORUS, _CHORUS_CHORDS),
        (OUTRO, _OUTRO_CHORDS),
    ):
        if bar in bars:
            return chords[(bar - bars[0]) % len(chords)]
    raise ValueError(f"the song has no bar {bar}")


def pads(bars: Sequence[int]) -> Iterator[Note]:
    """The chords, held through each bar."""
    for bar in bars:
        for pitch in chord_of(bar)[1:]:
            yield Note(first_beat_of(bar), BEATS_PER_BAR, pitch, 0.8)


def bass() -> Iterator[Note]:
    """Long notes in the verse, eighths that leap by octaves in the chorus, none in the break."""
    for bar in VERSE[2:]:
        root, start = _deep(bar), first_beat_of(bar)
        yield Note(start, 1.75, root, 0.7)
        yield Note(start + 2.5, 1.25, root, 0.6)
    for bar in CHORUS:
        for eighth in range(8):
            leap = 12 if eighth in (3, 6) else 0
            velocity = 1.0 if eighth % 2 else 0.8
            yield Note(first_beat_of(bar) + eighth / 2, 0.42, _deep(bar) + leap, velocity)
    for bar in OUTRO:
        yield Note(first_beat_of(bar), 3.5, _deep(bar), 0.7)


def plucks() -> Iterator[Note]:
    """Broken chords: quarters in the verse, eighths in the break, sixteenths in the chorus."""
    for bars, step, velocity in ((VERSE[4:], 1.0, 0.5), (BREAK, 0.5, 0.8), (CHORUS, 0.25, 0.35)):
        for bar in bars:
            tones = sorted(pitch + 12 for pitch in chord_of(bar)[1:])
            for k in range(round(BEATS_PER_BAR / step)):
                climb = (0, 2, 1, 3, 2, 1, 3, 0)[k % 8] % len(tones)
                accent = 1.0 if k % 4 == 0 else 0.7
                yield Note(first_beat_of(bar) + k * step, step, tones[climb], velocity * accent)


def tune() -> Iterator[Note]:
    """The tune of the chorus, twice, and its last note in the outro."""
    for start in (CHORUS[0], CHORUS[4]):
        for beat, beats, pitch in _TUNE:
            yield Note(first_beat_of(start) + beat, beats, pitch)
    yield Note(first_beat_of(OUTRO[0]), 6, 74, 0.7)


def drum_hits() -> Iterator[Note]:
    """All drums; the pitch says which."""
    for bar in VERSE:
        yield from _bar(bar, _verse_bar(bar))
    for bar in CHORUS:
        yield from _bar(bar, _chorus_bar(bar))
    yield from _bar(OUTRO[0], [(KICK, 0, 0.9), (CRASH, 0, 0.7)])
    yield from _bar(OUTRO[1], [(KICK, 0, 0.7)])


def _deep(bar: int) -> int:
    root = chord_of(bar)[0]
    return root - 12 if root >= 46 else root


def _bar(bar: int, hits: list[_Hit]) -> Iterator[Note]:
    for pitch, beat, velocity in hits:
        yield Note(first_beat_of(bar) + beat, 0.25, pitch, velocity)


def _verse_bar(bar: int) -> list[_Hit]:
    hits: list[_Hit] = [(KICK, 0, 1.0), (KICK, 2.5, 0.7)]
    hits += [(HAT, eighth / 2, 0.5 if eighth % 2 else 0.3) for eighth in range(8)]
    if bar >= VERSE[2]:
        hits += [(SNARE, 1, 0.45), (SNARE, 3, 0.5)]
    if bar == VERSE[-1]:
        hits += [(SNARE, 3.25 + k / 4, 0.5 + 0.15 * k) for k in range(3)]
    return hits


def _chorus_bar(bar: int) -> list[_Hit]:
    hits: list[_Hit] = [(KICK, beat, 1.0) for beat in range(4)]
    hits += [(SNARE, beat, 0.9) for beat in (1, 3)]
    hits += [(OPEN_HAT, beat + 0.5, 0.6) for beat in range(4)]
    hits += [(HAT, k / 4, 0.5 if k % 4 == 0 else 0.3) for k in range(16) if k % 4 != 2]
    if bar in (CHORUS[0], CHORUS[4]):
        hits.append((CRASH, 0, 1.0))
    if bar in (CHORUS[3], CHORUS[-1]):
        hits += [(SNARE, 3.5, 0.6), (SNARE, 3.75, 0.75)]
    return hits
