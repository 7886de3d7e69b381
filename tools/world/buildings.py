"""The subjects that people built on land, as coloured outlines, in three fixed variants each.

Convention: as in `subjects`. The foot's middle is the origin, x points right, y down, and the top
is near y = -1. Light falls from the left.
"""

from __future__ import annotations

import numpy as np

from tools.world.colour import Colour, rgb, shift
from tools.world.shapes import Shape, arch, ellipse, points, rectangle, ribbon, trapezoid

WINDOW = rgb("#ffd56a")
"""The colour of a lit window; at other hours it is painted `DARK_WINDOW`."""
DARK_WINDOW = rgb("#3a4254")
LAMP = -0.815
"""y of the middle of a lighthouse's lamp."""


def lighthouse(variant: int) -> list[Shape]:
    """A striped tower whose lamp room shines, with the foot on a low step."""
    base, top, bands = ((0.155, 0.095, 5), (0.135, 0.1, 7), (0.17, 0.09, 5))[variant]
    red, white, iron = rgb("#cf2f2a"), rgb("#f8f2e4"), rgb("#2b2f3c")
    shapes = [Shape(trapezoid(0, -0.055, base + 0.03, 0.0, base + 0.05), rgb("#8a8580"))]
    edges = np.linspace(-0.05, -0.70, bands + 1)
    halves = np.interp(edges, [-0.70, -0.05], [top, base])
    for band in range(bands):
        colour = (red, white)[band % 2]
        low, high = edges[band], edges[band + 1]
        wide, slim = halves[band], halves[band + 1]
        shapes.append(Shape(trapezoid(0, high, slim, low, wide), colour))
        shade = points((0.3 * slim, high), (slim, high), (wide, low), (0.3 * wide, low))
        shapes.append(Shape(shade, shift(colour, -0.26)))
    return [*shapes, Shape(arch(-0.02, -0.05, 0.04, 0.12), iron), *_lamp_room(top, red, iron)]


def _lamp_room(half: float, roof: Colour, iron: Colour) -> list[Shape]:
    dome = ellipse(0, -0.868, half * 1.12, 0.09, 180.0, 360.0)
    shade = ellipse(half * 0.12, -0.868, half, 0.085, 270.0, 360.0)
    corner = points((half * 0.12, -0.868))
    return [
        Shape(trapezoid(0, -0.735, half * 1.6, -0.69, half * 1.05), iron),
        Shape(rectangle(-half * 1.6, -0.762, half * 1.6, -0.735), shift(iron, 0.25)),
        Shape(rectangle(-half * 0.9, -0.868, half * 0.9, -0.762), rgb("#ffdf7a"), shines=True),
        Shape(ellipse(0, LAMP, half * 0.55, 0.042), rgb("#fffbe0"), shines=True),
        Shape(rectangle(-half * 0.98, -0.868, -half * 0.8, -0.762), iron),
        Shape(rectangle(half * 0.8, -0.868, half * 0.98, -0.762), iron),
        Shape(dome, roof),
        Shape(np.concatenate([shade, corner]), shift(roof, -0.3)),
        Shape(rectangle(-half * 1.2, -0.882, half * 1.2, -0.860), iron),
        Shape(ellipse(0, -0.972, 0.022, 0.028), iron),
    ]


def castle(variant: int) -> list[Shape]:
    """Five towers with pointed roofs around a wall with a gate; the roofs' colour varies."""
    stone = rgb("#c2b8a8")
    roof = (rgb("#3b6ea5"), rgb("#b8433a"), rgb("#4b7a5a"))[variant]
    inner = ((0.82, 0.72), (0.74, 0.84), (0.78, 0.78))[variant]
    shapes = [*_wall(-0.6, 0.6, 0.40, shift(stone, -0.12))]
    shapes += _tower(-0.24, 0.115, inner[0] - 0.2, 0.2, shift(stone, -0.05), roof)
    shapes += _tower(0.24, 0.115, inner[1] - 0.2, 0.2, shift(stone, -0.05), roof)
    shapes += _tower(0.0, 0.15, 0.74, 0.26, stone, roof)
    shapes += _tower(-0.56, 0.13, 0.46, 0.2, stone, roof)
    shapes += _tower(0.56, 0.13, 0.46, 0.2, stone, roof)
    shapes += _wall(-0.45, 0.45, 0.25, stone)
    shapes.append(Shape(arch(0, 0.0, 0.105, 0.2), rgb("#3a2a24")))
    return shapes


