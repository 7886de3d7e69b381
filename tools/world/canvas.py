"""The surface that a picture is painted on: pixels, and the inverse depth of what they show."""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np
from numpy.typing import NDArray

from tools.world.colour import Colour
from tools.world.shapes import Points
from tools.world.stage import View

OVERSAMPLING = 2
"""Pixels of the canvas along each edge of a pixel of the picture."""
_FRACTION_BITS = 4


class Canvas:
    """Paints outlines in stage coordinates (see `stage`) at twice the size of the picture."""

    def __init__(self, width: int, height: int, view: View) -> None:
        self.size = (width, height)
        columns, rows = width * OVERSAMPLING, height * OVERSAMPLING
        self.scale = rows * view.zoom
        """Pixels of the canvas in one unit of the stage."""
        self._origin = np.array([columns / 2, rows / 2]) - self.scale * np.array([view.x, view.y])
        self.pixels = np.zeros((rows, columns, 3), np.uint8)
        self.inverse_depth = np.zeros((rows, columns), np.float32)
        self.x = ((np.arange(columns, dtype=np.float32) + 0.5) - self._origin[0]) / self.scale
        """Stage x of the columns, `(1, W)`."""
        self.x = self.x[None].astype(np.float32)
        self.y = ((np.arange(rows, dtype=np.float32) + 0.5) - self._origin[1]) / self.scale
        """Stage y of the rows, `(H, 1)`."""
        self.y = self.y[:, None].astype(np.float32)

    def fill(self, outline: Points, colour: Colour, inverse_depth: float | None = None) -> None:
        """Paint the inside of `outline`, and note its inverse depth if it stands up."""
        corners = self._corners(outline)
        cv2.fillPoly(self.pixels, [corners], colour, cv2.LINE_AA, _FRACTION_BITS)
        if inverse_depth is not None:
            cv2.fillPoly(self.inverse_depth, [corners], inverse_depth, cv2.LINE_8, _FRACTION_BITS)

    def mask(self, outlines: Iterable[Points]) -> NDArray[np.uint8]:
        """255 inside any of `outlines`, 0 outside, `(H, W)`."""
        mask = np.zeros(self.pixels.shape[:2], np.uint8)
        for outline in outlines:
            cv2.fillPoly(mask, [self._corners(outline)], 255, cv2.LINE_AA, _FRACTION_BITS)
        return mask

    def blend(self, colour: Colour, alpha: NDArray[np.float32]) -> None:
        """Lay `colour` over the picture; `alpha` in [0, 1] broadcasts to `(H, W)`."""
        veil = np.array(colour, np.float32) - self.pixels
        veil *= alpha[..., None]
        veil += self.pixels
        self.pixels = veil.astype(np.uint8)

    def glow(self, x: float, y: float, radius: float, colour: Colour, strength: float) -> None:
        """Blend a soft round light that has faded to a third at `radius`."""
        fall_x = np.exp(-(((self.x - x) / radius) ** 2))
        fall_y = np.exp(-(((self.y - y) / radius) ** 2))
        self.blend(colour, strength * fall_x * fall_y)

    def _corners(self, outline: Points) -> NDArray[np.int32]:
        # OpenCV counts from pixel centres, the stage from pixel edges.
        pixels = outline * self.scale + (self._origin - 0.5)
        return np.rint(pixels * (1 << _FRACTION_BITS)).astype(np.int32)
