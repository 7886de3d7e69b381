"""The subject in its place: its shadow or rock, its outline, its colours, its depth, its beam."""

from __future__ import annotations

import cv2
import numpy as np

from tools.world.attributes import Attributes
from tools.world.buildings import DARK_WINDOW, WINDOW
from tools.world.canvas import Canvas
from tools.world.colour import rgb, shift
from tools.world.palette import Palette
from tools.world.shapes import Points, Shape, ellipse, points
from tools.world.stage import PLACES, Stage
from tools.world.subjects import Subject

_ROCK = rgb("#6a6460")
_ROCKY = ("sea", "clouds", "space")
"""Grounds that carry nothing but a rock."""
_OUTLINE_WIDTH = 0.011
_BULGE = 0.04
"""How much nearer the middle of a subject is than its edges, in inverse depth."""
_BEAM_REACH = 1.3


def paint_figure(
    canvas: Canvas, stage: Stage, palette: Palette, attributes: Attributes, subject: Subject
) -> None:
    """Paint the subject on its ground, the beam of its lamp behind it."""
    if not subject.shapes:
        return
    place = np.array([stage.x, stage.foot])
    _paint_footing(canvas, stage, palette, attributes)
    outlines = [shape.outline * stage.height + place for shape in subject.shapes]
    if subject.lamp is not None:
        _paint_beam(canvas, stage, palette, stage.foot + subject.lamp * stage.height)
    mask = canvas.mask(outlines)
    spread = cv2.GaussianBlur(mask, (0, 0), _OUTLINE_WIDTH * canvas.scale)
    canvas.blend(palette.outline, np.clip(spread.astype(np.float32) * (2.4 / 255) - 0.15, 0, 0.9))
    lit = attributes.time in ("night", "storm", "sunset")
    for shape, outline in zip(subject.shapes, outlines, strict=True):
        canvas.fill(outline, _colour(shape, palette, lit))
    if subject.lamp is not None:
        lamp = stage.foot + subject.lamp * stage.height
        canvas.glow(stage.x, lamp, 0.1 * stage.height, palette.lamp(rgb("#fff2b0")), 0.6)
    _note_depth(canvas, stage, mask, PLACES[attributes.subject].inverse_depth)


def _colour(shape: Shape, palette: Palette, lit: bool) -> tuple[float, float, float]:
    if not shape.shines:
        return palette.subject(shape.colour)
    if shape.colour == WINDOW and not lit:
        return palette.subject(DARK_WINDOW)
    return palette.lamp(shape.colour)


def _paint_footing(canvas: Canvas, stage: Stage, palette: Palette, attributes: Attributes) -> None:
    footing = PLACES[attributes.subject].footing
    if footing is None:
        return
    half = footing * stage.height
    if attributes.ground in _ROCKY:
        rock = palette.scenery(_ROCK)
        canvas.fill(_island(stage, half + 0.07), rock, _ground_depth(stage))
        canvas.fill(_island(stage, half + 0.07) + np.array([0, 0.028]), shift(rock, -0.3))
        return
    shadow = canvas.mask([ellipse(stage.x + 0.05, stage.foot, half * 1.12, 0.028)])
    canvas.blend(shift(palette.soil.shade, -0.4), shadow.astype(np.float32) * (0.6 / 255))


def _island(stage: Stage, half: float) -> Points:
    x, foot = stage.x, stage.foot
    return points(
        (x - half, foot + 0.06),
        (x - 0.86 * half, foot + 0.012),
        (x - 0.6 * half, foot - 0.022),
        (x - 0.2 * half, foot - 0.012),
        (x + 0.35 * half, foot - 0.026),
        (x + 0.8 * half, foot + 0.002),
        (x + half, foot + 0.06),
    )


def _paint_beam(canvas: Canvas, stage: Stage, palette: Palette, y: float) -> None:
    sides = (-1, 1) if stage.beam == 0 else (stage.beam,)
    half = 0.022 * stage.height
    cones = []
    for side in sides:
        far = stage.x + side * _BEAM_REACH
        cones.append(
            points((stage.x, y - half), (far, y - 0.26), (far, y + 0.12), (stage.x, y + half))
        )
    cone = canvas.mask(cones).astype(np.float32) / 255
    fall = np.clip(1.05 - np.abs(canvas.x - stage.x) / _BEAM_REACH, 0, 1)
    canvas.blend(palette.beam, 0.82 * cone * fall)


def _ground_depth(stage: Stage) -> float:
    return (stage.foot - stage.horizon) / (1 - stage.horizon)


def _note_depth(
    canvas: Canvas,
    stage: Stage,
    mask: np.ndarray[tuple[int, int], np.dtype[np.uint8]],
    inverse_depth: float | None,
) -> None:
    across = np.clip((canvas.x - stage.x) / (0.5 * stage.height), -1, 1)
    middle = _ground_depth(stage) if inverse_depth is None else inverse_depth
    bulge = _BULGE if middle > _BULGE else 0.0
    near = np.minimum(middle + bulge * np.sqrt(1 - across**2), 1.0)
    np.copyto(canvas.inverse_depth, near, where=mask > 127)
