"""Slopes of piecewise cubic curves through given points, and the cubic between two of them.

`x` are increasing positions, at least two; `y` are the values there; both have shape `(n,)`. A
slope is a change of `y` for one unit of `x`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def monotone_slopes(x: Array, y: Array) -> Array:
    """Slopes, shape `(n,)`, of the curve that rises and falls only where the points do.

    Weighted harmonic means of the neighbouring secants, and 0 where these differ in sign:
    Fritsch & Butland 1984, eq. 5. At the ends a parabola through three points, limited to what
    keeps the curve monotone: Fritsch & Carlson 1980, sec. 4. Two points give a straight line.
    """
    width = np.diff(x)
    secant = np.diff(y) / width
    if secant.size == 1:
        return np.repeat(secant, 2)
    slopes = np.zeros_like(y)
    slopes[1:-1] = _harmonic_means(width, secant)
    slopes[0] = _end_slope(width[0], width[1], secant[0], secant[1])
    slopes[-1] = _end_slope(width[-1], width[-2], secant[-1], secant[-2])
    return slopes


def natural_slopes(x: Array, y: Array) -> Array:
    """Slopes, shape `(n,)`, of the curve with continuous curvature that is 0 at both ends.

    Solves the tridiagonal equations of the natural cubic spline in its slopes: de Boor 1978,
    chapter IV. Two points give a straight line.
    """
    width = np.diff(x)
    secant = np.diff(y) / width
    diagonal = np.full_like(y, 2.0)
    diagonal[1:-1] = 2 * (width[:-1] + width[1:])
    below = np.append(width[1:], 1.0)
    above = np.append(1.0, width[:-1])
    right = np.empty_like(y)
    right[0], right[-1] = 3 * secant[0], 3 * secant[-1]
    right[1:-1] = 3 * (width[1:] * secant[:-1] + width[:-1] * secant[1:])
    return _tridiagonal(below, diagonal, above, right)


def cubic(u: Array, low: Array, rise: Array, leaving: Array, arriving: Array) -> Array:
    """The cubic Hermite polynomial at `u` from 0 to 1, all of one shape.

    It begins at `low` and ends at `low + rise`; `leaving` and `arriving` are its slopes there for
    one unit of `u`.
    """
    square = 3 * rise - 2 * leaving - arriving
    cube = leaving + arriving - 2 * rise
    return low + u * (leaving + u * (square + u * cube))


def _harmonic_means(width: Array, secant: Array) -> Array:
    before, after = secant[:-1], secant[1:]
    weight_before = width[:-1] + 2 * width[1:]
    weight_after = 2 * width[:-1] + width[1:]
    means = np.zeros_like(before)
    alike = np.sign(before) * np.sign(after) > 0
    total = (weight_before + weight_after)[alike]
    parts = weight_before[alike] / before[alike] + weight_after[alike] / after[alike]
    means[alike] = total / parts
    return means


def _end_slope(width: float, next_width: float, secant: float, next_secant: float) -> float:
    parabola = ((2 * width + next_width) * secant - width * next_secant) / (width + next_width)
    if np.sign(parabola) != np.sign(secant):
        return 0.0
    if np.sign(secant) != np.sign(next_secant) and abs(parabola) > 3 * abs(secant):
        return 3 * secant
    return parabola


def _tridiagonal(below: Array, diagonal: Array, above: Array, right: Array) -> Array:
    """Solves the diagonally dominant system by elimination without pivoting (Thomas)."""
    pivots, solution, upper = diagonal.tolist(), right.tolist(), above.tolist()
    for i, low in enumerate(below.tolist(), start=1):
        factor = low / pivots[i - 1]
        pivots[i] -= factor * upper[i - 1]
        solution[i] -= factor * solution[i - 1]
    solution[-1] /= pivots[-1]
    for i in range(len(solution) - 2, -1, -1):
        solution[i] = (solution[i] - upper[i] * solution[i + 1]) / pivots[i]
    return np.array(solution)
