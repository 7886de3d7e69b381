"""Outlines as `(n, 2)` arrays of x (right) and y (down) in units of the picture's height.

Outlines of a subject are in units of its own height (see `subjects`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tools.world.colour import Colour

Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """An outline of one colour."""

    outline: Points
    colour: Colour
    shines: bool = False


def points(*pairs: tuple[float, float]) -> Points:
    """The corners `pairs`."""
    return np.array(pairs, dtype=np.float64)


def rectangle(left: float, top: float, right: float, bottom: float) -> Points:
    """An upright rectangle."""
    return points((left, top), (right, top), (right, bottom), (left, bottom))


def trapezoid(x: float, top: float, top_half: float, bottom: float, bottom_half: float) -> Points:
    """A trapezoid around the vertical through `x`; the halves are half widths."""
    return points(
        (x - top_half, top),
        (x + top_half, top),
        (x + bottom_half, bottom),
        (x - bottom_half, bottom),
    )


def ellipse(
    x: float, y: float, rx: float, ry: float, start: float = 0.0, stop: float = 360.0
) -> Points:
    """An ellipse, or its arc from `start` to `stop` degrees, clockwise from the right."""
    angles = np.radians(np.linspace(start, stop, 29))
    return np.stack([x + rx * np.cos(angles), y + ry * np.sin(angles)], axis=1)


def arch(x: float, bottom: float, half: float, height: float) -> Points:
    """A doorway with a round top."""
    top = ellipse(x, bottom - height + half, half, half, 180.0, 360.0)
    return np.concatenate([top, points((x + half, bottom), (x - half, bottom))])


def ribbon(line: Points, widths: ArrayLike) -> Points:
    """A stroke along `line`, `widths` wide at its points."""
    along = np.gradient(line, axis=0)
    along /= np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-9)
    side = np.stack([-along[:, 1], along[:, 0]], axis=1)
    half = np.broadcast_to(np.asarray(widths, dtype=np.float64) / 2, len(line))[:, None]
    return np.concatenate([line + side * half, (line - side * half)[::-1]])


def lens(x: float, y: float, rx: float, ry: float) -> Points:
    """A flat streak with pointed ends."""
    along = np.linspace(-1.0, 1.0, 13)
    bulge = ry * (1 - along**2)
    upper = np.stack([x + rx * along, y - bulge], axis=1)
    lower = np.stack([x + rx * along, y + bulge], axis=1)
    return np.concatenate([upper, lower[::-1]])


def below(x: ArrayLike, y: ArrayLike, bottom: float = 1.2) -> Points:
    """Everything below the line `y` over `x`, down to `bottom`."""
    line = np.stack([np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)], axis=1)
    return np.concatenate([line, points((line[-1, 0], bottom), (line[0, 0], bottom))])


def fir(x: float, foot: float, height: float, tiers: int = 4) -> Points:
    """A fir of stacked triangles."""
    half, left = 0.30 * height, []
    for tier in range(tiers):
        out, inner = half * (tier + 1) / tiers, half * (tier + 1) / tiers * 0.52
        y = foot - height * (1 - 0.9 * (tier + 1) / tiers)
        left += [(-out, y), (-inner, y - 0.02 * height)]
    left[-1] = (-0.05 * height, left[-2][1])
    sides = points((0.0, foot - height), *left, (-0.05 * height, foot))
    mirrored = sides[:0:-1] * np.array([-1.0, 1.0])
    outline: Points = np.concatenate([sides, mirrored]) + np.array([x, 0.0])
    return outline


def fir_tips(x: float, foot: float, height: float, tiers: int = 4) -> list[Points]:
    """The snow that lies on the tiers of `fir`."""
    half, caps = 0.30 * height, []
    for tier in range(tiers):
        out = half * (tier + 1) / tiers
        y = foot - height * (1 - 0.9 * (tier + 1) / tiers)
        top = y - 0.16 * height
        caps.append(points((x, top), (x - out * 0.95, y), (x - out * 0.1, y - 0.05 * height)))
    return caps
