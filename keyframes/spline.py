"""Slopes of piecewise cubic curves through given points, and the cubic between two of them.

`x` are increasing positions, at least two; `y` are the values there; both have shape `(n,)`. A
slope is a change of `y` for one unit of `x`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Knots:
    """A piecewise cubic: where its pieces meet, their values and slopes there, each `(n,)`."""

    x: Array
    y: Array
    slopes: Array


def monotone(x: Array, y: Array) -> Knots:
    """The curve that rises and falls only where the points do."""
    return Knots(x, y, monotone_slopes(x, y))


def natural(x: Array, y: Array) -> Knots:
    """The cubic spline whose curvature is 0 at both ends."""
    return Knots(x, y, natural_slopes(x, y))


def not_a_knot(x: Array, y: Array) -> Knots:
    """The cubic spline that is one cubic in its first two gaps, and one in its last two."""
    return Knots(x, y, not_a_knot_slopes(x, y))


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
    below, diagonal, above, right = _smooth(width, secant)
    diagonal[0], above[0], right[0] = 2.0, 1.0, 3 * secant[0]
    diagonal[-1], below[-1], right[-1] = 2.0, 1.0, 3 * secant[-1]
    return tridiagonal(below, diagonal, above, right)


def not_a_knot_slopes(x: Array, y: Array) -> Array:
    """Slopes, shape `(n,)`, of the curve with continuous curvature that has two joints less.

    It is one cubic from the first point to the third, and one from the last but two to the last:
    de Boor 1978, chapter IV. Three points give a parabola, two a straight line.
    """
    width = np.diff(x)
    secant = np.diff(y) / width
    if secant.size == 1:
        return np.repeat(secant, 2)
    first, last = width[0] + width[1], width[-2] + width[-1]
    if secant.size == 2:
        middle = (width[1] * secant[0] + width[0] * secant[1]) / first
        return np.array([2 * secant[0] - middle, middle, 2 * secant[1] - middle])
    below, diagonal, above, right = _smooth(width, secant)
    diagonal[0], above[0] = width[1], first
    right[0] = (width[0] + 2 * first) * width[1] * secant[0] + width[0] ** 2 * secant[1]
    right[0] /= first
    diagonal[-1], below[-1] = width[-2], last
    right[-1] = (width[-1] + 2 * last) * width[-2] * secant[-1] + width[-1] ** 2 * secant[-2]
    right[-1] /= last
    return tridiagonal(below, diagonal, above, right)


def _smooth(width: Array, secant: Array) -> tuple[Array, Array, Array, Array]:
    """The equations of continuous curvature at the inner points, and room for two more.

    They are columns: what stands below the diagonal, on it, above it, and on the right.
    """
    inner = np.zeros(width.size + 1)
    diagonal, right = inner.copy(), inner.copy()
    diagonal[1:-1] = 2 * (width[:-1] + width[1:])
    right[1:-1] = 3 * (width[1:] * secant[:-1] + width[:-1] * secant[1:])
    return np.append(width[1:], 0.0), diagonal, np.append(0.0, width[:-1]), right


def quadratic(x: Array, y: Array) -> Knots:
    """The parabolas that meet halfway between neighbouring points with one slope.

    None meet in the first gap and in the last, as in SciPy's `interp1d` of the kind `quadratic`:
    a spline of degree 2 whose coefficients solve the tridiagonal equations of its values at the
    points, de Boor 1978, chapter XIII. Two points give a straight line.
    """
    if x.size == 2:
        return natural(x, y)
    meeting = (x[2:-1] + x[1:-2]) / 2
    ends = np.concatenate((x[:1], meeting, x[-1:]))
    t = np.concatenate((np.repeat(x[:1], 2), ends, np.repeat(x[-1:], 2)))
    weights = _spline_coefficients(x, y, t)
    slopes = 2 * np.diff(weights) / (t[3:-1] - t[1:-3])
    gaps = np.diff(ends)
    between = weights[1:-2] * gaps[1:] + weights[2:-1] * gaps[:-1]
    values = between / (gaps[1:] + gaps[:-1])
    knots = np.concatenate((x, meeting))
    order = np.argsort(knots, kind="stable")
    knots = knots[order]
    return Knots(knots, np.concatenate((y, values))[order], np.interp(knots, ends, slopes))


def _spline_coefficients(x: Array, y: Array, t: Array) -> Array:
    """The coefficients `(n,)` of the spline of degree 2 on the knots `t` through the points."""
    inner = x[1:-1]
    before, start, end, behind = t[1:-4], t[2:-3], t[3:-2], t[4:-1]
    low = (end - inner) ** 2 / ((end - start) * (end - before))
    high = (inner - start) ** 2 / ((end - start) * (behind - start))
    diagonal = np.concatenate(([1.0], 1 - low - high, [1.0]))
    return tridiagonal(np.append(low, 0.0), diagonal, np.append(0.0, high), y)


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


def tridiagonal(below: Array, diagonal: Array, above: Array, right: Array) -> Array:
    """The solution of a tridiagonal system, shape `(n,)`, by elimination without pivoting (Thomas).

    For systems that need none: diagonally dominant ones, and those of splines. `below` and `above`
    have shape `(n - 1,)`, the others `(n,)`.
    """
    pivots, solution, upper = diagonal.tolist(), right.tolist(), above.tolist()
    for i, low in enumerate(below.tolist(), start=1):
        factor = low / pivots[i - 1]
        # Points that lie as good as on one another leave nothing of a pivot.
        pivots[i] = pivots[i] - factor * upper[i - 1] or _NOTHING
        solution[i] -= factor * solution[i - 1]
    solution[-1] /= pivots[-1]
    for i in range(len(solution) - 2, -1, -1):
        solution[i] = (solution[i] - upper[i] * solution[i + 1]) / pivots[i]
    return np.array(solution)


_NOTHING = 1e-300
