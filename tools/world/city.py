"""The city: two rows of towers along the horizon, and the pavement of a wide square before them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from tools.world.canvas import Canvas
from tools.world.colour import mix, rgb
from tools.world.palette import Palette
from tools.world.shapes import Points, below, points, rectangle
from tools.world.stage import Stage

_WALLS = (rgb("#8c93a6"), rgb("#6f7890"), rgb("#a39a98"))
_LIT, _DARK = rgb("#ffd86a"), rgb("#3c445c")
_SHINING = ("sunset", "night", "storm")
_FAR = 0.05
"""Inverse depth of the towers behind the horizon; the nearer row is a little nearer."""


@dataclass(frozen=True, slots=True)
class _Tower:
    x: float
    half: float
    height: float
    tone: int


def paint_city(canvas: Canvas, stage: Stage, palette: Palette, time: str) -> None:
    """Paint pale towers behind dark ones with windows, and the joints of a paved square."""
    horizon, soil = stage.horizon, palette.soil
    for row, (pale, foot) in enumerate(((0.55, 0.01), (0.12, 0.05))):
        for tower in _skyline(stage.ground_variant, row):
            wall = mix(palette.ground(_WALLS[tower.tone]), palette.sky.low, pale)
            top = horizon + foot - tower.height
            outline = rectangle(tower.x - tower.half, top, tower.x + tower.half, horizon + foot)
            canvas.fill(outline, wall, _FAR + 0.05 * row)
            if row == 1:
                window = palette.lamp(_LIT) if time in _SHINING else palette.ground(_DARK)
                for pane in _windows(tower, top, horizon):
                    canvas.fill(pane, window)
    canvas.fill(below([-2, 2], [horizon + 0.04] * 2), soil.far)
    for number, near in enumerate((0.2, 0.42, 0.7)):
        y = horizon + (1 - horizon) * near
        paving = mix(soil.far, soil.near, (number + 1) / 3)
        canvas.fill(below([-2, 2], [y, y]), paving)
        canvas.fill(rectangle(-2, y, 2, y + 0.006 + 0.006 * number), soil.shade)
    for line in _joints(horizon):
        canvas.fill(line, soil.shade)


@lru_cache
def _skyline(variant: int, row: int) -> list[_Tower]:
    rng = np.random.default_rng((13, variant, row))
    places = np.arange(-1.15, 1.2, 0.2) + 0.1 * row + rng.uniform(-0.03, 0.03)
    low, high = ((0.24, 0.4), (0.14, 0.28))[row]
    return [
        _Tower(
            float(x),
            float(rng.uniform(0.07, 0.1)),
            float(rng.uniform(low, high)),
            int(rng.integers(len(_WALLS))),
        )
        for x in places
    ]


def _windows(tower: _Tower, top: float, horizon: float) -> Iterator[Points]:
    for y in np.arange(top + 0.03, horizon - 0.01, 0.055):
        for side in (-0.5, 0.5):
            x = tower.x + side * tower.half
            yield rectangle(x - 0.016, y, x + 0.016, y + 0.028)


def _joints(horizon: float) -> Iterator[Points]:
    """Lines that run from the viewer to a point above the horizon, as of parallel slabs."""
    upper, lower = horizon + 0.05, 1.2
    for x in np.arange(-2.4, 2.5, 0.4):
        meet = 0.3 * x
        yield points(
            (meet - 0.002, upper), (meet + 0.002, upper), (x + 0.009, lower), (x - 0.009, lower)
        )
