"""The subjects as coloured outlines, in three fixed variants each; here ship and tree.

Convention: the foot's middle is the origin, x points right, y down, and the top is near y = -1.
Light falls from the left.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from tools.world import aloft, buildings, monuments
from tools.world.attributes import NONE
from tools.world.colour import Colour, rgb, shift
from tools.world.shapes import Points, Shape, ellipse, points, rectangle, ribbon
from tools.world.ways import ASPHALT, STONE


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """The shapes of a subject, from back to front."""

    shapes: tuple[Shape, ...]
    albedo: Colour
    """The mean colour of its surface."""
    lamp: float | None = None
    """y of the light that it casts, if it does."""


@lru_cache
def make_subject(name: str, variant: int) -> Subject:
    """The subject `name`; no subject has no shapes, nor has a way, which lies on the stage."""
    if name in _ALBEDOS:
        return Subject((), _ALBEDOS[name])
    shapes = tuple(_MAKERS[name](variant))
    return Subject(shapes, _mean_colour(shapes), _LAMPS.get(name))


def _mean_colour(shapes: Sequence[Shape]) -> Colour:
    areas = np.array([0.0 if shape.shines else _area(shape.outline) for shape in shapes])
    mean = areas @ np.array([shape.colour for shape in shapes]) / areas.sum()
    return float(mean[0]), float(mean[1]), float(mean[2])


def _area(outline: Points) -> float:
    x, y = outline.T
    return float(abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1))) / 2)


def _ship(variant: int) -> list[Shape]:
    wood = rgb("#7a4526")
    sail, jib = (
        (rgb("#fdf6e6"), rgb("#f0dfc0")),
        (rgb("#f6ead0"), rgb("#d8563c")),
        (rgb("#d8483a"), rgb("#f4e2c4")),
    )[variant]
    rows = np.linspace(0, 1, 9)
    hull = np.concatenate(
        [
            points((-0.44, -0.2), (0.5, -0.23)),
            np.stack([0.5 - 0.2 * rows**0.6, -0.23 + 0.26 * rows], axis=1),
            np.stack([-0.32 - 0.12 * rows, 0.03 - 0.23 * rows**1.4], axis=1),
        ]
    )
    main = np.concatenate([_belly((0.04, -0.95), (-0.5, -0.3), -0.05), points((0.04, -0.27))])
    fore = np.concatenate([_belly((0.09, -0.86), (0.52, -0.3), 0.05), points((0.09, -0.28))])
    dark = np.concatenate([_belly((0.04, -0.95), (-0.2, -0.285), 0.02), points((0.04, -0.27))])
    return [
        Shape(rectangle(0.045, -1.0, 0.08, -0.2), shift(wood, -0.35)),
        Shape(main, sail),
        Shape(dark, shift(sail, -0.14)),
        Shape(fore, jib),
        Shape(hull, wood),
        Shape(ribbon(points((-0.43, -0.185), (0.48, -0.21)), 0.04), shift(wood, 0.35)),
        Shape(points((0.06, -1.03), (0.24, -0.985), (0.06, -0.94)), rgb("#d03a34")),
    ]


def _belly(top: tuple[float, float], foot: tuple[float, float], swell: float) -> Points:
    """The free edge of a sail, from its head to its foot."""
    along = np.linspace(0, 1, 11)
    x = top[0] + (foot[0] - top[0]) * along + swell * np.sin(np.pi * along)
    return np.stack([x, top[1] + (foot[1] - top[1]) * along], axis=1)


def _tree(variant: int) -> list[Shape]:
    bark, leaf = rgb("#6b4528"), rgb("#3f8a3f")
    width, height = ((0.36, 0.62), (0.3, 0.68), (0.42, 0.56))[variant]
    trunk = points((-0.075, 0.02), (-0.05, -0.5), (0.05, -0.5), (0.085, 0.02))
    boughs = [ribbon(points((0, -0.3), (side * 0.2, -0.52)), 0.045) for side in (-1.0, 1.0)]
    shapes = [Shape(bough, bark) for bough in boughs]
    shapes += [Shape(trunk, bark), Shape(trunk * [0.45, 1] + [0.035, 0], shift(bark, -0.3))]
    centre, rng = -1.0 + height / 2, np.random.default_rng((12, variant))
    angles = np.radians(np.arange(0, 360, 60) + rng.uniform(-15, 15))
    leaves = [(0.0, centre, 0.3)]
    leaves += [
        (width * 0.62 * np.cos(a), centre + height * 0.3 * np.sin(a), rng.uniform(0.17, 0.21))
        for a in angles
    ]
    for tone, dx, dy, size in ((-0.32, 0.015, 0.025, 1.0), (0.0, -0.015, -0.015, 0.9)):
        for x, y, radius in leaves:
            shapes.append(
                Shape(ellipse(x + dx, y + dy, radius * size, radius * size), shift(leaf, tone))
            )
    for x, y, radius in leaves:
        if x < 0.1 and y < centre + 0.05:
            outline = ellipse(x - 0.05, y - 0.05, radius * 0.5, radius * 0.46)
            shapes.append(Shape(outline, shift(leaf, 0.24)))
    return shapes


_MAKERS: Mapping[str, Callable[[int], list[Shape]]] = {
    "lighthouse": buildings.lighthouse,
    "castle": buildings.castle,
    "ship": _ship,
    "tree": _tree,
    "house": buildings.house,
    "pyramid": buildings.pyramid,
    "mountain": monuments.mountain,
    "windmill": monuments.windmill,
    "balloon": aloft.balloon,
    "temple": monuments.temple,
    "bridge": monuments.bridge,
    "planet": aloft.planet,
    "spaceship": aloft.spaceship,
}
_ALBEDOS: Mapping[str, Colour] = {NONE: rgb("#808080"), "road": ASPHALT, "tunnel": STONE}
_LAMPS: Mapping[str, float] = {"lighthouse": buildings.LAMP}