def _wall(left: float, right: float, height: float, colour: Colour) -> list[Shape]:
    merlons = np.arange(left, right - 0.02, 0.12)
    teeth = [
        Shape(rectangle(x, -height - 0.05, x + 0.065, -height + 0.01), colour) for x in merlons
    ]
    return [Shape(rectangle(left, -height, right, 0.0), colour), *teeth]


def _tower(
    x: float, half: float, height: float, cap: float, stone: Colour, roof: Colour
) -> list[Shape]:
    eaves, tip = half * 1.25, -height - cap
    return [
        Shape(rectangle(x - half, -height, x + half, 0.0), stone),
        Shape(rectangle(x + 0.25 * half, -height, x + half, 0.0), shift(stone, -0.24)),
        Shape(points((x - eaves, -height), (x, tip), (x + eaves, -height)), roof),
        Shape(
            points((x + 0.15 * half, -height), (x, tip), (x + eaves, -height)), shift(roof, -0.25)
        ),
        Shape(arch(x - 0.1 * half, -height + 0.19, 0.036, 0.11), WINDOW, shines=True),
    ]


def house(variant: int) -> list[Shape]:
    """A gabled house seen from a corner, with a chimney and lit windows."""
    wall = (rgb("#f2e2c0"), rgb("#f6efe2"), rgb("#e0b98a"))[variant]
    roof = (rgb("#b5432e"), rgb("#4d5f7a"), rgb("#7a3f2a"))[variant]
    frame = rgb("#5a3a26")
    side = points((-0.02, 0), (-0.02, -0.46), (0.6, -0.46), (0.6, 0))
    gable = points((-0.6, 0), (-0.6, -0.46), (-0.31, -0.86), (-0.02, -0.46), (-0.02, 0))
    slope = points((-0.34, -0.92), (0.42, -0.92), (0.68, -0.42), (0.0, -0.42))
    eaves = ribbon(points((-0.65, -0.4), (-0.31, -0.9), (0.01, -0.42)), 0.07)
    shapes = [
        Shape(rectangle(0.2, -1.04, 0.34, -0.8), shift(roof, -0.25)),
        Shape(rectangle(0.18, -1.06, 0.36, -1.01), frame),
        Shape(side, shift(wall, -0.16)),
        Shape(slope, roof),
        Shape(gable, wall),
        Shape(eaves, shift(roof, -0.25)),
        Shape(rectangle(-0.4, -0.27, -0.22, 0.0), frame),
        Shape(ellipse(-0.31, -0.55, 0.065, 0.075), WINDOW, shines=True),
    ]
    for left in (0.08, 0.35):
        shapes.append(Shape(rectangle(left - 0.025, -0.355, left + 0.185, -0.125), frame))
        shapes.append(Shape(rectangle(left, -0.33, left + 0.16, -0.15), WINDOW, shines=True))
        shapes.append(Shape(rectangle(left + 0.068, -0.33, left + 0.092, -0.15), frame))
    return shapes


def pyramid(variant: int) -> list[Shape]:
    """A stepped pyramid with a lit and a dark side; the second variant has a golden tip."""
    sand, edge = rgb("#e8bc6a"), (0.24, 0.3, 0.18)[variant]
    shade = shift(sand, -0.42)
    top, left, right, corner = (0.0, -1.0), (-0.86, -0.03), (0.86, -0.05), (edge, 0.03)
    shapes = [
        Shape(points(top, left, corner), sand),
        Shape(points(top, corner, right), shade),
    ]
    for height in np.arange(0.16, 0.95, 0.17):
        start, middle, end = (_between(foot, top, height) for foot in (left, corner, right))
        shapes.append(Shape(ribbon(points(start, middle), 0.018), shift(sand, -0.16)))
        shapes.append(Shape(ribbon(points(middle, end), 0.018), shift(shade, -0.16)))
    if variant == 1:
        gold = rgb("#ffe28a")
        start, middle, end = (_between(foot, top, 0.8) for foot in (left, corner, right))
        shapes += [
            Shape(points(top, start, middle), gold),
            Shape(points(top, middle, end), shift(gold, -0.2)),
        ]
    shapes.append(
        Shape(points((-0.24, -0.01), (-0.2, -0.17), (-0.1, -0.165), (-0.06, 0.0)), rgb("#4a2e1a"))
    )
    return shapes


def _between(a: tuple[float, float], b: tuple[float, float], amount: float) -> tuple[float, float]:
    return a[0] + (b[0] - a[0]) * amount, a[1] + (b[1] - a[1]) * amount
