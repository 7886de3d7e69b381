"""The rows of the picture of a plan: each draws one thing over the time of the video."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pipeline.music.peaks import PEAK_HOP, wave_peaks
from pipeline.music.sound import blocks
from pipeline.output.plot_page import COLOURS, DPI, FAINT, INK, PAPER, YELLOW
from pipeline.plan.course import Course
from pipeline.plan.prompt_shares import Share
from pipeline.spec.plan import Plan

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SLATES = ("#34343d", "#484853")
"""What shots are told apart by."""

_FEW_FRAMES = 120
"""Up to so many frames of a video each is drawn as a step; of more, fades are slopes."""
_LETTER, _LINE = 0.6, 1.35
"""Width and height of what is written, in its size."""
_WORDS, _SMALL = 8.5, 7.0
"""Sizes in points in which prompts are written."""
_MOST_OF_IT = 0.7
"""Share of its largest height at which a prompt is high enough to be named."""


@dataclass(frozen=True, slots=True)
class Lettering:
    """How words are written into a stretch of a row."""

    size: float
    """Size in points."""
    colour: str
    lines: int
    """Most lines."""
    ground: str | None = None
    """Colour of what is laid under the words; None leaves what is there."""


def label(axes: Axes, text: str, y: float, colour: str = INK, size: float = 8) -> None:
    """Write the name of a row at its left, at `y` in shares of its height."""
    place: dict[str, Any] = {"transform": axes.transAxes, "ha": "right", "va": "center"}
    axes.text(-0.008, y, text, color=colour, size=size, parse_math=False, **place)


def draw_sections(plan: Plan, axes: Axes) -> None:
    """The names of the song's sections, where they begin."""
    axes.set_ylim(0, 1)
    style: dict[str, Any] = {"color": INK, "size": 9, "va": "center", "parse_math": False}
    for mark in plan.marks.sections:
        axes.text(mark.frame / float(plan.fps), 0.3, mark.name, **style)


def draw_shots(plan: Plan, shares: Sequence[Share], axes: Axes) -> None:
    """The shots with their names; in a fade the one that comes rises over the one that goes."""
    axes.set_ylim(0, 1)
    label(axes, "shots", 0.5)
    top = np.zeros(len(shares[0].shares))
    for number, share in enumerate(reversed(shares)):
        colour = SLATES[(len(shares) - number) % 2]
        _fill(axes, plan, top, top + share.shares, facecolor=colour)
        top = top + share.shares
    for share in shares:
        _write(axes, plan, share.name, share.shares > 0.5, 0.5, Lettering(_WORDS, INK, 1))


def draw_prompts(plan: Plan, shares: Sequence[Share], axes: Axes) -> None:
    """The prompts, each as high as its share of the frame; hatched what is stayed away from."""
    axes.set_ylim(1, 0)
    label(axes, "prompts", 0.5)
    top = np.zeros(sum(shot.length for shot in plan.all_shots))
    for number, share in enumerate(shares):
        colour, high = COLOURS[number % len(COLOURS)], np.abs(share.shares)
        away = bool((share.shares < 0).any())
        style: dict[str, Any] = {"facecolor": colour}
        if away:
            style = {"facecolor": PAPER, "edgecolor": colour, "hatch": "//////"}
        _fill(axes, plan, top, top + high, **style)
        written = (colour, PAPER) if away else (PAPER, None)
        _name_prompt(axes, plan, share, top + high / 2, *written)
        top = top + high


def _name_prompt(
    axes: Axes,
    plan: Plan,
    share: Share,
    middle: NDArray[np.float64],
    colour: str,
    ground: str | None,
) -> None:
    """The words of a prompt wherever it has enough of the frames to be written on."""
    words = PurePath(share.name).name if _is_path(share.name) else share.name
    words = f"not {words}" if (share.shares < 0).any() else words
    high = np.abs(share.shares)
    points = axes.get_window_extent().height / DPI * 72
    for here in _stretches(high > _MOST_OF_IT * high.max()):
        room = float(np.median(high[here])) * points
        size = _WORDS if room >= _WORDS * _LINE else _SMALL
        lines = min(4, int(room / (size * (_LINE if size == _WORDS else 1))))
        where = np.zeros(len(high), dtype=np.bool_)
        where[here] = True
        if lines:
            lettering = Lettering(size, colour, lines, ground)
            _write(axes, plan, words, where, float(np.median(middle[here])), lettering)


