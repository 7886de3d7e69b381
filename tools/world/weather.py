"""Weather that shows: rain, falling snow, and fog that thickens with distance."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

import numpy as np

from tools.world.attributes import NONE
from tools.world.canvas import Canvas
from tools.world.colour import Colour, mix, rgb
from tools.world.palette import Palette
from tools.world.shapes import Points, ellipse, points
from tools.world.stage import Stage

_THICKEST = 0.68
"""How much of what is farthest away fog hides."""


def paint_weather(canvas: Canvas, stage: Stage, palette: Palette, weather: str) -> None:
    """Paint `weather`, one of those of `attributes`, over the finished picture."""
    _KINDS[weather](canvas, stage, palette)


def _pale(palette: Palette) -> Colour:
    """The colour of what hangs in the air: that of the low sky, lighter."""
    return mix(palette.sky.low, palette.scenery(rgb("#f4f7fb")), 0.55)


def _paint_rain(canvas: Canvas, stage: Stage, palette: Palette) -> None:
    canvas.blend(
        mix(palette.sky.middle, palette.scenery(rgb("#5f6b7c")), 0.7), np.float32([[0.34]])
    )
    drops = canvas.mask(_streaks(stage.sky_variant)).astype(np.float32) / 255
    canvas.blend(palette.lamp(rgb("#eaf2fb")), 0.62 * drops)


def _paint_snowfall(canvas: Canvas, stage: Stage, palette: Palette) -> None:
    canvas.blend(_pale(palette), np.float32([[0.16]]))
    flakes = canvas.mask(_flakes(stage.sky_variant)).astype(np.float32) / 255
    canvas.blend(palette.lamp(rgb("#ffffff")), 0.92 * flakes)


def _paint_fog(canvas: Canvas, stage: Stage, palette: Palette) -> None:
    away = 1 - np.clip(canvas.inverse_depth, 0, 1)
    canvas.blend(_pale(palette), (_THICKEST * away**1.4 + 0.06).astype(np.float32))


_KINDS: Mapping[str, Callable[[Canvas, Stage, Palette], None]] = {
    NONE: lambda canvas, stage, palette: None,
    "rain": _paint_rain,
    "snowfall": _paint_snowfall,
    "fog": _paint_fog,
}


@lru_cache
def _streaks(variant: int) -> list[Points]:
    """Slanting drops, spread evenly by a jittered grid."""
    rng, streaks = np.random.default_rng((14, variant)), []
    for row, top in enumerate(np.arange(-0.05, 1.0, 0.15)):
        for column in np.arange(-1.15, 1.15, 0.15) + 0.075 * (row % 2):
            x, y = column + rng.uniform(-0.05, 0.05), top + rng.uniform(-0.05, 0.05)
            length = rng.uniform(0.09, 0.13)
            lean = 0.24 * length
            streaks.append(
                points((x - 0.004, y), (x + 0.004, y), (x - lean + 0.005, y + length),
                       (x - lean - 0.005, y + length))
            )  # fmt: skip
    return streaks


@lru_cache
def _flakes(variant: int) -> list[Points]:
    """Flakes of three sizes, spread evenly by a jittered grid."""
    rng, flakes = np.random.default_rng((15, variant)), []
    for row, y in enumerate(np.arange(0.03, 1.0, 0.115)):
        for index, x in enumerate(np.arange(-1.1, 1.1, 0.13) + 0.065 * (row % 2)):
            radius = (0.009, 0.014, 0.02)[(2 * row + index) % 3]
            place = (x + rng.uniform(-0.04, 0.04), y + rng.uniform(-0.04, 0.04))
            flakes.append(ellipse(*place, radius, radius))
    return flakes
