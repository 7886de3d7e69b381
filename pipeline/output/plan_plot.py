"""A plan on one page: its shots and prompts over the song, where it is repainted, what moves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from pipeline.output.plan_rows import (
    draw_curve,
    draw_painted,
    draw_prompts,
    draw_sections,
    draw_shots,
    draw_wave,
    label,
)
from pipeline.output.plot_page import (
    COLOURS,
    FAINT,
    INK,
    WIDTH,
    clock_marks,
    lane,
    page,
    png,
)
from pipeline.plan.course import Course, course
from pipeline.plan.prompt_shares import prompt_shares, shot_shares
from pipeline.spec.plan import Plan

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LEFT, _RIGHT = 2.1, 0.2
"""Margins in inches; the names of rows stand in the left one."""
_HEAD, _SHOTS, _PROMPTS, _WAVE, _PAINTED, _LANE, _GAP = 0.2, 0.26, 0.8, 0.9, 0.55, 0.5, 0.12
"""Heights of rows in inches, and between them."""
_MOST_LANES = 24
_BAND = "#1c1c21"
"""Background of every second section of the song."""
_CLOSEST_BEATS = 0.05
"""Inches that beats are apart at least, if they are drawn."""


def draw_plan(plan: Plan, beats: Sequence[float] = ()) -> bytes:
    """A PNG file, 1600 pixels wide and as high as it needs; `beats` are positions in frames.

    Raises:
        Error: the song cannot be read.
    """
    drawn = course(plan)
    rows = list(_rows(plan, drawn))
    seconds = len(drawn.strength) / float(plan.fps)
    figure, places = _laid_out(plan.title, [row.height for row in rows], seconds)
    _draw_bands(plan, places[1:])
    for row, axes in zip(rows, places, strict=True):
        row.draw(axes)
    _draw_beats(plan, beats, places[0])
    _draw_bars(plan, places)
    _draw_clock(places[-1], seconds)
    return png(figure)


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of the page: its height in inches, and what draws it."""

    height: float
    draw: Callable[[Axes], None]


def _rows(plan: Plan, drawn: Course) -> Iterator[_Row]:
    yield _Row(_HEAD, partial(draw_sections, plan))
    shots = shot_shares(plan)
    if len(shots) > 1:
        yield _Row(_SHOTS, partial(draw_shots, plan, shots))
    yield _Row(_PROMPTS, partial(draw_prompts, plan, prompt_shares(plan)))
    if plan.output.soundtrack is not None:
        yield _Row(_WAVE, partial(draw_wave, plan))
    yield _Row(_PAINTED, partial(draw_painted, plan, drawn))
    for number, name in enumerate(list(drawn.moving)[:_MOST_LANES]):
        colour = COLOURS[number % len(COLOURS)]
        yield _Row(_LANE, partial(draw_curve, plan, drawn, name, colour))


def _laid_out(title: str, heights: list[float], seconds: float) -> tuple[Figure, list[Axes]]:
    """The figure with its title, and the places of its rows."""
    height = 0.75 + sum(heights) + _GAP * len(heights) + 0.35
    figure = page(height)
    words: dict[str, Any] = {"color": INK, "size": 15, "weight": "bold", "va": "top"}
    figure.text(_LEFT / WIDTH, 1 - 0.16 / height, title, parse_math=False, **words)
    return figure, _places(figure, heights, height, seconds)


def _places(figure: Figure, heights: list[float], height: float, seconds: float) -> list[Axes]:
    """The places of all rows from the top down, each over the whole video."""
    top, places = height - 0.75, []
    for number, each in enumerate(heights):
        top -= each
        width = 1 - (_LEFT + _RIGHT) / WIDTH
        axes = lane(figure, (_LEFT / WIDTH, top / height, width, each / height))
        axes.set_xlim(0, seconds)
        top -= _GAP if number else _GAP / 2
        places.append(axes)
    return places


def _draw_bands(plan: Plan, rows: list[Axes]) -> None:
    """Every second section of the song on a lighter ground."""
    fps, sections = float(plan.fps), plan.marks.sections
    for number, mark in enumerate(sections):
        later = sections[number + 1].frame / fps if number + 1 < len(sections) else None
        for axes in rows if number % 2 == 0 else ():
            end = axes.get_xlim()[1] if later is None else later
            axes.axvspan(mark.frame / fps, end, color=_BAND, linewidth=0, zorder=0)


def _draw_beats(plan: Plan, beats: Sequence[float], axes: Axes) -> None:
    """Every beat as a small stroke, unless they would run into each other."""
    fps, inches = float(plan.fps), WIDTH - _LEFT - _RIGHT
    if beats and inches / len(beats) >= _CLOSEST_BEATS:
        times = [beat / fps for beat in beats]
        place = axes.get_xaxis_transform()
        axes.vlines(times, 0.92, 1.12, color=FAINT, linewidth=0.8, transform=place, clip_on=False)


def _draw_bars(plan: Plan, rows: list[Axes]) -> None:
    """The bars of the music as lines through all rows, their numbers above."""
    fps = float(plan.fps)
    bars = plan.marks.bars
    every = max(1, -(-len(bars) // 40))
    if bars:
        label(rows[0], "bars", 1.45, FAINT, 7)
    style: dict[str, Any] = {"color": FAINT, "size": 8, "ha": "center", "clip_on": False}
    for mark in bars[::every]:
        for axes in rows[1:]:
            axes.axvline(mark.frame / fps, color=INK, alpha=0.22, linewidth=0.7)
        rows[0].text(mark.frame / fps, 1.25, mark.name.removeprefix("bar "), **style)


def _draw_clock(axes: Axes, seconds: float) -> None:
    """Minutes and seconds below the last row."""
    style: dict[str, Any] = {"color": FAINT, "size": 8, "ha": "center", "va": "top"}
    for second, words in clock_marks(0, seconds, seconds):
        place = axes.get_xaxis_transform()
        axes.text(second, -0.12, words, transform=place, clip_on=False, **style)
