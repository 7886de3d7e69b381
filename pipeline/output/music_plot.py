"""A song on one page: its wave, its beats and bars, its sections, its envelopes and its drums.

A long song is drawn in rows, one above the other, that begin with bars where it has bars.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.music.grid import BeatGrid
from pipeline.music.peaks import PEAK_HOP
from pipeline.music.sections import Section
from pipeline.output.music_picture import MusicPicture
from pipeline.output.music_rows import LEFT, RIGHT, Rows, rows_of
from pipeline.output.plot_page import (
    COLOURS,
    FAINT,
    INK,
    WIDTH,
    clock_marks,
    lane,
    page,
    png,
    write_in_block,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LANE_COLOURS = ("#e56b6f", "#e0c95c", "#6fc7d0")
"""Of low, middle and high, in envelopes and drums alike."""

_ROW_HEIGHT = 3.6
"""Inches of a row."""
_BEAT_PIXELS, _BAR_PIXELS, _NUMBER_PIXELS = 7.0, 5.0, 26.0
"""Least distances on the page at which beats, bars, and the numbers of bars are drawn."""


def draw_picture(picture: MusicPicture) -> bytes:
    """A PNG file, 1600 pixels wide and as high as it needs."""
    rows = rows_of(picture.duration, picture.grid)
    height = 0.75 + rows.count * _ROW_HEIGHT
    figure = page(height)
    words: dict[str, Any] = {"va": "top", "parse_math": False}
    top = 1 - 0.2 / height
    figure.text(LEFT / WIDTH, top, picture.title, color=INK, size=15, weight="bold", **words)
    figure.text(1 - RIGHT / WIDTH, top, picture.facts, color=FAINT, size=11, ha="right", **words)
    for row in range(rows.count):
        start = rows.start + row * rows.seconds
        axes = _row_axes(figure, height, row)
        for each in axes:
            each.set_xlim(start - rows.lead, start + rows.seconds)
        _draw_row(picture, rows, *axes)
    return png(figure)


def _row_axes(figure: Figure, height: float, row: int) -> tuple[Axes, Axes, Axes]:
    """The places of sections and bars, of the wave, and of the envelopes in a row."""
    top = height - 0.7 - row * _ROW_HEIGHT
    left, width = LEFT / WIDTH, 1 - (LEFT + RIGHT) / WIDTH
    heights = ((0.42, 0.42), (1.42, 1.0), (3.12, 1.66))
    names, wave, bands = (
        lane(figure, (left, (top - below) / height, width, size / height))
        for below, size in heights
    )
    return names, wave, bands


def _draw_row(picture: MusicPicture, rows: Rows, names: Axes, wave: Axes, bands: Axes) -> None:
    start, end = wave.get_xlim()
    _draw_wave(picture, wave, start, end)
    _draw_lanes(picture, bands, start, end)
    _draw_sections(picture, names, start, end)
    if picture.grid is not None:
        _draw_grid(picture.grid, rows, names, (wave, bands))
    _draw_clock(bands, start, end, picture.duration)


def _colours(sections: tuple[Section, ...]) -> Iterator[str]:
    """A colour for each section; `chorus` and `chorus 2` have the same."""
    stems: dict[str, int] = {}
    for section in sections:
        number = stems.setdefault(section.name.rstrip(" 0123456789"), len(stems))
        yield COLOURS[number % len(COLOURS)]


def _draw_wave(picture: MusicPicture, axes: Axes, start: float, end: float) -> None:
    loudest = max(float(np.abs(picture.peaks).max(initial=0)), 1e-9)
    axes.set_ylim(-1.02, 1.02)
    first, last = (int(np.clip(t / PEAK_HOP, 0, len(picture.peaks))) for t in (start, end))
    low, high = picture.peaks[first:last].T / loudest
    times = (np.arange(first, last) + 0.5) * PEAK_HOP
    spans = [
        (s.start, s.end, c)
        for s, c in zip(picture.sections, _colours(picture.sections), strict=True)
    ]
    axes.fill_between(times, low, high, color=FAINT, linewidth=0)
    for begin, finish, colour in spans:
        inside = (times >= begin - PEAK_HOP) & (times <= finish + PEAK_HOP)
        axes.fill_between(times[inside], low[inside], high[inside], color=colour, linewidth=0.3)


def _draw_lanes(picture: MusicPicture, axes: Axes, start: float, end: float) -> None:
    """The envelopes as areas and the drums as strokes, one below the other."""
    lanes = [*picture.envelopes.items(), *picture.drums.items()]
    axes.set_ylim(0, max(1, len(lanes)))
    for number, (name, values) in enumerate(lanes):
        floor = len(lanes) - 1 - number
        colour = _LANE_COLOURS[number % len(_LANE_COLOURS)]
        first, last = (int(np.clip(t / picture.hop, 0, len(values))) for t in (start, end))
        times, tops = np.arange(first, last) * picture.hop, 0.9 * np.clip(values[first:last], 0, 1)
        if name in picture.drums:
            hit = np.flatnonzero(tops)
            axes.vlines(times[hit], floor, floor + tops[hit], color=colour, linewidth=1.6, zorder=4)
        else:
            axes.fill_between(times, floor, floor + tops, color=colour, alpha=0.85, linewidth=0)
        place: dict[str, Any] = {"transform": axes.get_yaxis_transform(), "ha": "right"}
        axes.text(-0.006, floor + 0.4, name, color=colour, size=8, va="center", **place)


def _draw_sections(picture: MusicPicture, axes: Axes, start: float, end: float) -> None:
    axes.set_ylim(0, 1)
    for section, colour in zip(picture.sections, _colours(picture.sections), strict=True):
        begin, finish = max(section.start, start), min(section.end, end)
        if begin >= finish:
            continue
        axes.axvspan(begin, finish, 0.46, 0.98, color=colour, alpha=0.9, linewidth=0)
        continued = section.start < start
        share = (finish - begin) / (end - start)
        label = f"({section.name})" if continued else section.name
        if share * 150 > len(label) + 1:
            write_in_block(axes, label, (begin + 0.004 * (end - start), 0.7), 10)


def _draw_grid(grid: BeatGrid, rows: Rows, names: Axes, below: tuple[Axes, Axes]) -> None:
    start, end = names.get_xlim()
    beat = 60 / max(grid.bpm, 1e-9) * rows.pixels
    bar = beat * grid.beats_per_bar
    every = max(1, int(2 ** np.ceil(np.log2(max(1.0, _NUMBER_PIXELS / bar)))))
    beats = [b for b in grid.beats if start <= b <= end]
    bars = [(k, b) for k, b in enumerate(grid.downbeats, start=1) if start <= b <= end]
    for axes in below:
        if beat >= _BEAT_PIXELS:
            axes.vlines(beats, *axes.get_ylim(), color=INK, alpha=0.16, linewidth=0.7, zorder=3)
        if bar >= _BAR_PIXELS:
            axes.vlines(
                [b for _, b in bars],
                *axes.get_ylim(),
                color=INK,
                alpha=0.5,
                linewidth=0.9,
                zorder=3,
            )
    for number, second in bars:
        # One at the very edge is the next row's.
        if (number - 1) % every == 0 and second < end - 0.006 * (end - start):
            names.text(second, 0.16, str(number), color=INK, size=8, ha="center", va="center")


def _draw_clock(axes: Axes, start: float, end: float, duration: float) -> None:
    """Minutes and seconds under a row."""
    below: dict[str, Any] = {"transform": axes.get_xaxis_transform(), "color": FAINT}
    for second, words in clock_marks(start, end, duration):
        axes.text(second, -0.06, words, size=8, ha="center", va="top", **below)
        axes.plot([second, second], [0, -0.03], linewidth=0.8, clip_on=False, **below)
