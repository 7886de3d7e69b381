"""A windmill, a temple, a bridge and a mountain as coloured outlines, in three variants each.

Convention: as in `subjects`. The foot's middle is the origin, x points right, y down, and the top
is near y = -1. Light falls from the left.
"""

from __future__ import annotations

import numpy as np

from tools.world.buildings import WINDOW
from tools.world.colour import Colour, rgb, shift
from tools.world.shapes import Points, Shape, arch, ellipse, points, rectangle, ribbon, trapezoid

_HUB = -0.64
_REACH = 0.44
"""Length of a windmill's sail from the hub."""


def windmill(variant: int) -> list[Shape]:
    """A tower with a cap and four latticed sails, which stand as the variant says."""
    wall = (rgb("#f4ead6"), rgb("#b9694a"), rgb("#d9d2c4"))[variant]
    cap = (rgb("#8a3b2c"), rgb("#3f4658"), rgb("#47684f"))[variant]
    tower = trapezoid(0, -0.62, 0.13, 0.0, 0.22)
    shade = points((0.03, -0.62), (0.13, -0.62), (0.22, 0.0), (0.06, 0.0))
    shapes = [
        Shape(tower, wall),
        Shape(shade, shift(wall, -0.22)),
        Shape(ellipse(0, -0.61, 0.155, 0.18, 180.0, 360.0), cap),
        Shape(ellipse(0.03, -0.61, 0.125, 0.17, 280.0, 360.0), shift(cap, -0.25)),
        Shape(rectangle(-0.165, -0.635, 0.165, -0.6), shift(cap, -0.3)),
        Shape(arch(0, 0.0, 0.06, 0.17), rgb("#4a3020")),
        Shape(arch(-0.01, -0.3, 0.038, 0.1), WINDOW, shines=True),
    ]
    first = (45.0, 15.0, 68.0)[variant]
    for degrees in (first, first + 90, first + 180, first + 270):
        shapes += _sail(degrees)
    return [*shapes, Shape(ellipse(0, _HUB, 0.038, 0.038), rgb("#3a2a22"))]


def _sail(degrees: float) -> list[Shape]:
    wood, cloth = rgb("#4a3226"), rgb("#fbf3dd")
    spar = points((0.0, -0.012), (_REACH, -0.012), (_REACH, 0.012), (0.0, 0.012))
    sheet = points((0.1, 0.0), (_REACH, 0.0), (_REACH, 0.12), (0.1, 0.1))
    slats = [points((x, 0.0), (x + 0.016, 0.0), (x + 0.016, 0.115), (x, 0.115)) for x in _SLATS]
    parts = [(sheet, cloth), *((slat, shift(cloth, -0.3)) for slat in slats), (spar, wood)]
    return [Shape(_turned(outline, degrees, (0.0, _HUB)), colour) for outline, colour in parts]


_SLATS = (0.18, 0.27, 0.36)


def _turned(outline: Points, degrees: float, about: tuple[float, float]) -> Points:
    """`outline` around the origin, turned clockwise and moved to `about`."""
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    turned: Points = outline @ np.array([[cos, sin], [-sin, cos]]) + np.array(about)
    return turned


def temple(variant: int) -> list[Shape]:
    """A Greek temple: steps, a row of columns before a dark hall, and a gable."""
    stone = (rgb("#f1e9da"), rgb("#e6cfa6"), rgb("#d9dde4"))[variant]
    count = (6, 5, 7)[variant]
    dark = shift(stone, -0.7)
    shapes = [
        Shape(rectangle(-0.8, -0.05, 0.8, 0.0), shift(stone, -0.3)),
        Shape(rectangle(-0.75, -0.1, 0.75, -0.05), shift(stone, -0.15)),
        Shape(rectangle(-0.7, -0.15, 0.7, -0.1), stone),
        Shape(rectangle(-0.62, -0.64, 0.62, -0.15), dark),
    ]
    for x in np.linspace(-0.57, 0.57, count):
        shapes += _column(float(x), stone)
    gable = points((-0.74, -0.74), (0.0, -1.0), (0.74, -0.74))
    inner = points((-0.5, -0.765), (0.0, -0.93), (0.5, -0.765))
    return [
        *shapes,
        Shape(rectangle(-0.7, -0.72, 0.7, -0.64), stone),
        Shape(rectangle(-0.7, -0.67, 0.7, -0.64), shift(stone, -0.25)),
        Shape(gable, shift(stone, 0.2)),
        Shape(inner, shift(stone, -0.38)),
        Shape(rectangle(-0.76, -0.755, 0.76, -0.715), shift(stone, -0.1)),
    ]


