"""Skies: a gradient, and the sun, moon, clouds, stars or lightning that tell the hour."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

import numpy as np

from tools.world.canvas import Canvas
from tools.world.colour import mix
from tools.world.palette import Sky
from tools.world.shapes import Points, ellipse, lens, points, ribbon
from tools.world.stage import Stage

_REACH = 1.1
"""Skies are laid out for x in [-_REACH, _REACH], whatever the aspect of the picture."""


def paint_sky(canvas: Canvas, stage: Stage, sky: Sky, time: str) -> None:
    """Paint the whole canvas as the sky of the hour `time`."""
    _paint_gradient(canvas, stage, sky)
    _HOURS[time](canvas, stage, sky)


def _paint_gradient(canvas: Canvas, stage: Stage, sky: Sky) -> None:
    stops = [0.0, 0.55 * stage.horizon, stage.horizon]
    colours = np.array([sky.top, sky.middle, sky.low])
    rows = [np.interp(canvas.y[:, 0], stops, colours[:, band]) for band in range(3)]
    canvas.pixels[:] = np.stack(rows, axis=1)[:, None].astype(np.uint8)


def _paint_day(canvas: Canvas, stage: Stage, sky: Sky) -> None:
    y = 0.12 + 0.1 * stage.sun_y
    canvas.glow(stage.sun_x, y, 0.2, sky.glow, 0.7)
    canvas.fill(ellipse(stage.sun_x, y, 0.062, 0.062), sky.disc)
    for upper, lower in _clouds(stage.sky_variant):
        canvas.fill(upper, sky.cloud)
        canvas.fill(lower, sky.cloud_shade)


def _paint_dawn(canvas: Canvas, stage: Stage, sky: Sky) -> None:
    y = stage.horizon - 0.01 - 0.03 * stage.sun_y
    rays = canvas.mask(_rays(stage.sun_x, y)).astype(np.float32) / 255
    fall = np.clip(1 - (stage.horizon - canvas.y) / 0.75, 0, 1)
    canvas.blend(sky.glow, 0.55 * rays * fall)
    canvas.glow(stage.sun_x, y, 0.24, sky.glow, 0.85)
    for x, height, half, thickness in _streaks(stage.sky_variant)[:4]:
        canvas.fill(lens(x, 0.12 + 0.4 * height, half, thickness), sky.cloud_shade)
    canvas.fill(ellipse(stage.sun_x, y, 0.1, 0.1), sky.disc)


def _paint_sunset(canvas: Canvas, stage: Stage, sky: Sky) -> None:
    y = stage.horizon - 0.14 - 0.08 * stage.sun_y
    canvas.glow(stage.sun_x, y, 0.36, sky.glow, 0.75)
    canvas.fill(ellipse(stage.sun_x, y, 0.105, 0.105), sky.disc)
    for x, height, half, thickness in _streaks(stage.sky_variant):
        where = 0.06 + 0.46 * height
        canvas.fill(lens(x, where, half, thickness * 1.25), mix(sky.cloud_shade, sky.cloud, height))


def _paint_night(canvas: Canvas, stage: Stage, sky: Sky) -> None:
    y = 0.15 + 0.1 * stage.sun_y
    for x, height, radius in _stars(stage.sky_variant):
        canvas.fill(ellipse(x, height, radius, radius), sky.disc)
    canvas.glow(stage.sun_x, y, 0.2, sky.glow, 0.45)
    outer = ellipse(stage.sun_x, y, 0.078, 0.078, 55.0, 305.0)
    inner = ellipse(stage.sun_x + 0.052, y, 0.064, 0.064, 85.0, 275.0)
    canvas.fill(np.concatenate([outer, inner[::-1]]), sky.disc)


def _paint_storm(canvas: Canvas, stage: Stage, sky: Sky) -> None:
    far, near = _thunderheads(stage.sky_variant)
    canvas.fill(far, sky.cloud)
    bolt = _bolt(stage.sky_variant) + np.array([stage.sun_x, 0.2])
    canvas.glow(stage.sun_x, 0.36, 0.2, sky.glow, 0.45)
    canvas.fill(ribbon(bolt, np.linspace(0.034, 0.012, len(bolt))), sky.disc)
    canvas.fill(near, sky.cloud_shade)


_HOURS: Mapping[str, Callable[[Canvas, Stage, Sky], None]] = {
    "day": _paint_day,
    "dawn": _paint_dawn,
    "sunset": _paint_sunset,
    "night": _paint_night,
    "storm": _paint_storm,
}


@lru_cache
def _clouds(variant: int) -> list[tuple[Points, Points]]:
    """Fair-weather clouds: the outline of each, and of the shade along its flat base."""
    rng = np.random.default_rng((1, variant))
    clouds = []
    for x in np.linspace(-0.9, 0.9, 5) + rng.uniform(-0.12, 0.12, 5):
        half, y = rng.uniform(0.15, 0.24), rng.uniform(0.16, 0.44)
        along = np.linspace(-half, half, 49)
        middles, radii = np.linspace(-0.62, 0.62, 4) * half, rng.uniform(0.3, 0.5, 4) * half
        radii[1:3] *= 1.2
        tops = np.sqrt(np.clip(radii[:, None] ** 2 - (along - middles[:, None]) ** 2, 0, None))
        top = np.max(tops, axis=0)
        base = np.full_like(along, y) + 0.012 * np.sqrt(np.clip(1 - (along / half) ** 2, 0, 1))
        upper = np.stack([x + along, y - top], axis=1)
        lower = np.stack([x + along, base], axis=1)
        middle = np.stack([x + along, y - 0.32 * top], axis=1)
        clouds.append((np.concatenate([upper, lower[::-1]]), np.concatenate([middle, lower[::-1]])))
    return clouds


@lru_cache
def _streaks(variant: int) -> list[tuple[float, float, float, float]]:
    """x, height in [0, 1], half length and half thickness of evening clouds."""
    rng = np.random.default_rng((2, variant))
    heights = np.linspace(0.05, 0.95, 6) + rng.uniform(-0.06, 0.06, 6)
    return [
        (
            float(rng.uniform(-0.7, 0.7)),
            float(height),
            float(rng.uniform(0.3, 0.6)),
            float(rng.uniform(0.016, 0.03)),
        )
        for height in heights
    ]


@lru_cache
def _stars(variant: int) -> list[tuple[float, float, float]]:
    """x, y and radius, spread evenly by a jittered grid."""
    rng = np.random.default_rng((3, variant))
    return [
        (
            column + float(rng.uniform(-0.1, 0.1)),
            row + float(rng.uniform(-0.05, 0.05)),
            float(rng.uniform(0.008, 0.014)),
        )
        for row in (0.07, 0.22, 0.38)
        for column in np.arange(-_REACH, _REACH, 0.28)
    ]


def _rays(x: float, y: float) -> list[Points]:
    """Wedges of light that fan out from a rising sun."""
    fans = []
    for degrees in range(190, 360, 28):
        first, last = np.radians(degrees), np.radians(degrees + 13)
        fans.append(
            points(
                (x, y),
                (x + 2 * np.cos(first), y + 2 * np.sin(first)),
                (x + 2 * np.cos(last), y + 2 * np.sin(last)),
            )
        )
    return fans


@lru_cache
def _thunderheads(variant: int) -> tuple[Points, Points]:
    """Two ceilings of cloud that bulge downwards, the lower one first."""
    rng = np.random.default_rng((4, variant))
    ceilings = []
    for base, depth in ((0.2, 0.13), (0.08, 0.12)):
        x = np.linspace(-_REACH, _REACH, 121)
        bulges = np.zeros_like(x)
        for middle in np.arange(-_REACH, _REACH + 0.2, 0.26) + rng.uniform(-0.06, 0.06):
            radius = rng.uniform(0.15, 0.22)
            bulges = np.maximum(bulges, np.sqrt(np.clip(1 - ((x - middle) / radius) ** 2, 0, 1)))
        line = np.stack([x, base + depth * bulges], axis=1)
        ceilings.append(np.concatenate([line, points((_REACH, -0.2), (-_REACH, -0.2))]))
    return ceilings[0], ceilings[1]


@lru_cache
def _bolt(variant: int) -> Points:
    """A zigzag from the clouds to the horizon, beginning at the origin."""
    rng = np.random.default_rng((5, variant))
    steps = np.array([0.0, 0.05, -0.045, 0.035, -0.05, 0.01]) + rng.uniform(-0.012, 0.012, 6)
    heights = np.array([0.0, 0.1, 0.14, 0.25, 0.29, 0.42])
    return np.stack([np.cumsum(steps) * rng.choice([-1.0, 1.0]), heights], axis=1)
