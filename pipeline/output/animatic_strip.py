"""The strip of an animatic: looks, shots, the wave of the song and beats over the whole part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from math import floor
from pathlib import Path

import numpy as np

from keyframes.timebase import Timebase
from pipeline.files.png import Pixels
from pipeline.music.peaks import PEAK_HOP, wave_peaks
from pipeline.music.sound import blocks
from pipeline.output.animatic_panel import place_of
from pipeline.output.canvas import Colour, between, block, colour, write
from pipeline.output.lettering import width_of
from pipeline.output.plot_page import FAINT, INK, PAPER, clock_marks
from pipeline.plan.looks import Look, shares
from pipeline.spec.plan import Plan
from pipeline.spec.timeline import ShownFrame, shown_frames

HEIGHT = 36
_INK, _FAINT, _PAPER = colour(INK), colour(FAINT), colour(PAPER)
_BLOCKS, _WAVE_TOP, _WAVE_BOTTOM, _BEAT, _BAR = 5, 8, 25, 28, 26
"""Lower edge of the looks; edges of the wave; upper ends of the ticks of beats and of bars."""
_FEWEST_PIXELS = 4
"""Least distance of ticks."""


def strip(
    plan: Plan,
    part: range,
    timebase: Timebase,
    looks: Mapping[str, Sequence[Look]],
    tints: Mapping[Look, Colour],
    width: int,
) -> Pixels:
    """The strip over the frames `part` of the video, `(HEIGHT, width, 3)`.

    Raises:
        Error: the song cannot be read.
    """
    pixels = np.empty((HEIGHT, width, 3), dtype=np.uint8)
    pixels[:] = _PAPER
    left, right = place_of(part.start, part, width), place_of(part.stop, part, width)
    block(pixels, left, _WAVE_TOP - 1, right, _WAVE_BOTTOM + 1, (26, 26, 30))
    video = list(shown_frames(plan.all_shots))
    for x in range(left, right):
        frame = part.start + (x - left) * len(part) // max(1, right - left)
        block(pixels, x, 0, x + 1, _BLOCKS, _mixed(video[frame], looks, tints))
    for mark in plan.marks.shots:
        if mark.frame in part:
            x = place_of(mark.frame, part, width)
            block(pixels, x - 1, 0, x + 1, _BLOCKS + 1, _PAPER)
    if plan.output.soundtrack is not None:
        _draw_wave(pixels, plan, part, Path(plan.output.soundtrack))
    _draw_ticks(pixels, part, timebase)
    return pixels


def _mixed(
    layers: Sequence[ShownFrame],
    looks: Mapping[str, Sequence[Look]],
    tints: Mapping[Look, Colour],
) -> Colour:
    """The tint of a frame of the video."""
    parts = [
        (layer.weight * share, tints[look])
        for layer in layers
        for look, share in shares(looks[layer.shot], layer.frame)
    ]
    mixed, whole = parts[0][1], parts[0][0]
    for share, tint in parts[1:]:
        whole += share
        mixed = between(mixed, tint, share / whole)
    return mixed


def _draw_wave(pixels: Pixels, plan: Plan, part: range, song: Path) -> None:
    """The wave of the song in its place, as loud as its loudest moment."""
    peaks = wave_peaks(blocks(song))
    loudness = np.abs(peaks).max(axis=1) / max(float(np.abs(peaks).max(initial=0)), 1e-9)
    width = pixels.shape[1]
    left, right = place_of(part.start, part, width), place_of(part.stop, part, width)
    frames = part.start + (np.arange(right - left + 1) / max(1, right - left)) * len(part)
    seconds = frames / float(plan.fps) + plan.output.soundtrack_start
    edges = np.clip(np.rint(seconds / PEAK_HOP), 0, len(loudness)).astype(int)
    half, middle = (_WAVE_BOTTOM - _WAVE_TOP) / 2, (_WAVE_BOTTOM + _WAVE_TOP) / 2
    ink = between(_PAPER, _FAINT, 0.75)
    for x, (first, end) in enumerate(pairwise(edges)):
        if end > first:
            high = max(0.5, half * float(loudness[first:end].max()))
            block(pixels, left + x, round(middle - high), left + x + 1, round(middle + high), ink)


def _draw_ticks(pixels: Pixels, part: range, timebase: Timebase) -> None:
    """Beats and bars, or seconds without a tempo, with their names where there is room."""
    width, end = pixels.shape[1], 0
    ticks = list(_seconds(part, timebase) if timebase.tempo is None else _beats(part, timebase))
    room = (width - 20) / max(1, len(ticks))
    for frame, words in ticks:
        x = place_of(frame, part, width)
        if not words:
            if room >= _FEWEST_PIXELS:
                block(pixels, x, _BEAT, x + 1, _BEAT + 3, _FAINT)
            continue
        block(pixels, x, _BAR, x + 1, _BAR + 6, _INK)
        if x > end and x + 3 + width_of(words, 8) < width:
            end = x + 6 + write(pixels, words, (x + 3, _BAR), 8, _FAINT)


def _seconds(part: range, timebase: Timebase) -> Iterator[tuple[float, str]]:
    """The positions of whole seconds in a part, with their times on a clock."""
    begin, end = (float(timebase.seconds(float(frame))) for frame in (part.start, part.stop))
    for second, words in clock_marks(begin, end, end):
        yield second * float(timebase.fps), words


def _beats(part: range, timebase: Timebase) -> Iterator[tuple[float, str]]:
    """The positions of the beats of a part, and the numbers of those that begin a bar."""
    tempo = timebase.tempo
    assert tempo is not None
    first, last = (floor(float(timebase.beats(float(frame)))) for frame in (part.start, part.stop))
    for beat in range(max(0, first), last + 1):
        frame = float(tempo.second(Fraction(beat)) * timebase.fps)
        if part.start - 0.5 <= frame < part.stop:
            bar, rest = divmod(beat, tempo.beats_per_bar)
            yield frame, "" if rest else f"{bar + 1}"
