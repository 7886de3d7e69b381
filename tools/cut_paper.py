"""Draws `scenes/pictures/sails.png`, the picture that `scenes/drawing.yaml` starts from.

`python -m tools.cut_paper FILE`: a ship before a low sun, as cut out of coloured paper.
"""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np

from pipeline.files.png import Pixels, encode_png

SIZE = (192, 128)
"""Width and height in pixels: twice what the starter paints."""
_FINE = 8
"""Shapes are drawn so many times as large, so that their edges come out smooth."""

_SKY, _SUN, _GLOW = (236, 120, 60), (255, 226, 130), (246, 160, 72)
_SEA, _WAVE = (36, 70, 120), (90, 130, 170)
_HULL, _MAST, _SAIL, _JIB = (96, 40, 34), (60, 30, 30), (250, 240, 224), (168, 28, 44)


def cut_paper() -> Pixels:
    """The picture, `(128, 192, 3)` uint8."""
    width, height = SIZE
    paper = np.full((height * _FINE, width * _FINE, 3), _SKY, dtype=np.uint8)
    for radius, colour in ((46, _GLOW), (34, _SUN)):
        cv2.circle(paper, (112 * _FINE, 78 * _FINE), radius * _FINE, colour, -1)
    _cut(paper, [(0, 86), (192, 86), (192, 128), (0, 128)], _SEA)
    for left, top, length in ((8, 94, 40), (120, 98, 60), (20, 112, 52), (140, 118, 36)):
        _cut(paper, [(left, top), (left + length, top), (left + length - 6, top + 3)], _WAVE)
    _cut(paper, [(58, 84), (138, 84), (124, 104), (70, 104)], _HULL)
    _cut(paper, [(93, 14), (97, 14), (97, 86), (93, 86)], _MAST)
    _cut(paper, [(100, 18), (138, 78), (100, 78)], _SAIL)
    _cut(paper, [(90, 24), (90, 78), (60, 78)], _JIB)
    return np.asarray(cv2.resize(paper, SIZE, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _cut(paper: Pixels, corners: list[tuple[int, int]], colour: tuple[int, int, int]) -> None:
    """Glues a shape with these corners, in pixels of the picture, onto the paper."""
    cv2.fillPoly(paper, [np.array(corners, dtype=np.int32) * _FINE], colour)


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(encode_png(cut_paper()))
