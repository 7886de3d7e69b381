"""Where the beats of a piece lie: the row of times that meets most accents at an even pace.

A dynamic programme finds it: Ellis 2007, "Beat tracking by dynamic programming", with the pace as
a second dimension as in Krebs, Boeck & Widmer 2015, "An efficient state-space model for joint
tempo and meter tracking", so that a change of tempo is found where it happens.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.music.accents import Times, smoothed
from pipeline.music.onsets import Values
from pipeline.music.sound import HOP
from pipeline.music.tempo import TempoPath

_STEP = 2 * HOP
"""Seconds between two moments at which a beat may fall."""

_UNEVEN = 0.12
"""What a beat costs that is a step early or late; twice as far costs four times as much. A beat
that meets a usual stroke earns 1."""

_TURN, _LEAP = 0.3, 4.0
"""What a change of pace by 1 % costs, and what any change costs at most."""

_WIDER = 1.12
"""Factor by which the pace may leave what the windows of the tempo found."""

_FURTHEST = 4
"""Percent by which the pace may change at a beat for less than a leap."""

_JITTER = 2
"""Steps by which a beat may be early or late."""

_FIRST = -128
"""Mark of the first beat of a row."""

Array = NDArray[np.float64]
Numbers = NDArray[np.unsignedinteger[Any]]


def track(curve: Values, tempo: TempoPath) -> Times:
    """The beats of an accent curve in seconds, to 10 ms."""
    blurred = smoothed(curve, 0.014)[::2]
    strokes = blurred[1:-1][(blurred[1:-1] > blurred[:-2]) & (blurred[1:-1] >= blurred[2:])]
    usual = np.percentile(strokes[strokes > 0.05 * strokes.max()], 70) if strokes.size else 1.0
    reward = np.minimum(blurred / usual, 1.5).astype(np.float64)
    near = (tempo.tempos >= tempo.bpms.min() / _WIDER) & (tempo.tempos <= tempo.bpms.max() * _WIDER)
    periods = 60 / tempo.tempos[near] / _STEP
    paces = _Paces(periods, tempo.times / _STEP, tempo.likeness[:, near])
    scores, pace, moves = paces.best_ways(reward)
    return np.array(paces.way_back(scores, pace, moves), dtype=np.float64) * _STEP


class _Paces:
    """The paces between which a row of beats may change, and their likeness over the piece.

    Convention: `periods` in steps of 10 ms, falling; `likeness` `(windows, paces)` at `times`.
    """

    def __init__(self, periods: Array, times: Array, likeness: Array) -> None:
        self.periods, self.times, self.likeness = periods, times, likeness
        self.lengths = np.round(periods).astype(int)
        self.worth = periods / np.median(periods)
        """By which accents count, so that fewer, longer steps earn as much in the same time."""

    def best_ways(self, reward: Array) -> tuple[Array, Numbers, NDArray[np.int8]]:
        """For each moment, and the pace that leads on from it, the best row of beats to it.

        Returns, each `(moments, paces)`, its score (of the last moments alone, as many as the
        longest step); the pace by which it came; and by how many steps its last beat was late (or
        -128 where it is the first). As no step is shorter than the fastest pace allows, that many
        moments are found at once.
        """
        count, paces = len(reward), len(self.periods)
        pace = np.zeros((count, paces), dtype=np.min_scalar_type(paces))
        moves = np.full((count, paces), _FIRST, dtype=np.int8)
        size, reach = max(1, int(self.lengths.min()) - 3), int(self.lengths.max()) + _JITTER
        # Row 0 is the moment `reach` before the next ones; before the piece there is no beat.
        onward = np.full((reach, paces), -np.inf)
        for at in range(0, count, size):
            ends = np.arange(at, min(at + size, count))
            reached, moved = self._reached(onward, len(ends))
            window = np.interp(ends, self.times, np.arange(len(self.times)))
            alike = self.likeness[np.round(window).astype(int)]
            scores = (reward[ends][:, None] + alike) * self.worth + np.maximum(reached, 0.0)
            moves[ends] = np.where(reached > 0, moved, _FIRST)
            turned, pace[ends] = _turned(scores)
            onward = np.concatenate([onward, turned])[-reach:]
        return onward, pace, moves

    def _reached(self, onward: Array, count: int) -> tuple[Array, NDArray[np.int8]]:
        """The scores that lead to the next `count` moments by each pace, and how late they are."""
        best = np.full((count, len(self.periods)), -np.inf)
        moved = np.zeros(best.shape, dtype=np.int8)
        columns = np.arange(len(self.periods))[None, :]
        rows = len(onward) + np.arange(count)[:, None]
        for late in range(-_JITTER, _JITTER + 1):
            off = self.lengths + late - self.periods
            scores = onward[rows - self.lengths[None, :] - late, columns] - _UNEVEN * off * off
            better = scores > best
            best, moved = np.where(better, scores, best), np.where(better, np.int8(late), moved)
        return best, moved

    def way_back(self, onward: Array, pace: Numbers, moves: NDArray[np.int8]) -> list[int]:
        """The moments of the best row of all, from the first to the last beat."""
        last = onward[-min(len(onward), len(pace)) :]
        at, by = divmod(int(last.argmax()), len(self.periods))
        at, beats = at + len(pace) - len(last), []
        while True:
            beats.append(at)
            by = int(pace[at, by])
            late = int(moves[at, by])
            if late == _FIRST:
                return beats[::-1]
            at -= int(self.lengths[by]) + late


def _turned(scores: Array) -> tuple[Array, NDArray[np.int16]]:
    """For each pace to go on with, the best score to come from, less the change; and its pace."""
    rows = np.arange(len(scores))
    leap = scores.argmax(1)
    best = np.repeat((scores[rows, leap] - _LEAP)[:, None], scores.shape[1], axis=1)
    came = np.repeat(leap[:, None], scores.shape[1], axis=1).astype(np.int16)
    numbers = np.arange(scores.shape[1], dtype=np.int16)
    furthest = min(_FURTHEST, scores.shape[1] - 1)
    for turn in range(-furthest, furthest + 1):
        to = slice(max(0, turn), scores.shape[1] + min(0, turn))
        source = slice(max(0, -turn), scores.shape[1] + min(0, -turn))
        offered = scores[:, source] - _TURN * abs(turn)
        better = offered > best[:, to]
        best[:, to] = np.where(better, offered, best[:, to])
        came[:, to] = np.where(better, numbers[source], came[:, to])
    return best, came
