"""Meadow, desert, snow and forest: layers from the horizon to the viewer, with their plants."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from tools.world.canvas import Canvas
from tools.world.colour import BLACK, Grade, mix, rgb, shift
from tools.world.palette import Palette
from tools.world.shapes import Points, below, ellipse, fir, fir_tips, points, rectangle
from tools.world.stage import Stage

_REACH = np.linspace(-1.1, 1.1, 81)
_HILLS = rgb("#6f9a6a")
_MOUNTAINS = rgb("#7f93b8")
_MESAS = rgb("#c98a5a")
_FIR = rgb("#2f6b45")
_CACTUS = rgb("#3f8a4a")
_TRUNK = rgb("#5a3c2a")
_FLOWERS = (rgb("#ffffff"), rgb("#ffe25a"), rgb("#f0688a"))
_FAR = 0.05
"""Inverse depth of what rises behind the horizon."""


def paint_meadow(canvas: Canvas, stage: Stage, palette: Palette, time: str) -> None:
    """Paint round hills and a field of flowers."""
    soil, variant = palette.soil, stage.ground_variant
    hills = palette.scenery(_HILLS)
    canvas.fill(
        _hill(variant, 0, stage.horizon - 0.05, 0.045), mix(hills, palette.sky.low, 0.4), _FAR
    )
    canvas.fill(_hill(variant, 1, stage.horizon - 0.01, 0.035), mix(hills, soil.far, 0.3), _FAR)
    _paint_layers(canvas, stage, palette, (0.03, 0.3, 0.66), 0.02)
    for index, (x, near) in enumerate(_scatter(variant, 22)):
        y = stage.horizon + (1 - stage.horizon) * (0.14 + 0.86 * near)
        size = 0.011 + 0.015 * near
        colour = palette.scenery(_FLOWERS[index % 3])
        canvas.fill(ellipse(x, y, size, size * 0.9), colour)


def paint_desert(canvas: Canvas, stage: Stage, palette: Palette, time: str) -> None:
    """Paint table mountains, dunes with a lit and a dark side, and cactuses."""
    soil, horizon, variant = palette.soil, stage.horizon, stage.ground_variant
    mesas = mix(palette.scenery(_MESAS), palette.sky.low, 0.25)
    for x in _spots(variant, 3):
        canvas.fill(_mesa(x, horizon + 0.02), mesas, _FAR)
    canvas.fill(below([-2, 2], [horizon, horizon]), soil.far)
    for layer, near in enumerate((0.02, 0.3, 0.62)):
        ridge, slope = _dune(variant, layer)
        lift = np.array([0.0, horizon + (1 - horizon) * near])
        colour = mix(soil.far, soil.near, layer / 2)
        canvas.fill(below(ridge[:, 0], ridge[:, 1] + lift[1]), colour)
        for side in slope:
            canvas.fill(side + lift, mix(colour, soil.shade, 0.7))
    for x in _beside(stage, (0.36, 0.52)):
        for part in _cactus(x, horizon + 0.1, 0.2):
            canvas.fill(part, palette.scenery(_CACTUS), 0.28)


def paint_snow(canvas: Canvas, stage: Stage, palette: Palette, time: str) -> None:
    """Paint white peaks, drifts, and firs under snow."""
    soil, variant = palette.soil, stage.ground_variant
    rock = mix(palette.scenery(_MOUNTAINS), palette.sky.low, 0.2)
    for x in _spots(variant, 4):
        _paint_peak(canvas, x, stage.horizon + 0.03, rock, soil.light)
    _paint_layers(canvas, stage, palette, (0.02, 0.34, 0.7), 0.028)
    for index, x in enumerate(_beside(stage, (0.3, 0.43, 0.56, 0.7))):
        height = (0.2, 0.26)[index % 2]
        _paint_fir(canvas, x, stage.horizon + 0.07, height, palette.ground)
        for tip in fir_tips(x, stage.horizon + 0.07, height):
            canvas.fill(tip, soil.light)


def paint_forest(canvas: Canvas, stage: Stage, palette: Palette, time: str) -> None:
    """Paint a wall of firs, pale behind dark, and two large ones at the sides."""
    variant = stage.ground_variant
    for row, (foot, height, pale) in enumerate(((0.0, 0.2, 0.45), (0.04, 0.25, 0.1))):
        colour = mix(palette.ground(_FIR), palette.sky.low, pale)
        for x, size in _trees(variant, row):
            canvas.fill(fir(x, stage.horizon + foot, height * size), colour, _FAR + 0.04 * row)
    _paint_layers(canvas, stage, palette, (0.06, 0.36, 0.7), 0.014)
    for x in _beside(stage, (0.4, 0.62)):
        _paint_fir(canvas, x, stage.horizon + 0.13, 0.46, palette.ground)


def _paint_layers(
    canvas: Canvas, stage: Stage, palette: Palette, starts: tuple[float, ...], height: float
) -> None:
    """Bands of ground with a rolling upper edge, from far to near."""
    soil, last = palette.soil, len(starts) - 1
    canvas.fill(below([-2, 2], [stage.horizon, stage.horizon]), soil.far)
    for layer, start in enumerate(starts):
        top = stage.horizon + (1 - stage.horizon) * start
        edge = _hill(stage.ground_variant, 2 + layer, top, height)
        colour = mix(soil.far, soil.near, layer / last)
        canvas.fill(edge, mix(colour, soil.light, 0.45))
        canvas.fill(
            edge + np.array([0.0, 0.02 + 0.008 * layer]), mix(colour, soil.shade, 0.12 * layer)
        )


def _paint_fir(canvas: Canvas, x: float, foot: float, height: float, grade: Grade) -> None:
    colour, depth = grade(_FIR), 0.3
    trunk = rectangle(
        x - 0.03 * height, foot - 0.1 * height, x + 0.03 * height, foot + 0.03 * height
    )
    canvas.fill(trunk, grade(_TRUNK), depth)
    outline = fir(x, foot, height)
    canvas.fill(outline, colour, depth)
    canvas.fill(np.stack([np.maximum(outline[:, 0], x), outline[:, 1]], 1), shift(colour, -0.22))


def _paint_peak(
    canvas: Canvas,
    x: float,
    foot: float,
    rock: tuple[float, float, float],
    snow: tuple[float, float, float],
) -> None:
    half, height = 0.34, 0.24 + 0.06 * np.cos(9 * x)
    top = foot - height
    canvas.fill(points((x, top), (x + half, foot), (x - half, foot)), rock, _FAR)
    canvas.fill(points((x, top), (x + half, foot), (x + 0.06, foot)), mix(rock, BLACK, 0.14))
    cut = top + 0.42 * height
    edge = 0.42 * half
    cap = points(
        (x, top),
        (x + edge, cut),
        (x + 0.4 * edge, cut - 0.03),
        (x + 0.05, cut + 0.03),
        (x - 0.4 * edge, cut - 0.02),
        (x - edge, cut),
    )
    canvas.fill(cap, snow)


@lru_cache
def _waviness(variant: int, layer: int) -> Points:
    rng = np.random.default_rng((7, variant, layer))
    phases, lengths = rng.uniform(0, 2 * np.pi, 2), rng.uniform((0.5, 0.9), (0.8, 1.6))
    waves = np.sin(2 * np.pi * _REACH[:, None] / lengths + phases)
    return np.asarray(waves @ np.array([0.4, 0.6]))


def _hill(variant: int, layer: int, y: float, height: float) -> Points:
    """The ground below a rolling line around `y`."""
    return below(_REACH, y + height * _waviness(variant, layer))


@lru_cache
def _dune(variant: int, layer: int) -> tuple[Points, tuple[Points, ...]]:
    """The crest line of a row of dunes around y = 0, and the dark slope to the right of each."""
    rng = np.random.default_rng((8, variant, layer))
    spacing, height = 0.62 + 0.14 * layer, 0.042 + 0.014 * layer
    crest, slopes = [], []
    for peak in np.arange(-1.6, 1.9, spacing) + rng.uniform(-0.25, 0.25):
        rise = np.linspace(0, 1, 12)[:, None]
        up = np.hstack(
            [peak + (rise - 1) * 0.58 * spacing, 0.5 * height - 1.5 * height * rise**1.6]
        )
        down = np.hstack(
            [peak + rise * 0.42 * spacing, 0.5 * height - 1.5 * height * (1 - rise) ** 1.3]
        )
        bend = 0.16 * spacing * np.sin(np.pi * 1.25 * rise)
        edge = np.hstack([peak + bend - 0.1 * rise, 3.6 * height * rise - height])
        crest += [up[:-1], down[:-1]]
        slopes.append(np.concatenate([down, edge[::-1]]))
    return np.concatenate(crest), tuple(slopes)


@lru_cache
def _scatter(variant: int, count: int) -> list[tuple[float, float]]:
    """Places (x, nearness in [0, 1]) that keep apart from each other."""
    rng = np.random.default_rng((9, variant))
    x = np.linspace(-1.05, 1.05, count) + rng.uniform(-0.03, 0.03, count)
    near = (np.arange(count) * 0.618 + rng.random()) % 1.0
    return [(float(a), float(b)) for a, b in sorted(zip(x, near, strict=True), key=lambda p: p[1])]


@lru_cache
def _spots(variant: int, count: int) -> list[float]:
    """Places along the horizon, evenly but not exactly."""
    rng = np.random.default_rng((10, variant, count))
    return [float(x) for x in np.linspace(-0.85, 0.85, count) + rng.uniform(-0.12, 0.12, count)]


@lru_cache
def _trees(variant: int, row: int) -> list[tuple[float, float]]:
    """Places and sizes of the firs in one row of a forest."""
    rng = np.random.default_rng((11, variant, row))
    places = np.arange(-1.1, 1.15, 0.105) + 0.05 * row + rng.uniform(-0.02, 0.02)
    return [(float(x), float(rng.uniform(0.8, 1.15))) for x in places]


def _beside(stage: Stage, distances: tuple[float, ...]) -> list[float]:
    """x of things to the left and right of the subject, by turns."""
    room = 0.62 * min(stage.aspect, 1.5)
    return [
        stage.x + (1 if (index + stage.ground_variant) % 2 else -1) * (away + 0.1) * room * 1.25
        for index, away in enumerate(distances)
    ]


def _mesa(x: float, foot: float) -> Points:
    return points(
        (x - 0.2, foot),
        (x - 0.13, foot - 0.06),
        (x - 0.11, foot - 0.13),
        (x + 0.1, foot - 0.13),
        (x + 0.12, foot - 0.06),
        (x + 0.19, foot),
    )


def _cactus(x: float, foot: float, height: float) -> list[Points]:
    half = 0.12 * height
    top = foot - height

    def column(middle: float, upper: float, lower: float, radius: float) -> Points:
        cap = ellipse(middle, upper + radius, radius, radius, 180.0, 360.0)
        return np.concatenate([cap, points((middle + radius, lower), (middle - radius, lower))])

    arm = 0.75 * half
    return [
        column(x, top, foot, half),
        column(x - 3 * half, foot - 0.72 * height, foot - 0.38 * height, arm),
        rectangle(x - 3 * half - arm, foot - 0.44 * height, x, foot - 0.3 * height),
        column(x + 3 * half, foot - 0.84 * height, foot - 0.48 * height, arm),
        rectangle(x, foot - 0.54 * height, x + 3 * half + arm, foot - 0.4 * height),
    ]
