"""What was heard in a song, in lines for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from keyframes.time_words import counted
from pipeline.cli.music_words import bar_words
from pipeline.cli.outline import aligned

if TYPE_CHECKING:
    from pipeline.music.grid import BeatGrid
    from pipeline.music.heard import Heard

_SELDOM = 0.05
"""Confidence below which another tempo is only listed if it is the half or the double."""
_NEAR = 0.03
"""Share by which two tempos differ that are the same."""
_SURE_OF_BARS = 0.5


def outline(heard: Heard) -> Iterator[str]:
    """Length, tempo, beats, bars and sections."""
    yield f"{heard.file}: {clock(heard.duration)}"
    if heard.bars:
        yield from _rhythm(heard.grid)
    else:
        yield f"  no rhythm that can be trusted (confidence {heard.grid.confidence:.2f} of 1)"
    yield "sections, as a proposal"
    rows = [
        (
            clock(section.start),
            bar_words(section.start, heard.bars) if heard.bars else "",
            section.name,
            _length(section.start, section.end, heard),
            f"energy {section.energy:.2f}",
        )
        for section in heard.sections
    ]
    yield from aligned(rows)


def doubts(heard: Heard, *, hinted: bool) -> Iterator[str]:
    """What should not be taken on trust, and what to do."""
    file, grid = heard.file, heard.grid
    if not heard.bars:
        other = "other bounds" if hinted else "bounds for its tempo"
        yield (
            f"warning: {file}: no rhythm is heard in it that beats could be laid on; if it has "
            f"one, give {other}, such as `--bpm 80-110`, or write the seconds of its beats into a "
            "file, one a line, and name that in the scene: `beats: beats.txt`"
        )
    elif grid.bar_confidence < _SURE_OF_BARS:
        yield (
            f"warning: {file}: the beats are heard, and not which of them begin a bar (confidence "
            f"{grid.bar_confidence:.2f} of 1); listen with `--click click.wav`, and write "
            "`first_beat` and `beats_per_bar` into the scene yourself"
        )


def clock(seconds: float) -> str:
    """A time as people read it: `1:02.50`, to a hundredth of a second."""
    hundredths = round(seconds * 100)
    return f"{hundredths // 6000}:{hundredths // 100 % 60:02d}.{hundredths % 100:02d}"


def _rhythm(grid: BeatGrid) -> Iterator[str]:
    from pipeline.music.even_tempo import even_tempo, tempo_range

    even = even_tempo(grid)
    if even is None:
        pace = f"{grid.bpm:.4g} beats a minute, {_freedom(*tempo_range(grid))}"
    else:
        pace = f"{even.bpm:g} beats a minute"
    yield f"  tempo  {pace} (confidence {grid.confidence:.2f} of 1)"
    if others := ", ".join(_others(grid)):
        yield f"         or counted as {others}; --bpm settles it"
    first = grid.downbeats[0] if even is None else even.first_beat
    yield (
        f"  bars   {counted(len(grid.downbeats), 'bar')} of {counted(grid.beats_per_bar, 'beat')}, "
        f"bar 1 at {first:.3f} s (confidence {grid.bar_confidence:.2f} of 1)"
    )
    yield (
        f"  beats  {counted(len(grid.beats), 'beat')}, "
        f"from {grid.beats[0]:.3f} s to {grid.beats[-1]:.3f} s"
    )


def _freedom(slowest: float, fastest: float) -> str:
    """How a tempo moves; between bounds that are almost one, single beats do."""
    moves = fastest / slowest - 1 > _NEAR / 3
    return f"from {slowest:.4g} to {fastest:.4g}" if moves else "freely played"


def _others(grid: BeatGrid) -> Iterator[str]:
    """The half, the double, and what else is likely, each with its confidence."""
    for candidate in grid.candidates:
        ratio = candidate.bpm / grid.bpm
        octaves = {word: abs(ratio / of - 1) for word, of in (("half", 0.5), ("double", 2.0))}
        word = next((word for word, off in octaves.items() if off < _NEAR), "")
        if word or (candidate.confidence >= _SELDOM and abs(ratio - 1) > _NEAR):
            told = f"{candidate.bpm:.4g} ({candidate.confidence:.2f})"
            yield f"{word} {told}".strip()


def _length(start: float, end: float, heard: Heard) -> str:
    if not heard.bars:
        return f"{end - start:.0f} s"
    bar = 60 / heard.grid.bpm * heard.grid.beats_per_bar
    return counted(max(1, int((end - start) / bar + 0.05)), "bar")
