"""The width of edges.

Conventions:
    Pixels are `(H, W, 3)` uint8 RGB. Lengths are pixels, brightness is luma in levels of 255.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.files.png import Pixels

Values = NDArray[np.float32]
Places = NDArray[np.floating[Any]]
"""Positions x and y, `(..., 2)`."""

RISE = 40.0
"""The least difference of the two sides, in levels, that is a strong edge."""
REACH = 12
"""Pixels that an edge is followed to each of its sides."""
FINE = 4
"""Samples of a profile in a pixel."""
_MOST = 4000
_END = 0.1
_RANGE = (0.1, 0.9)


def edge_widths(frame: Pixels) -> Values:
    """The 10 to 90 % rise distance of strong edges, `(N,)`.

    A place counts where the slope of the luma is at its largest along its own direction. The edge
    goes from there to each side until the slope has fallen to a tenth, so that shading beside an
    edge is no part of it. At most 4,000 edges of a frame are measured, from all over it.
    """
    grey = cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY).astype(np.float32)
    places, directions = _steepest(grey)
    profiles = _profiles(grey, places, directions)
    widths, rises = _measured(profiles)
    return widths[rises >= RISE]


def _steepest(grey: Values) -> tuple[Places, Places]:
    """Places `(N, 2)`, x and y, of steepest slope, and the unit vectors along which it rises."""
    x, y = (cv2.Scharr(grey, cv2.CV_32F, *order, scale=1 / 32) for order in ((1, 0), (0, 1)))
    slope = np.hypot(x, y)
    # An edge of RISE levels that is REACH wide is about as flat as this.
    rows, columns = np.nonzero(slope > RISE / REACH)
    places = np.stack([columns, rows], axis=1).astype(np.float32)
    directions = np.stack([x, y], axis=-1)[rows, columns] / slope[rows, columns, None]
    before, after = (_read(slope, places + step * directions) for step in (-1, 1))
    here = slope[rows, columns]
    kept = np.nonzero((here > before) & (here >= after))[0]
    kept = kept[:: -(-len(kept) // _MOST) or 1]
    return places[kept], directions[kept]


def _profiles(grey: Values, places: Places, directions: Places) -> Values:
    """The luma across each edge, `(N, samples)`, rising; the place is in the middle."""
    along = np.arange(-REACH * FINE, REACH * FINE + 1, dtype=np.float32) / FINE
    return _read(grey, places[:, None] + along[:, None] * directions[:, None])


def _read(values: Values, places: Places) -> Values:
    """`values` `(H, W)` read at `places` `(..., 2)`; beyond the border its mirror image."""
    if not places.size:
        return np.zeros(places.shape[:-1], np.float32)
    # OpenCV refuses maps of more than 32,767 columns.
    flat = places.astype(np.float32).reshape(-1, 2)
    parts = [
        cv2.remap(
            values,
            part[None, :, 0],
            part[None, :, 1],
            cv2.INTER_CUBIC,
            None,
            cv2.BORDER_REFLECT_101,
        )[0]
        for part in np.array_split(flat, len(flat) // 30_000 + 1)
    ]
    return np.concatenate(parts).reshape(places.shape[:-1])


def _measured(profiles: Values) -> tuple[Values, Values]:
    """The width of the edge in the middle of each profile, and how far it rises."""
    middle = profiles.shape[1] // 2
    slopes = np.diff(profiles, axis=1)
    steepest = slopes[:, middle - FINE : middle + FINE].max(axis=1, initial=0)
    goes_on = slopes > _END * steepest[:, None]
    right = _run(goes_on[:, middle:])
    left = _run(goes_on[:, :middle][:, ::-1])
    rows = np.arange(len(profiles))
    low, high = profiles[rows, middle - left], profiles[rows, middle + right]
    rises = high - low
    inside = np.arange(profiles.shape[1])
    clear = (inside >= (middle - left)[:, None]) & (inside <= (middle + right)[:, None])
    held = np.where(clear, profiles, np.where(inside < middle, low[:, None], high[:, None]))
    first, last = (_crossing(held, low + share * rises) for share in _RANGE)
    return np.asarray((last - first) / FINE, np.float32), rises


def _run(goes_on: NDArray[np.bool_]) -> NDArray[np.int64]:
    """How many samples from the first on are true, by row."""
    return np.asarray(np.cumprod(goes_on, axis=1).sum(axis=1), np.int64)


def _crossing(rising: Values, level: Values) -> Values:
    """Where each row, which rises, reaches its level, between samples too."""
    index = np.clip((rising < level[:, None]).sum(axis=1), 1, rising.shape[1] - 1)
    rows = np.arange(len(rising))
    before, after = rising[rows, index - 1], rising[rows, index]
    share = (level - before) / np.maximum(after - before, 1e-6)
    return np.asarray(index - 1 + share, np.float32)
