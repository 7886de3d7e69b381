"""The sections that a song is proposed to have: verse, break, chorus and the like.

They are proposed and never imposed: a scene has the sections that it writes down itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.music.bar_features import BarFeatures, bar_features
from pipeline.music.section_names import Part, name_parts
from pipeline.music.segments import ANY_LENGTH, IN_FOURS, alike, boundaries
from pipeline.music.texture import Texture

_UNTOLD = 2.0
"""Seconds of the pieces that stand in the place of bars where there are none."""
_FULL_RANGE = 40.0
"""Decibels from no energy to full energy."""


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of a song that sounds alike within itself, and other than what is beside it."""

    name: str
    start: float
    """Seconds in the file."""
    end: float
    energy: float
    """How loud it is: 1 for the loud parts of the song, 0 for 40 dB below them."""


def propose_sections(texture: Texture, bars: Sequence[float] = ()) -> tuple[Section, ...]:
    """The sections of a song, in order, each from the end of the one before.

    `bars` are the seconds at which bars begin; sections then begin with bars. Without them, as for
    a song whose rhythm cannot be trusted, they begin within a second of a change. The first begins
    with the first bar, or at 0; the last ends with the sound.
    """
    edges = _edges(texture.duration, bars)
    if len(edges) < 2:
        return ()
    features = bar_features(texture, edges)
    starts = boundaries(features, IN_FOURS if len(bars) > 1 else ANY_LENGTH)
    starts, kinds = _merged(features, starts)
    ends = (*starts[1:], len(features.level))
    parts = [
        _part(features, first, last, kind)
        for first, last, kind in zip(starts, ends, kinds, strict=True)
    ]
    return tuple(
        Section(name, edges[first], edges[last], _energy(part.level))
        for name, part, first, last in zip(name_parts(parts), parts, starts, ends, strict=True)
    )


def _edges(duration: float, bars: Sequence[float]) -> list[float]:
    """Where bars begin, on to both ends of the sound at the pace of the nearest ones."""
    edges = [float(bar) for bar in bars if bar < duration]
    if len(edges) < 2:
        count = int(duration / _UNTOLD)
        return [k * _UNTOLD for k in range(count)] + [duration] if count else []
    first, last = edges[1] - edges[0], edges[-1] - edges[-2]
    ahead = int((edges[0] + 0.02) / first)
    # What is before the first of these bars is less than a bar, and belongs to it.
    edges = [
        max(0.0, edges[0] - k * first) if k < ahead else 0.0 for k in range(ahead, 0, -1)
    ] + edges
    # What is left after the last whole bar dies away, and is that bar's.
    while edges[-1] + 2 * last <= duration + 0.02:
        edges.append(edges[-1] + last)
    if duration - edges[-1] < last - 0.02 and len(edges) > 1:
        edges.pop()
    return [*edges, duration]


def _merged(
    features: BarFeatures, starts: tuple[int, ...]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The parts without boundaries between like ones, and the kind of each."""
    while True:
        kinds = alike(features, starts)
        kept = tuple(start for k, start in enumerate(starts) if k == 0 or kinds[k] != kinds[k - 1])
        if kept == starts:
            return starts, kinds
        starts = kept


def _part(features: BarFeatures, first: int, last: int, kind: int) -> Part:
    level = features.level[first:last]
    return Part(
        kind,
        last - first,
        float(level.mean()),
        float(level[0]),
        float(level[-1]),
        float(features.beat[first:last].mean()),
    )


def _energy(level: float) -> float:
    return float(np.clip(1 + level / _FULL_RANGE, 0, 1))
