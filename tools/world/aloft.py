"""What flies: a balloon, a ringed planet, a spaceship, in three fixed variants each.

Convention: as in `subjects`; the foot is the lowest point. Light falls from the left.
"""

from __future__ import annotations

import numpy as np

from tools.world.colour import rgb, shift
from tools.world.shapes import Points, Shape, ellipse, points, rectangle, ribbon, trapezoid

_CENTRE = -0.5
"""y of the middle of a planet."""
_RADIUS = 0.42


def balloon(variant: int) -> list[Shape]:
    """A hot-air balloon in stripes, with a basket on ropes."""
    one, two = (
        (rgb("#d8402f"), rgb("#f8e7b8")),
        (rgb("#2f6fc0"), rgb("#f6c945")),
        (rgb("#e07a26"), rgb("#2f9a86")),
    )[variant]
    rope, basket = rgb("#4a3626"), rgb("#8a5a32")
    shapes = [
        Shape(ribbon(points((side * 0.1, -0.3), (side * 0.055, -0.1)), 0.014), rope)
        for side in (-1.0, 1.0)
    ]
    for index, width in enumerate((1.0, 0.76, 0.48, 0.17)):
        shapes.append(Shape(_envelope(width), (one, two)[index % 2]))
    shapes.append(Shape(_shaded(), shift(one, -0.3)))
    return [
        *shapes,
        Shape(rectangle(-0.105, -0.31, 0.105, -0.285), shift(one, -0.4)),
        Shape(ellipse(0, -0.25, 0.025, 0.045), rgb("#ffd86a"), shines=True),
        Shape(trapezoid(0, -0.11, 0.085, 0.0, 0.065), basket),
        Shape(rectangle(-0.095, -0.125, 0.095, -0.095), shift(basket, -0.35)),
    ]


def _envelope(width: float) -> Points:
    """The outline of the balloon's hull, its halves drawn in to a share `width`."""
    dome = ellipse(0, -0.65, 0.36 * width, 0.35, 160.0, 380.0)
    return np.concatenate([dome, points((0.1 * width, -0.29), (-0.1 * width, -0.29))])


def _shaded() -> Points:
    """The crescent of the hull at the right that the light does not reach."""
    rim = ellipse(0, -0.65, 0.36, 0.35, -65.0, 20.0)
    foot = points((0.1, -0.29))
    inner = ellipse(-0.04, -0.65, 0.33, 0.35, -58.0, 25.0)
    return np.concatenate([rim, foot, inner[::-1]])


def planet(variant: int) -> list[Shape]:
    """A banded planet with a ring around it that passes before and behind."""
    base, band = (
        (rgb("#e0a060"), rgb("#b86a3c")),
        (rgb("#5f9be0"), rgb("#d6ecff")),
        (rgb("#c97fb8"), rgb("#f4d2c0")),
    )[variant]
    ring, tilt = shift(band, 0.3), (-16.0, 14.0, -24.0)[variant]
    shapes = [Shape(_ring(180.0, 360.0), ring), Shape(_disc(-1.0, 1.0), base)]
    shapes += [
        Shape(_disc(low, high), band) for low, high in ((-0.66, -0.4), (0.0, 0.2), (0.55, 0.7))
    ]
    shapes.append(Shape(_night_side(), shift(base, -0.5)))
    shapes += [
        Shape(_ring(0.0, 180.0), ring),
        Shape(_ring(0.0, 180.0, 0.86, 0.8), shift(band, -0.4)),
    ]
    return [
        Shape(_tilted(shape.outline, tilt, _CENTRE), shape.colour, shape.shines) for shape in shapes
    ]


def _disc(low: float, high: float) -> Points:
    """The part of the planet's disc between two heights, in radii from its middle, down."""
    y = np.linspace(low, high, 25)
    half = np.sqrt(np.clip(1 - y**2, 0, 1))
    outline = np.concatenate([np.stack([-half, y], 1), np.stack([half, y], 1)[::-1]])
    return outline * _RADIUS


def _night_side() -> Points:
    """The crescent at the right that the light does not reach."""
    rim = ellipse(0, 0, 1.0, 1.0, -80.0, 100.0)
    inner = ellipse(-0.02, 0, 0.72, 1.0, -80.0, 100.0)
    return np.concatenate([rim, inner[::-1]]) * _RADIUS


def _ring(start: float, stop: float, outer: float = 0.96, inner: float = 0.64) -> Points:
    flat = 0.26
    return np.concatenate(
        [
            ellipse(0, 0, outer, outer * flat, start, stop),
            ellipse(0, 0, inner, inner * flat, start, stop)[::-1],
        ]
    )


def _tilted(outline: Points, degrees: float, middle: float) -> Points:
    """`outline` around the origin, turned clockwise and moved down to y = `middle`."""
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    turned: Points = outline @ np.array([[cos, sin], [-sin, cos]]) + np.array([0.0, middle])
    return turned


def spaceship(variant: int) -> list[Shape]:
    """A rocket with fins, a round window and a flame, upright or leaning."""
    hull = (rgb("#f1f1f4"), rgb("#cfd6e2"), rgb("#f6e8c8"))[variant]
    trim = (rgb("#d6382e"), rgb("#2f62b4"), rgb("#d9762a"))[variant]
    rows = np.linspace(0, 1, 15)
    half = np.interp(rows, [0, 0.12, 0.3, 0.62, 1], [0.115, 0.15, 0.17, 0.15, 0.0])
    body = np.stack([half, -0.2 - 0.8 * rows], axis=1)
    outline = np.concatenate([body, body[::-1] * [-1, 1]])
    right = np.concatenate([body, (body * [0.25, 1])[::-1]])
    nose = body[rows > 0.68]
    cap = np.concatenate([nose, nose[::-1] * [-1, 1]])
    fins = [
        points((side * 0.12, -0.46), (side * 0.34, -0.2), (side * 0.34, -0.06), (side * 0.11, -0.2))
        for side in (-1.0, 1.0)
    ]
    flame = points((-0.11, -0.16), (0.11, -0.16), (0.05, -0.04), (0, 0.06), (-0.05, -0.04))
    strake = points((-0.028, -0.36), (0.028, -0.36), (0.028, -0.1), (-0.028, -0.1))
    shapes = [
        Shape(flame, rgb("#ff9a2e"), shines=True),
        Shape(flame * [0.5, 0.62] + [0.0, -0.06], rgb("#fff3b0"), shines=True),
        Shape(trapezoid(0, -0.21, 0.09, -0.15, 0.12), rgb("#4a4f5c")),
        *(Shape(fin, shift(trim, tone)) for fin, tone in zip(fins, (0.0, -0.25), strict=True)),
        Shape(outline, hull),
        Shape(right, shift(hull, -0.24)),
        Shape(cap, trim),
        Shape(ellipse(0, -0.6, 0.085, 0.085), trim),
        Shape(ellipse(0, -0.6, 0.058, 0.058), rgb("#8fd8f4"), shines=True),
        Shape(rectangle(-0.15, -0.34, 0.15, -0.3), trim),
        Shape(strake, shift(trim, -0.12)),
    ]
    lean = (0.0, 24.0, 12.0)[variant]
    centred = [Shape(s.outline + np.array([0.0, 0.5]), s.colour, s.shines) for s in shapes]
    return [Shape(_tilted(s.outline, lean, -0.5), s.colour, s.shines) for s in centred]