def _is_path(name: str) -> bool:
    return PurePath(name).is_absolute()


def draw_wave(plan: Plan, axes: Axes) -> None:
    """The sound in its place."""
    assert plan.output.soundtrack is not None
    peaks = wave_peaks(blocks(Path(plan.output.soundtrack)))
    times = (np.arange(len(peaks)) + 0.5) * PEAK_HOP - plan.output.soundtrack_start
    inside = (times >= 0) & (times <= axes.get_xlim()[1])
    low, high = peaks[inside].T / max(float(np.abs(peaks).max(initial=0)), 1e-9)
    axes.set_ylim(-1.02, 1.02)
    axes.fill_between(times[inside], low, high, color=FAINT, linewidth=0)
    label(axes, "song", 0.5)


def draw_painted(plan: Plan, drawn: Course, axes: Axes) -> None:
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
    label(axes, "repainted", 0.62)
    label(axes, f"{painted.mean():.0%} of the frames", 0.3, FAINT, 7)


def draw_curve(plan: Plan, drawn: Course, name: str, colour: str, axes: Axes) -> None:
    """A number over the video, faint where frames are only moved; its range at the left."""
    values = drawn.moving[name]
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    margin = 0.08 * (high - low)
    axes.set_ylim(low - margin, high + margin)
    times = (np.arange(len(values)) + 0.5) / float(plan.fps)
    kept = np.where(np.isnan(values) & (drawn.strength == 0), _carried(values), values)
    axes.fill_between(times, low - margin, kept, color=colour, alpha=0.13, linewidth=0)
    axes.plot(times, kept, color=colour, linewidth=1.0, alpha=0.35)
    axes.plot(times, values, color=colour, linewidth=1.5)
    label(axes, name, 0.66, colour)
    label(axes, f"{low:.4g} to {high:.4g}", 0.3, FAINT, 7)


def _carried(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The values, and in their gaps the one before; in front of all of them the first."""
    known = np.flatnonzero(~np.isnan(values))
    place = np.searchsorted(known, np.arange(len(values)), side="right") - 1
    carried: NDArray[np.float64] = values[known[np.maximum(place, 0)]]
    return carried


def _fill(
    axes: Axes, plan: Plan, low: NDArray[np.float64], high: NDArray[np.float64], **style: Any
) -> None:
    """The area between two courses over the frames of the video."""
    frames, fps = len(low), float(plan.fps)
    wide = {"linewidth": 0, **style}
    if frames <= _FEW_FRAMES:
        edges = np.arange(frames + 1) / fps
        floor, top = (np.append(one, one[-1]) for one in (low, high))
        axes.fill_between(edges, floor, top, step="post", **wide)
    else:
        middles = (np.arange(frames) + 0.5) / fps
        middles[0], middles[-1] = 0.0, frames / fps
        axes.fill_between(middles, low, high, **wide)


def _write(
    axes: Axes,
    plan: Plan,
    words: str,
    where: NDArray[np.bool_],
    y: float,
    lettering: Lettering,
) -> None:
    """Words at the beginning of each stretch of frames that has room for a few letters."""
    seconds = axes.get_xlim()[1]
    inch = seconds / (axes.get_window_extent().width / DPI)
    letter = _LETTER * lettering.size / 72 * inch
    style: dict[str, Any] = {"va": "center", "clip_on": True, "parse_math": False}
    for stretch in _stretches(where):
        begin, end = stretch.start / float(plan.fps), stretch.stop / float(plan.fps)
        room = int((end - begin) / letter) - 1
        if room >= 3:
            text = "\n".join(_fitted(words, room, lettering.lines))
            place = begin + 0.7 * letter, y
            if lettering.ground is not None:
                style["bbox"] = {"facecolor": lettering.ground, "linewidth": 0, "pad": 1}
            axes.text(*place, text, color=lettering.colour, size=lettering.size, **style)


def _fitted(words: str, room: int, lines: int) -> list[str]:
    """Words in lines of so many letters; what finds no room gives way to an ellipsis."""
    wrapped = wrap(words, room)
    if len(wrapped) <= lines:
        return wrapped
    last = wrapped[lines - 1]
    return [*wrapped[: lines - 1], f"{last[: room - 1]}…"]


def _stretches(where: NDArray[np.bool_]) -> Iterator[slice]:
    """The runs of neighbours that are true."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], where, [False])).astype(np.int8)))
    for begin, end in zip(edges[::2], edges[1::2], strict=True):
        yield slice(int(begin), int(end))
