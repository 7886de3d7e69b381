"""Disco Diffusion's own ways through the keys of a series, Quadratic and Cubic.

Convention:
    A curve goes through all its keys, and through two more: on the first frame it has the value of
    the first key, on the last frame that of the last key. With fewer than four keys Cubic is
    Quadratic, and with fewer than three both are linear. Between, the numbers are those of SciPy's
    splines, with which Disco computes them: Cubic joins no pieces at the second point and at the
    last but one, Quadratic joins its pieces halfway between the points.

Disco pins the last frame also where a key lies behind it, so that the motion changes as a video is
made shorter. Here such a key keeps its place, and the curve goes on to it.
"""

from __future__ import annotations

from collections.abc import Sequence

Points = Sequence[tuple[float, float]]

QUADRATIC, CUBIC = "disco_quadratic", "disco_cubic"
LEAST = {QUADRATIC: 3, CUBIC: 4}
"""The keys that each of the two asks for, the pinned ones not counted."""


def pinned(points: Points, first: float, last: float) -> tuple[tuple[float, float], ...]:
    """Points of a curve, by frame and value, with those of its first and its last frame."""
    ordered = sorted(points)
    before = [(first, ordered[0][1])] if first < ordered[0][0] else []
    behind = [(last, ordered[-1][1])] if last > ordered[-1][0] else []
    return (*before, *ordered, *behind)


def way(ease: str, count: int) -> str:
    """The ease by which Disco goes through `count` keys if it is asked for `ease`."""
    if ease == CUBIC and count < LEAST[CUBIC]:
        ease = QUADRATIC
    return "linear" if ease == QUADRATIC and count < LEAST[QUADRATIC] else ease
