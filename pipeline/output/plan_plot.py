"""A plan on one page: its shots and prompts over the song, where it is repainted, what moves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.music.peaks import PEAK_HOP, wave_peaks
from pipeline.music.sound import blocks
from pipeline.output.plot_page import (
    COLOURS,
    FAINT,
    INK,
    PAPER,
    WIDTH,
    YELLOW,
    clock_marks,
    lane,
    page,
    png,
    write_in_block,
)
from pipeline.plan.course import Course, course
from pipeline.plan.prompt_spans import prompt_spans
from pipeline.spec.plan import Plan

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LEFT, _RIGHT = 2.1, 0.2
"""Margins in inches; the names of rows stand in the left one."""
_NAMES, _WAVE, _PAINTED, _LANE, _GAP = 0.56, 0.9, 0.6, 0.5, 0.12
"""Heights of rows in inches, and between them."""
_MOST_LANES = 24


def draw_plan(plan: Plan) -> bytes:
    """A PNG file, 1600 pixels wide and as high as it needs.

    Raises:
        Error: the song cannot be read.
    """
    drawn = course(plan)
    rows = [_Row(_NAMES, partial(_draw_names, plan))]
    if plan.output.soundtrack is not None:
        rows.append(_Row(_WAVE, partial(_draw_wave, plan)))
    rows.append(_Row(_PAINTED, partial(_draw_painted, plan, drawn)))
    for number, name in enumerate(list(drawn.moving)[:_MOST_LANES]):
        colour = COLOURS[number % len(COLOURS)]
        rows.append(_Row(_LANE, partial(_draw_lane, plan, name, drawn, colour)))
    seconds = len(drawn.strength) / float(plan.fps)
    figure, places = _laid_out(plan.title, [row.height for row in rows], seconds)
    for row, axes in zip(rows, places, strict=True):
        row.draw(axes)
    _draw_bars(plan, places)
    _draw_clock(places[-1], seconds)
    return png(figure)


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of the page: its height in inches, and what draws it."""

    height: float
    draw: Callable[[Axes], None]


def _laid_out(title: str, heights: list[float], seconds: float) -> tuple[Figure, list[Axes]]:
    """The figure with its title, and the places of its rows."""
    height = 0.75 + sum(heights) + _GAP * len(heights) + 0.35
    figure = page(height)
    words: dict[str, Any] = {"color": INK, "size": 15, "weight": "bold", "va": "top"}
    figure.text(_LEFT / WIDTH, 1 - 0.22 / height, title, parse_math=False, **words)
    return figure, _rows(figure, heights, height, seconds)


def _rows(figure: Figure, heights: list[float], height: float, seconds: float) -> list[Axes]:
    """The places of all rows from the top down, each over the whole video."""
    top, rows = height - 0.7, []
    for each in heights:
        top -= each
        width = 1 - (_LEFT + _RIGHT) / WIDTH
        axes = lane(figure, (_LEFT / WIDTH, top / height, width, each / height))
        axes.set_xlim(0, seconds)
        top -= _GAP
        rows.append(axes)
    return rows


def _label(axes: Axes, text: str, y: float, colour: str = INK, size: float = 8) -> None:
    place: dict[str, Any] = {"transform": axes.transAxes, "ha": "right", "va": "center"}
    axes.text(-0.008, y, text, color=colour, size=size, parse_math=False, **place)


def _draw_names(plan: Plan, axes: Axes) -> None:
    """Shots and their prompts as blocks, sections of the song above them."""
    axes.set_ylim(0, 1)
    fps, shots = float(plan.fps), [shot.name for shot in plan.all_shots]
    seconds = axes.get_xlim()[1]
    _label(axes, "prompts", 0.28)
    for span in prompt_spans(plan):
        begin, end = span.first / fps, (span.last + 1) / fps
        colour = COLOURS[(shots.index(span.shot) if span.shot else 0) % len(COLOURS)]
        axes.axvspan(begin, end, 0.0, 0.56, color=colour, alpha=0.9, linewidth=0)
        axes.vlines(begin, 0, 0.56, color=PAPER, linewidth=1)
        words = f"{span.shot}: {span.words}" if span.shot else span.words
        room = int(170 * (end - begin) / seconds) - 1
        if room > 3:
            shown = words if len(words) <= room else f"{words[: room - 1]}…"
            write_in_block(axes, shown, (begin + 0.003 * seconds, 0.27), 9)
    style: dict[str, Any] = {"color": INK, "size": 9, "va": "center", "parse_math": False}
    for mark in plan.marks.sections:
        axes.text(mark.frame / fps, 0.82, mark.name, **style)


def _draw_wave(plan: Plan, axes: Axes) -> None:
    assert plan.output.soundtrack is not None
    peaks = wave_peaks(blocks(Path(plan.output.soundtrack)))
    times = (np.arange(len(peaks)) + 0.5) * PEAK_HOP - plan.output.soundtrack_start
    inside = (times >= 0) & (times <= axes.get_xlim()[1])
    low, high = peaks[inside].T / max(float(np.abs(peaks).max(initial=0)), 1e-9)
    axes.set_ylim(-1.02, 1.02)
    axes.fill_between(times[inside], low, high, color=FAINT, linewidth=0)
    _label(axes, "song", 0.5)


def _draw_painted(plan: Plan, drawn: Course, axes: Axes) -> None:
    """A stroke for each frame that is painted, as high as it is painted anew."""
    fps = float(plan.fps)
    times = np.arange(len(drawn.strength)) / fps
    painted = drawn.strength > 0
    axes.set_ylim(0, 1.02)
    axes.bar(
        times[painted],
        drawn.strength[painted],
        width=1 / fps,
        align="edge",
        color=YELLOW,
        linewidth=0,
    )
    _label(axes, "repainted", 0.62)
    _label(axes, f"{painted.mean():.0%} of the frames", 0.3, FAINT, 7)


def _draw_lane(plan: Plan, name: str, drawn: Course, colour: str, axes: Axes) -> None:
    values = drawn.moving[name]
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    axes.set_ylim(low - 0.08 * (high - low), high + 0.08 * (high - low))
    times = np.arange(len(values)) / float(plan.fps)
    axes.plot(times, values, color=colour, linewidth=1.2)
    _label(axes, name, 0.66, colour)
    _label(axes, f"{low:.4g} to {high:.4g}", 0.3, FAINT, 7)


def _draw_bars(plan: Plan, rows: list[Axes]) -> None:
    """The bars of the music as lines through all rows, their numbers above."""
    fps = float(plan.fps)
    bars = plan.marks.bars
    every = max(1, -(-len(bars) // 40))
    for mark in bars[::every]:
        for axes in rows[1:]:
            axes.axvline(mark.frame / fps, color=INK, alpha=0.3, linewidth=0.7)
        rows[0].text(
            mark.frame / fps,
            1.12,
            mark.name.removeprefix("bar "),
            color=FAINT,
            size=8,
            ha="center",
            clip_on=False,
        )


def _draw_clock(axes: Axes, seconds: float) -> None:
    """Minutes and seconds below the last row."""
    style: dict[str, Any] = {"color": FAINT, "size": 8, "ha": "center", "va": "top"}
    for second, words in clock_marks(0, seconds, seconds):
        place = axes.get_xaxis_transform()
        axes.text(second, -0.12, words, transform=place, clip_on=False, **style)
