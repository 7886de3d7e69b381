"""Ways to fly along: a road to the horizon, and a tunnel with daylight at its end."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tools.world.canvas import Canvas
from tools.world.colour import Colour, mix, rgb, shift
from tools.world.palette import Palette
from tools.world.shapes import Points, ellipse, points
from tools.world.stage import Stage

ASPHALT, STONE = rgb("#5c5f6a"), rgb("#8a7a6a")
"""Colours of a road and of the walls of a tunnel."""
_LINES = (rgb("#fff6dc"), rgb("#ffd24a"), rgb("#fff6dc"))
_NEAREST = 1.7
"""Nearness, 1 at the lower edge of the stage, that covers all of it."""
_ROAD, _TUNNEL, _RISE = 0.52, 0.56, 0.1
"""Half widths of the road and of the tunnel at nearness 1; how high its walls rise from the
horizon before they bend."""
_MOUTH = 0.3
"""Nearness of the tunnel's far end."""


def paint_road(canvas: Canvas, stage: Stage, palette: Palette) -> None:
    """A road from the viewer to the horizon, with a line of dashes; its depth is the ground's."""
    paint, line = palette.subject(ASPHALT), palette.subject(_LINES[stage.subject_variant])
    canvas.fill(_strip(stage, -1.14, 1.14), shift(paint, -0.45))
    canvas.fill(_strip(stage, -1.0, 1.0), paint)
    for side in (-1.0, 1.0):
        canvas.fill(_strip(stage, side * 0.9, side * 0.82), line)
    for dash in _dashes(stage):
        canvas.fill(dash, line)


def _strip(stage: Stage, left: float, right: float, far: float = 0.02, near: float = 1.3) -> Points:
    """The part of the road between two lines along it, in half widths, and two nearnesses."""
    along = np.geomspace(far, near, 25)
    y = stage.horizon + (1 - stage.horizon) * along
    middle = _middle(stage, along)
    sides = [np.stack([middle + _ROAD * along * share, y], axis=1) for share in (left, right)]
    return np.concatenate([sides[0], sides[1][::-1]])


def _middle(stage: Stage, near: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Points:
    """x of the middle of the road: it bends to one side or the other, or to none."""
    bend = (-0.5, 0.0, 0.5)[stage.ground_variant % 3]
    foot = 0.35 * stage.x
    return np.asarray(foot + (stage.x - foot) * (1 - near) + bend * near * (1 - near) ** 2)


def _dashes(stage: Stage) -> Iterator[Points]:
    edges = np.geomspace(0.06, 1.3, 15)
    for far, near in zip(edges[::2], edges[1::2], strict=False):
        yield _strip(stage, -0.055, 0.055, float(far), float(near))


def paint_tunnel(canvas: Canvas, stage: Stage, palette: Palette) -> None:
    """Vaults from all around the viewer to a far mouth, through which the picture is seen."""
    beyond, depth = canvas.pixels.copy(), canvas.inverse_depth.copy()
    stone, end = palette.subject(STONE), mix(palette.sky.low, palette.soil.light, 0.4)
    for ring, near in enumerate(np.geomspace(_NEAREST, _MOUTH, 31)):
        light = (_NEAREST - near) / (_NEAREST - _MOUTH)
        wall = mix(shift(stone, -0.72 + 0.6 * light), end, 0.3 * light**3)
        canvas.fill(
            _vault(stage, float(near)), shift(wall, -0.3 * (ring // 2 % 2)), min(float(near), 1.0)
        )
    floor = palette.scenery(rgb("#6a655f"))
    canvas.fill(_floor(stage, 1.0, -1.0), shift(floor, -0.35))
    canvas.fill(_floor(stage, 0.42, -0.42), shift(floor, 0.05))
    for side in (-1.0, 1.0):
        canvas.fill(_floor(stage, 0.3 * side, 0.24 * side), shift(floor, 0.5))
    _paint_lamps(canvas, stage, palette)
    mouth = canvas.mask([_vault(stage, _MOUTH)])
    canvas.glow(stage.x, stage.horizon - 0.06, 0.3, end, 0.4)
    seen = mouth[..., None].astype(np.float32) / 255
    canvas.pixels[:] = (beyond * seen + canvas.pixels * (1 - seen)).astype(np.uint8)
    np.copyto(canvas.inverse_depth, depth, where=mouth > 127)


def _vault(stage: Stage, near: float) -> Points:
    """The cross-section of the tunnel at a nearness: straight walls under a round arch."""
    half = _TUNNEL * near
    spring, foot = stage.horizon - _RISE * near, stage.horizon + (1 - stage.horizon) * near
    top = ellipse(stage.x, spring, half, half, 180.0, 360.0)
    return np.concatenate([top, points((stage.x + half, foot), (stage.x - half, foot))])


def _floor(stage: Stage, left: float, right: float) -> Points:
    """A strip of the tunnel's floor between two lines along it, in half widths."""
    near, far = _NEAREST, _MOUTH
    y = [stage.horizon + (1 - stage.horizon) * at for at in (far, near)]
    far_half, near_half = _TUNNEL * far, _TUNNEL * near
    return points(
        (stage.x + left * far_half, y[0]),
        (stage.x + right * far_half, y[0]),
        (stage.x + right * near_half, y[1]),
        (stage.x + left * near_half, y[1]),
    )


def _paint_lamps(canvas: Canvas, stage: Stage, palette: Palette) -> None:
    colour: Colour = palette.lamp(rgb("#ffe08a"))
    for near in (0.4, 0.58, 0.84):
        y = stage.horizon - (_RISE + 0.9 * _TUNNEL) * near
        canvas.glow(stage.x, y, 0.14 * near, colour, 0.5)
        canvas.fill(ellipse(stage.x, y, 0.05 * near, 0.026 * near), colour)
