"""Where a song changes, bar by bar, and which of its parts are alike.

The boundaries are the best by a dynamic programme: parts as even as possible within themselves,
no more of them than are heard, of four or eight bars rather than of five.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from pipeline.music.bar_features import BarFeatures

Array = NDArray[np.float64]

_PART = 3.0
"""What one more part costs, as a sum of squared distances of bars to the mean of their part."""
_RESTLESS = 2.5
"""How much more it costs where bars differ from those one, two, four or eight bars later anyway."""
IN_FOURS = (0.0, 1.6, 0.6, 1.6)
"""What a length costs that is so many bars longer than a multiple of four, for songs with bars."""
ANY_LENGTH = (0.0, 0.0, 0.0, 0.0)
_SHORT = 4.0
"""What a part of one bar costs beyond that."""
_PHRASE = 4
"""Bars over which harmony is compared, as chords come back after so many."""
_HARMONY = (0.07, 30.0, 5.0)
"""Distance of the harmony before and after a boundary that says nothing yet; what each further
unit is worth; and the most that it is worth."""

ALIKE = 1.2
"""Distance of two parts below which they are one part again."""


def boundaries(features: BarFeatures, uneven: Sequence[float] = IN_FOURS) -> tuple[int, ...]:
    """The bars with which parts begin, counted from 0; the first is 0.

    `uneven` is what a length costs by its remainder from 4.
    """
    traits, count = features.traits, len(features.level)
    part = _PART + _RESTLESS * _restlessness(traits)
    gained = _harmony_gains(features.harmony)
    sums = np.vstack([np.zeros((1, traits.shape[1])), np.cumsum(traits, axis=0)])
    squares = np.concatenate([[0.0], np.cumsum((traits**2).sum(axis=1))])
    best, came = np.zeros(count + 1), np.zeros(count + 1, dtype=int)
    for end in range(1, count + 1):
        begin = np.arange(end)
        length = end - begin
        spread = squares[end] - squares[:end] - ((sums[end] - sums[:end]) ** 2).sum(1) / length
        cost = best[:end] + spread + part - gained[:end]
        # The last part may stop anywhere.
        cost += (0.0 if end == count else 1.0) * np.take(uneven, length % 4) + _SHORT * (
            length == 1
        )
        came[end] = int(np.argmin(cost))
        best[end] = cost[came[end]]
    found, end = [], count
    while end > 0:
        end = int(came[end])
        found.append(end)
    return tuple(reversed(found)) or (0,)


def alike(features: BarFeatures, starts: tuple[int, ...]) -> tuple[int, ...]:
    """For each part the number of the first part that it is like, which may be its own."""
    edges = (*starts, len(features.level))
    traits, harmonies = (
        np.stack([rows[a:b].mean(axis=0) for a, b in pairwise(edges)])
        for rows in (features.traits, features.harmony)
    )
    first: list[int] = []
    for k in range(len(starts)):
        apart = [_distance(traits, harmonies, j, k) for j in range(k)]
        near = [j for j in range(k) if first[j] == j and apart[j] < ALIKE]
        first.append(min(near, key=apart.__getitem__) if near else k)
    return tuple(first)


def _distance(traits: Array, harmonies: Array, j: int, k: int) -> float:
    """How different two parts are: their traits, and a tenth of harmony as much as 1 of those."""
    other = max(0.0, _apart(harmonies[j], harmonies[k]) - _HARMONY[0]) / 0.08
    return float(np.hypot(np.linalg.norm(traits[j] - traits[k]), other))


def _apart(a: Array, b: Array) -> float:
    """The distance of two sums of unit vectors: 0 for the same direction, 1 for a right angle."""
    lengths = float(np.linalg.norm(a) * np.linalg.norm(b))
    return 1 - float(a @ b) / lengths if lengths > 1e-9 else 0.0


def _restlessness(traits: Array) -> float:
    """The usual variance of a bar around those like it."""
    lags = [lag for lag in (1, 2, 4, 8) if len(traits) > lag]
    steps = (((traits[lag:] - traits[:-lag]) ** 2).sum(axis=1) for lag in lags)
    return min((float(np.median(step)) / 2 for step in steps), default=0.0)


def _harmony_gains(harmony: Array) -> Array:
    """What other chords on both sides of each bar's beginning are worth to a boundary there."""
    count = len(harmony)
    apart = np.zeros(count)
    for bar in range(_PHRASE, count - _PHRASE + 1):
        before, after = harmony[bar - _PHRASE : bar], harmony[bar : bar + _PHRASE]
        apart[bar] = _apart(before.mean(axis=0), after.mean(axis=0))
    silent, worth, most = _HARMONY
    gains = np.clip((apart - silent) * worth, 0, most)
    for bar in range(count):
        # Only the greatest nearby: around it the same change is seen in part.
        around = apart[max(0, bar - _PHRASE + 1) : bar + _PHRASE]
        if apart[bar] < around.max(initial=0):
            gains[bar] = 0
    return gains