def _column(x: float, stone: Colour) -> list[Shape]:
    return [
        Shape(trapezoid(x, -0.62, 0.045, -0.17, 0.055), shift(stone, 0.1)),
        Shape(rectangle(x + 0.015, -0.62, x + 0.045, -0.17), shift(stone, -0.3)),
        Shape(rectangle(x - 0.07, -0.65, x + 0.07, -0.61), stone),
        Shape(rectangle(x - 0.07, -0.18, x + 0.07, -0.14), stone),
    ]


_TOWER, _DECK, _SAG, _ANCHOR = 0.62, -0.36, -0.44, 1.75


def bridge(variant: int) -> list[Shape]:
    """A suspension bridge across the whole picture: two towers, cables, hangers, a deck."""
    steel = (rgb("#c9452c"), rgb("#5f7890"), rgb("#d9a23c"))[variant]
    pier, dark = rgb("#9a948a"), shift(steel, -0.35)
    shapes = [
        Shape(ribbon(points((x, _cable(float(x))), (x, _DECK)), 0.016), dark)
        for x in np.arange(-1.56, 1.6, 0.13)
    ]
    for left, right in ((-_ANCHOR, -_TOWER), (-_TOWER, _TOWER), (_TOWER, _ANCHOR)):
        x = np.linspace(left, right, 17)
        line = np.stack([x, [_cable(float(one)) for one in x]], axis=1)
        shapes.append(Shape(ribbon(line, 0.034), steel))
    shapes += [
        Shape(rectangle(-2.4, _DECK, 2.4, _DECK + 0.07), steel),
        Shape(rectangle(-2.4, _DECK + 0.07, 2.4, _DECK + 0.105), dark),
    ]
    for x in (-_TOWER, _TOWER):
        shapes += [
            Shape(trapezoid(x, -0.12, 0.1, 0.02, 0.14), pier),
            Shape(rectangle(x - 0.075, -0.98, x + 0.075, -0.12), steel),
            Shape(rectangle(x + 0.02, -0.98, x + 0.075, -0.12), dark),
            Shape(rectangle(x - 0.1, -1.0, x + 0.1, -0.94), steel),
            Shape(rectangle(x - 0.045, -0.86, x + 0.045, -0.72), shift(dark, -0.35)),
            Shape(rectangle(x - 0.045, -0.62, x + 0.045, -0.46), shift(dark, -0.35)),
        ]
    return shapes


def _cable(x: float) -> float:
    """y of the cables: a parabola between the towers, straight lines to the shores."""
    away = abs(x)
    if away <= _TOWER:
        return _SAG + (-0.97 - _SAG) * (away / _TOWER) ** 2
    return -0.97 + (_DECK + 0.97) * (away - _TOWER) / (_ANCHOR - _TOWER)


def mountain(variant: int) -> list[Shape]:
    """One great snowy peak with a lit and a dark side, and its lower shoulders."""
    rock, snow = rgb("#6c7a96"), rgb("#f6f9ff")
    lean, left, right = ((0.0, -0.52, 0.58), (-0.1, -0.6, 0.5), (0.08, -0.46, 0.62))[variant]
    dark = shift(rock, -0.34)
    top, edge = (lean, -1.0), lean + 0.16
    shapes = [
        Shape(points((left - 0.72, 0.0), (left, -0.5), (left + 0.5, 0.0)), shift(rock, 0.12)),
        Shape(points((right - 0.5, 0.0), (right, -0.58), (right + 0.7, 0.0)), shift(rock, -0.12)),
        Shape(points((right, -0.58), (right + 0.7, 0.0), (right + 0.1, 0.0)), dark),
        Shape(points((lean - 0.9, 0.0), top, (lean + 0.9, 0.0)), rock),
        Shape(
            points(top, (lean + 0.9, 0.0), (edge, 0.0), (lean - 0.04, -0.35), (lean + 0.1, -0.6)),
            dark,
        ),
    ]
    lit = points(
        top, (lean - 0.342, -0.62), (lean - 0.22, -0.7), (lean - 0.14, -0.56), (lean - 0.02, -0.68),
        (lean + 0.06, -0.6), (lean + 0.1, -0.6),
    )  # fmt: skip
    shaded = points(
        top, (lean + 0.1, -0.6), (lean + 0.16, -0.72), (lean + 0.22, -0.6), (lean + 0.342, -0.62)
    )
    return [*shapes, Shape(lit, snow), Shape(shaded, shift(rgb("#c3cfe6"), -0.04))]
