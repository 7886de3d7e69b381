"""Colours that tell the looks of a video apart, and drawn pictures in them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import cv2
import numpy as np

from pipeline.files.png import Pixels
from pipeline.output.canvas import Colour, between, colour
from pipeline.output.drawn_plane import Brightness
from pipeline.output.plot_page import COLOURS
from pipeline.plan.looks import Look

_DARK, _LIGHT = (11, 12, 15), (250, 250, 252)
_PURE = 0.68
"""Brightness, as a share of the whole, at which a drawn picture has the colour itself."""


def tints(looks: Iterable[Look]) -> dict[Look, Colour]:
    """A colour for each look; neighbours have different ones."""
    return {look: colour(COLOURS[place % len(COLOURS)]) for place, look in enumerate(looks)}


def tinted(light: Brightness, tint: Colour) -> Pixels:
    """A drawn picture in one colour, from nearly black by way of it to nearly white."""
    return np.asarray(cv2.LUT(cv2.merge([light] * 3), _scale(tint)), dtype=np.uint8)


@lru_cache(maxsize=64)
def _scale(tint: Colour) -> Pixels:
    """Colours `(1, 256, 3)` of every brightness."""
    rows: list[Colour] = []
    for level in range(256):
        share = level / 255 / _PURE
        low, high = (_DARK, tint) if share < 1 else (tint, _LIGHT)
        rows.append(between(low, high, share if share < 1 else (share - 1) * _PURE / (1 - _PURE)))
    return np.array([rows], dtype=np.uint8)
