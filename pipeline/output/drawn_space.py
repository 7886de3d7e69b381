"""The deep test picture: endless ground under a sky with its horizon, and posts with numbers.

Convention:
    x right, y down, z forward, in units of depth before the first camera, as in
    `pipeline.scene.motion`, whose 4x4 matrices carry that space before a later camera. Brightness
    is `(H, W)` uint8, which is coloured later.

Things stand where depth networks put them in most pictures, from 0.8 units on, so that a motion
looks as fast as in the render. The camera sees along rays as `pipeline.camera.warp` has them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import hypot, radians, tan

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.output.drawn_plane import Brightness
from pipeline.output.lettering import lettered
from pipeline.scene.motion import Matrix

_Field = NDArray[np.float32]

GROUND = 0.36
"""How far below the first camera the ground lies."""
SKY = 2.6
"""Depth that a warp is told for the sky, which is endlessly far."""
_CELL = 0.2
_POST, _APART, _EACH = 0.62, 1.24, 0.8
"""Half of the way between two rows of posts, all of it, and from one post to the next."""
_TOP = -0.3
"""Height of the upper ends of posts."""
_THICK = 0.016
_SIGHT, _READABLE = 6.5, 4.0
"""How far away the last post is that is drawn, and the last that has its number."""
_SHIFT = 4
"""Bits of the fractions of a pixel that OpenCV draws with."""
_NEAR, _FARTHEST = 0.05, 60.0
_HORIZON = 62.0
"""Brightness of what is far away."""


@dataclass(frozen=True, slots=True)
class DrawnSpace:
    """The space as pictures of `width` x `height` pixels show it."""

    width: int
    height: int

    def seen(self, matrix: Matrix, fov: float) -> Brightness:
        """The space after a motion in 3d, by a pinhole camera of `fov` degrees from top to bottom.

        The matrix may stretch what the camera sees, as a zoom does; it is no homography.
        """
        light = self._surroundings(matrix, fov)[0].astype(np.uint8)
        self._draw_sky(light, matrix, fov)
        self._draw_posts(light, matrix, fov)
        return light

    def first(self, fov: float) -> tuple[Brightness, _Field]:
        """The first picture without its posts, and its depth z `(H, W)`."""
        light, depth = self._surroundings(np.eye(4), fov)
        return light.astype(np.uint8), np.clip(depth, _NEAR, SKY).astype(np.float32)

    def _focal(self, fov: float) -> float:
        return self.height / (2 * tan(radians(fov) / 2))

    def _surroundings(self, matrix: Matrix, fov: float) -> tuple[_Field, _Field]:
        """Ground and sky, and how far away they are; the sky is infinitely far."""
        focal, back = self._focal(fov), np.linalg.inv(matrix)
        column = ((np.arange(self.width) - (self.width - 1) / 2) / focal).astype(np.float32)
        row = ((np.arange(self.height) - (self.height - 1) / 2) / focal).astype(np.float32)[:, None]
        x, y, z = (
            np.float32(a) * column + np.float32(b) * row + np.float32(c) for a, b, c, _ in back[:3]
        )
        eye = back[:3, 3].astype(np.float32)
        # Rays that never meet the ground meet it beyond the haze.
        closeness = np.clip(y / (np.float32(GROUND) - eye[1]), 1 / _FARTHEST, 1 / _NEAR)
        reach = 1 / closeness
        ground = _ground(eye[0] + reach * x, eye[2] + reach * z)
        light = _HORIZON + (ground - _HORIZON) * np.exp(reach * np.float32(-1 / 7))
        sky = closeness <= np.float32(1 / _FARTHEST)
        steepness = np.abs(y) / np.sqrt(x * x + z * z)
        light[sky] = 24 + (_HORIZON - 24) * np.exp(-3 * steepness[sky])
        return light, np.where(sky, np.float32(np.inf), reach)

    def _draw_sky(self, light: Brightness, matrix: Matrix, fov: float) -> None:
        """The horizon, and in the sky a line every 15 degrees."""
        seen = _SKY_LINES @ matrix[:3, :3].T
        before = seen[..., 2].min(axis=1) > _NEAR
        pieces = _fixed(self._pixels(seen[before], fov)).tolist()
        for (one, other), shade in zip(pieces, _SHADES[before].tolist(), strict=True):
            cv2.line(light, one, other, shade, 1, cv2.LINE_AA, _SHIFT)

    def _draw_posts(self, light: Brightness, matrix: Matrix, fov: float) -> None:
        """Posts from the farthest to the nearest, each with its number."""
        posts = _posts(*np.linalg.inv(matrix)[[0, 2], 3].tolist())
        ends = posts @ matrix[:3, :3].T + matrix[:3, 3]
        depth = ends[..., 2]
        before = (depth.min(axis=1) > _NEAR) & (depth.max(axis=1) < _SIGHT)
        order = np.flatnonzero(before)[np.argsort(-depth[before, 0])]
        pixels = self._pixels(ends[order], fov)
        thick = _THICK * float(np.linalg.norm(matrix[:2, 0])) * self._focal(fov)
        for post, (foot, head) in zip(order, pixels, strict=True):
            near, far = depth[post]
            if max(foot[0], head[0]) < -40 or min(foot[0], head[0]) > self.width + 40:
                continue
            shade = round(_HORIZON + 168 * float(np.exp(-near / 2.6)))
            _bar(light, (foot, head), (thick / near, thick / far), shade)
            if far < _READABLE:
                text = f"{round(posts[post, 0, 2] / _EACH) + 1}"
                _number(light, text, head, 0.09 * self._focal(fov) / far, shade)

    def _pixels(self, points: NDArray[np.float64], fov: float) -> NDArray[np.float64]:
        """Positions in pixels `(..., 2)` of points `(..., 3)` before the camera."""
        centre = (self.width - 1) / 2, (self.height - 1) / 2
        return points[..., :2] / points[..., 2:] * self._focal(fov) + centre


def _posts(x: float, z: float) -> NDArray[np.float64]:
    """The lower and upper ends `(posts, 2, 3)` of the posts around a place."""
    across, along = round(3.2 / _APART), round(_SIGHT / _EACH)
    columns = round((x - _POST) / _APART) + np.arange(-across, across + 2)
    rows = round(z / _EACH) + np.arange(-along, along + 1)
    right, ahead = (one.ravel() for one in np.meshgrid(columns * _APART - _POST, rows * _EACH))
    ends = [np.stack([right, np.full_like(right, y), ahead], axis=-1) for y in (GROUND, _TOP)]
    return np.stack(ends, axis=1)


def _ground(x: _Field, z: _Field) -> _Field:
    """Squares of two sizes with lines between them, which fade where pixels are coarser."""
    light = np.float32(40) + np.float32(12) * _squares(x, z, 4 * _CELL)
    for along in (x, z):
        footprint = _footprint(along)
        for spacing, strength in ((_CELL, 55), (4 * _CELL, 120)):
            cells = along * np.float32(1 / spacing)
            pixel = footprint * np.float32(1 / spacing)
            line = np.clip(np.float32(1.1) - np.abs(cells - np.rint(cells)) / pixel, 0, 1)
            line *= np.clip(np.float32(1.6) - 4 * pixel, 0, 1)
            np.maximum(light, np.float32(40) + np.float32(strength) * line, out=light)
    return light


def _squares(x: _Field, z: _Field, spacing: float) -> _Field:
    each = np.float32(1 / spacing)
    odd = (np.floor(x * each) + np.floor(z * each)).astype(np.int32) & 1
    return np.asarray(odd, dtype=np.float32)


def _footprint(field: _Field) -> _Field:
    """How far a field goes on from a pixel to the next, at least a little."""
    size = np.full_like(field, 1e-4)
    np.maximum(size[1:], np.abs(np.diff(field, axis=0)), out=size[1:])
    np.maximum(size[:, 1:], np.abs(np.diff(field, axis=1)), out=size[:, 1:])
    return size


def _directions() -> Iterator[tuple[float, NDArray[np.float64]]]:
    """Lines in the sky as points one unit away, each with its brightness; the horizon is last."""
    around, up = np.radians(np.arange(0, 361, 7.5)), np.radians(np.arange(0, 91, 7.5))
    for azimuth in around[:-1:2]:
        yield 50, _sphere(np.full_like(up, azimuth), up)
    for height in up[2::2]:
        yield 50, _sphere(around, np.full_like(around, height))
    yield 190, _sphere(around, np.zeros_like(around))


def _sphere(azimuth: NDArray[np.float64], height: NDArray[np.float64]) -> NDArray[np.float64]:
    level = np.cos(height)
    return np.stack([np.sin(azimuth) * level, -np.sin(height), np.cos(azimuth) * level], axis=-1)


_PIECES = [(shade, pair) for shade, points in _directions() for pair in pairwise(points)]
_SKY_LINES = np.array([pair for _, pair in _PIECES])
"""Straight pieces `(pieces, 2, 3)` of the lines in the sky."""
_SHADES = np.array([shade for shade, _ in _PIECES])


def _fixed(pixels: NDArray[np.float64]) -> NDArray[np.int32]:
    """Positions in the fractions of a pixel that OpenCV draws with."""
    return np.asarray(np.rint(np.clip(pixels * 2**_SHIFT, -(2**20), 2**20)), dtype=np.int32)


def _bar(
    light: Brightness,
    ends: tuple[NDArray[np.float64], NDArray[np.float64]],
    halves: tuple[float, float],
    shade: int,
) -> None:
    """A post between two pixels, so wide at each."""
    (x0, y0), (x1, y1) = (end.tolist() for end in ends)
    length = max(hypot(x1 - x0, y1 - y0), 1e-6)
    across = np.array((y0 - y1, x1 - x0)) / length
    wide = [across * max(half, 0.6) for half in halves]
    corners = (ends[0] - wide[0], ends[0] + wide[0], ends[1] + wide[1], ends[1] - wide[1])
    cv2.fillConvexPoly(light, _fixed(np.array(corners)), shade, cv2.LINE_AA, _SHIFT)


def _number(light: Brightness, text: str, at: NDArray[np.float64], size: float, shade: int) -> None:
    """A number above the upper end of a post, cut off by the picture's edges."""
    letters = lettered(text, max(7, min(40, round(size))), bold=True)
    h, w = letters.shape
    left, top = round(float(at[0]) - w / 2), round(float(at[1]) - h - 1)
    y0, y1 = max(0, top), min(light.shape[0], top + h)
    x0, x1 = max(0, left), min(light.shape[1], left + w)
    if x0 < x1 and y0 < y1:
        under = light[y0:y1, x0:x1]
        share = letters[y0 - top : y1 - top, x0 - left : x1 - left]
        under[:] = (under + share * (np.float32(shade) - under)).astype(np.uint8)
