"""Grounds that are none: a sea of clouds, and space, which has no horizon."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from tools.world.canvas import Canvas
from tools.world.colour import Colour, mix, shift
from tools.world.palette import Palette
from tools.world.shapes import Points, below, ellipse
from tools.world.stage import Stage

_BANKS = 4
_STEM = 0.9
"""Radius of a puff in a cloud bank, as a share of their distance."""


def paint_clouds(canvas: Canvas, stage: Stage, palette: Palette, time: str) -> None:
    """Paint banks of cloud from the horizon to the viewer."""
    canvas.fill(below([-2, 2], [stage.horizon, stage.horizon]), palette.soil.far)
    for bank in range(_BANKS):
        _paint_bank(canvas, stage, palette, bank)


def paint_front_clouds(canvas: Canvas, stage: Stage, palette: Palette, time: str) -> None:
    """Paint again the banks nearer than the subject's foot, so that it rises out of them."""
    for bank in range(_BANKS):
        if _bank_y(stage, bank) > stage.foot - 0.04:
            _paint_bank(canvas, stage, palette, bank)


def _bank_y(stage: Stage, bank: int) -> float:
    return stage.horizon + (1 - stage.horizon) * (0.12 + 0.74 * (bank / (_BANKS - 1)) ** 1.2)


def _paint_bank(canvas: Canvas, stage: Stage, palette: Palette, bank: int) -> None:
    near, soil = bank / (_BANKS - 1), palette.soil
    lift = np.array([0.0, _bank_y(stage, bank)])
    body = mix(soil.far, soil.near, near)
    size = 0.085 + 0.15 * near
    outline = _puffs(stage.ground_variant, bank) * size + lift
    canvas.fill(outline, mix(soil.light, soil.far, 0.25 * (1 - near)))
    canvas.fill(outline + np.array([0.1, 0.24]) * size, body)
    canvas.fill(outline + np.array([0.22, 0.62]) * size, mix(body, soil.shade, 0.75))


@lru_cache
def _puffs(variant: int, bank: int) -> Points:
    """The rim of a bank of clouds around y = 0, in units of the distance of its puffs."""
    rng = np.random.default_rng((16, variant, bank))
    x = np.linspace(-24, 24, 721)
    middles = np.arange(-25, 26) + rng.uniform(-0.2, 0.2, 51)
    radii = _STEM * rng.uniform(0.65, 1.0, 51)
    heights = np.sqrt(np.clip(radii[:, None] ** 2 - (x - middles[:, None]) ** 2, 0, None)).max(
        axis=0
    )
    return below(x, -0.75 * heights, bottom=30.0)


def paint_space(canvas: Canvas, stage: Stage, palette: Palette, time: str) -> None:
    """Paint nebulae and stars over everything: there is no ground, and no moon."""
    dark = shift(palette.sky.top, -0.45)
    canvas.pixels[:] = np.array(dark, np.float32).astype(np.uint8)
    colours: tuple[Colour, ...] = (palette.soil.near, palette.soil.far)
    for index, (x, y, radius) in enumerate(_nebulae(stage.ground_variant)):
        canvas.glow(x, y, radius, colours[index % 2], 0.75)
    for x, y, radius in _stars(stage.sky_variant):
        canvas.fill(ellipse(x, y, radius, radius), palette.sky.disc)


@lru_cache
def _nebulae(variant: int) -> list[tuple[float, float, float]]:
    """x, y and radius of clouds of light along a slanting band."""
    rng = np.random.default_rng((17, variant))
    slope, along = rng.choice([-0.45, 0.45]), np.linspace(-0.85, 0.85, 6)
    return [
        (
            float(x + rng.uniform(-0.08, 0.08)),
            float(0.5 + slope * x + rng.uniform(-0.12, 0.12)),
            float(rng.uniform(0.16, 0.3)),
        )
        for x in along
    ]


@lru_cache
def _stars(variant: int) -> list[tuple[float, float, float]]:
    rng = np.random.default_rng((18, variant))
    return [
        (
            float(x + rng.uniform(-0.09, 0.09)),
            float(y + rng.uniform(-0.06, 0.06)),
            float(rng.choice([0.006, 0.009, 0.014])),
        )
        for y in np.arange(0.06, 1.0, 0.16)
        for x in np.arange(-1.1, 1.12, 0.22)
    ]
