"""The sea: rows of waves that grow towards the viewer, and the path of light on them."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from tools.world.canvas import Canvas
from tools.world.colour import Colour, mix
from tools.world.palette import Palette
from tools.world.shapes import Points, below, lens
from tools.world.stage import Stage

_ROWS = 6
_STEEPNESS = 0.85
"""Steepness of a wave: 0 is a sine, 1 a cusp (the trochoid of Gerstner's wave)."""
_CALM, _ROUGH = 1.0, 2.1


def paint_sea(canvas: Canvas, stage: Stage, palette: Palette, time: str) -> None:
    """Paint the water up to the horizon, with every wave."""
    soil, horizon = palette.soil, stage.horizon
    canvas.fill(below([-2, 2], [horizon, horizon]), soil.far)
    for row in range(_ROWS):
        _paint_wave(canvas, stage, palette, time, row)
    _paint_path(canvas, stage, palette.sky.glow, time)


def paint_surf(canvas: Canvas, stage: Stage, palette: Palette, time: str) -> None:
    """Paint again the waves nearer than the subject's foot, so that they wash over it."""
    for row in range(_ROWS):
        if _row_y(stage, row) > stage.foot - 0.035:
            _paint_wave(canvas, stage, palette, time, row)


def _row_y(stage: Stage, row: int) -> float:
    return stage.horizon + (1 - stage.horizon) * (0.07 + 0.86 * math.pow(row / (_ROWS - 1), 1.25))


def _paint_wave(canvas: Canvas, stage: Stage, palette: Palette, time: str, row: int) -> None:
    near = row / (_ROWS - 1)
    swell = _ROUGH if time == "storm" else _CALM
    line, crest = _wave(stage.ground_variant, row, swell)
    lift = np.array([0.0, _row_y(stage, row)])
    soil = palette.soil
    water = mix(soil.far, soil.near, near)
    canvas.fill(below(line[:, 0], line[:, 1] + lift[1]), mix(water, soil.shade, 0.25 * (row % 2)))
    canvas.fill(crest + lift, mix(water, soil.light, 0.5 + 0.3 * near))


@lru_cache
def _wave(variant: int, row: int, swell: float) -> tuple[Points, Points]:
    """The surface of one row of waves around y = 0, and the light along its crests."""
    near = row / (_ROWS - 1)
    length = (0.10 + 0.20 * near) * (1 + 0.25 * (swell - 1))
    height = (0.005 + 0.016 * near) * swell
    start = np.random.default_rng((6, variant, row)).uniform(0, 2 * np.pi)
    phase = np.arange(-2.5 / length, 2.5 / length, 1 / 14) * 2 * np.pi + start
    x = (phase - start - _STEEPNESS * np.sin(phase)) * length / (2 * np.pi)
    line = np.stack([x, -height * np.cos(phase)], axis=1)
    thickness = (0.005 + 0.7 * height) * ((1 + np.cos(phase)) / 2) ** 1.5
    lower = line + np.stack([np.zeros_like(x), thickness], axis=1)
    return line, np.concatenate([line, lower[::-1]])


def _paint_path(canvas: Canvas, stage: Stage, colour: Colour, time: str) -> None:
    if time == "storm":
        return
    streaks = []
    for near in np.linspace(0.0, 0.8, 6):
        y = stage.horizon + 0.015 + (1 - stage.horizon) * near
        streaks.append(lens(stage.sun_x, y, 0.07 + 0.06 * near, 0.008 + 0.008 * near))
    canvas.blend(colour, canvas.mask(streaks).astype(np.float32) * (0.75 / 255))
