"""The flat test picture: an endless plane of grids and numbers that has every size of detail.

Convention:
    Brightness is `(H, W)` uint8, which is coloured later. A matrix is 3x3 on pixel indices of the
    picture that is drawn, from the first picture to the one that is seen. One unit of the plane is
    the height of the first picture, whose centre is its origin.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import ceil, floor, log

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.output.lettering import lettered
from pipeline.scene.motion import Matrix

Brightness = NDArray[np.uint8]
Point = tuple[float, float]

_STEP = 4
"""How many times as wide the cells of the next grid are."""
_CELL = 11.0
"""Least width in pixels of a cell that is drawn."""
_FRESH, _FIRST, _OTHER_CELL = 20, 38, 46
"""Brightness of what came into sight, of the first picture, and of every second cell of that."""
_FAR = 60000.0
"""How far beyond the picture, in pixels, a line may end."""
_HATCH, _FINE, _MIDDLE, _COARSE, _RIM = 30, 52, 96, 168, 225


@dataclass(frozen=True, slots=True)
class DrawnPlane:
    """A plane that a picture of `width` x `height` pixels shows."""

    width: int
    height: int

    def seen(self, matrix: Matrix) -> Brightness:
        """The plane after a motion in 2d."""
        unit = self.height * float(np.sqrt(abs(np.linalg.det(matrix[:2, :2]))))
        level = log(_CELL / unit, _STEP)
        finest, shown = _STEP ** ceil(level), ceil(level) - level
        view = _View(self, matrix)
        light = np.full((self.height, self.width), _FRESH, dtype=np.uint8)
        view.hatch(light, finest * _STEP)
        wide = self.width / self.height / 2
        corners = [(-wide, -0.5), (wide, -0.5), (wide, 0.5), (-wide, 0.5)]
        view.fill(light, corners, _FIRST)
        view.cells(light, finest * _STEP, wide)
        # Finer grids appear as they grow, so that none jumps into sight.
        view.grid(light, finest, _FIRST + shown * (_FINE - _FIRST))
        view.grid(light, finest * _STEP, _FINE + shown * (_MIDDLE - _FINE))
        view.grid(light, finest * _STEP**2, _MIDDLE + shown * (_COARSE - _MIDDLE))
        for one, other in zip(corners, corners[1:] + corners[:1], strict=True):
            view.stroke(light, one, other, _RIM, 2)
        for one, other in (((-0.06, 0), (0.06, 0)), ((0, -0.06), (0, 0.06))):
            view.stroke(light, one, other, _RIM, 2)
        view.numbers(light, finest * _STEP)
        return light


class _View:
    """A plane under one matrix: what of it is in sight, and where in the picture it lies."""

    def __init__(self, plane: DrawnPlane, matrix: Matrix) -> None:
        width, height = plane.width, plane.height
        to_pixels = np.array(
            [[height, 0, (width - 1) / 2], [0, height, (height - 1) / 2], [0, 0, 1.0]]
        )
        there = matrix @ to_pixels
        self._rows = there[:2].tolist()
        back = np.linalg.inv(there)
        corners = [back @ (x, y, 1.0) for x, y in product((0, width - 1), (0, height - 1))]
        self._low, self._high = (of(np.array(corners)[:, :2], axis=0) for of in (np.min, np.max))

    def _at(self, point: Point) -> tuple[int, int]:
        """A point of the plane in sixteenths of a pixel."""
        (a, b, c), (d, e, f) = self._rows
        x, y = a * point[0] + b * point[1] + c, d * point[0] + e * point[1] + f
        return round(16 * min(max(x, -_FAR), _FAR)), round(16 * min(max(y, -_FAR), _FAR))

    def stroke(
        self, light: Brightness, one: Point, other: Point, shade: float, thick: int = 1
    ) -> None:
        """A straight line between two points."""
        cv2.line(light, self._at(one), self._at(other), round(shade), thick, cv2.LINE_AA, 4)

    def fill(self, light: Brightness, corners: Sequence[Point], shade: int) -> None:
        """An even surface between points."""
        points = np.array([self._at(corner) for corner in corners], dtype=np.int32)
        cv2.fillConvexPoly(light, points, shade, cv2.LINE_AA, 4)

    def grid(self, light: Brightness, spacing: float, shade: float) -> None:
        """The lines of a grid."""
        (left, top), (right, bottom) = self._low, self._high
        for x in _multiples(left, right, spacing):
            self.stroke(light, (x, top), (x, bottom), shade)
        for y in _multiples(top, bottom, spacing):
            self.stroke(light, (left, y), (right, y), shade)

    def hatch(self, light: Brightness, spacing: float) -> None:
        """Slanting lines, which what came into sight is known by."""
        (left, top), (right, bottom) = self._low, self._high
        tall = bottom - top
        for x in _multiples(left - tall - abs(top), right + abs(bottom), spacing / 2):
            self.stroke(light, (x + top, top), (x + bottom, bottom), _HATCH)

    def cells(self, light: Brightness, spacing: float, wide: float) -> None:
        """Every second cell of the first picture, which is `wide` to both sides."""
        low, high = np.maximum(self._low, (-wide, -0.5)), np.minimum(self._high, (wide, 0.5))
        columns = range(floor(low[0] / spacing), ceil(high[0] / spacing))
        rows = range(floor(low[1] / spacing), ceil(high[1] / spacing))
        for column, row in product(columns, rows):
            if (column + row) % 2:
                left, right = np.clip((column * spacing, (column + 1) * spacing), -wide, wide)
                top, bottom = np.clip((row * spacing, (row + 1) * spacing), -0.5, 0.5)
                corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
                self.fill(light, corners, _OTHER_CELL)

    def numbers(self, light: Brightness, spacing: float) -> None:
        """The crossings of a grid with their numbers, to the right and down."""
        (left, top), (right, bottom) = self._low, self._high
        for x in _multiples(left, right, spacing):
            for y in _multiples(top, bottom, spacing):
                column, row = self._at((x, y))
                text = f"{round(x / spacing)},{round(y / spacing)}"
                _stamp(light, text, column // 16 + 4, row // 16 + 2)


def _multiples(low: float, high: float, spacing: float) -> Iterator[float]:
    """The multiples of a distance from one number to another."""
    for count in range(ceil(low / spacing), floor(high / spacing) + 1):
        yield count * spacing


def _stamp(light: Brightness, text: str, left: int, top: int) -> None:
    """Write a number where it lies wholly within the picture."""
    letters = lettered(text, 9)
    h, w = letters.shape
    if left >= 0 and top >= 0 and left + w <= light.shape[1] and top + h <= light.shape[0]:
        under = light[top : top + h, left : left + w]
        under[:] = (under + letters * (150.0 - under) * 0.9).astype(np.uint8)
