"""One particle for every pixel: who stays where, after all of them have moved.

Convention:
    Positions are pixel indices (x right, y down, pixel centres at whole numbers) and z is depth.
    Pixels are counted row by row, particles in the order in which they are given.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
_T = TypeVar("_T", bound=np.generic)

REACH = 1.2
"""How far from its place, in pixels, a particle may settle."""

_NEAR = 1e-3
# Farther than any picture reaches, and near enough to remain exact as an integer.
_FARTHEST = 2.0**24
# Rows that a pan puts just between two pixels go one way together, whatever rounding made of each.
_TOGETHER = 1e-4
# Where two fall in one pixel, the farther one is behind the other from this ratio of depths on.
_BEHIND = 1.05
# The first rounds place nearly all that can be placed.
_ROUNDS = 8
_AROUND = np.array([(i, j) for j in (-1, 0, 1) for i in (-1, 0, 1)], dtype=np.int64).T


def settle(x: Floats, y: Floats, z: Floats, *, width: int, height: int) -> Indices:
    """The particle `(H * W,)` that each pixel holds, -1 where it holds none.

    `x`, `y` and `z` are `(N,)`; what is not before the camera, or hidden by what is nearer in the
    same pixel, is gone. Of those that fall in one pixel the nearest to its centre holds it. Each of
    the others takes the nearest free pixel within `REACH`, or the pixel of one that can take a free
    one in its stead: an augmenting path of a bipartite matching (Berge 1957), the cheapest first.
    Equals are decided by their order, so equal positions always settle alike.
    """
    cost, pixel = _within_reach(x, y, width, height)
    cost[~_seen(x, y, z, width, height)] = np.inf
    holder = np.full(width * height, -1, dtype=np.int64)
    nearest = cost.argmin(axis=1)
    own, home = _chosen(cost, nearest), _chosen(pixel, nearest)
    waiting = np.flatnonzero(np.isfinite(own))
    first = waiting[_cheapest(home[waiting], own[waiting])]
    holder[home[first]] = first
    for _ in range(_ROUNDS):
        placed = np.zeros(len(x), dtype=np.bool_)
        placed[holder[holder >= 0]] = True
        waiting = waiting[~placed[waiting]]
        if not _step_aside(holder, waiting, cost, pixel):
            break
    return holder


def _within_reach(x: Floats, y: Floats, width: int, height: int) -> tuple[Floats, Indices]:
    """Squared distance to each pixel around each particle, and its number: `(N, 9)` both.

    The distance is infinite, and the number 0, where a pixel is out of reach or of the picture.
    """
    x, y = (np.clip(np.nan_to_num(p), -_FARTHEST, _FARTHEST)[:, None] + _TOGETHER for p in (x, y))
    column, row = (
        np.rint(p).astype(np.int64) + step for p, step in zip((x, y), _AROUND, strict=True)
    )
    distance = (column - x) ** 2 + (row - y) ** 2
    inside = (column >= 0) & (column < width) & (row >= 0) & (row < height)
    near = inside & (distance <= REACH**2)
    return np.where(near, distance, np.inf), np.where(near, row * width + column, 0)


def _seen(x: Floats, y: Floats, z: Floats, width: int, height: int) -> NDArray[np.bool_]:
    """Whether each particle is before the camera and the picture's front at its pixel."""
    seen: NDArray[np.bool_] = np.isfinite(x) & np.isfinite(y) & np.isfinite(z) & (z >= _NEAR)
    column, row = (np.clip(p[seen], -2, size + 1) for p, size in ((x, width), (y, height)))
    place = (np.rint(row).astype(np.int64) + 2) * (width + 4) + np.rint(column).astype(np.int64) + 2
    front = np.full((width + 4) * (height + 4), np.inf)
    np.minimum.at(front, place, z[seen])
    seen[seen] = z[seen] <= _BEHIND * front[place]
    return seen


def _step_aside(holder: Indices, waiting: Indices, cost: Floats, pixel: Indices) -> bool:
    """Place those of `waiting` that one step aside makes room for; whether there were any."""
    held = np.flatnonzero(holder >= 0)
    holders = holder[held]
    taken = holder[pixel[holders]] >= 0
    ways_out = np.where(taken, np.inf, cost[holders])
    nearest = ways_out.argmin(axis=1)
    # A free pixel is its own way out, at no cost.
    way_out, way_cost = np.arange(len(holder)), np.zeros(len(holder))
    way_out[held], way_cost[held] = _chosen(pixel[holders], nearest), _chosen(ways_out, nearest)

    total = cost[waiting] + way_cost[pixel[waiting]]
    nearest = total.argmin(axis=1)
    paid, through = _chosen(total, nearest), _chosen(pixel[waiting], nearest)
    can = np.flatnonzero(np.isfinite(paid))
    go = can[_cheapest(way_out[through[can]], paid[can])]
    holder[way_out[through[go]]] = holder[through[go]]
    holder[through[go]] = waiting[go]
    return len(go) > 0


def _chosen(table: NDArray[_T], column: Indices) -> NDArray[_T]:
    return table[np.arange(len(table)), column]


def _cheapest(place: Indices, cost: Floats) -> Indices:
    """Of all bids the cheapest for each place; the first of equal ones."""
    order = np.lexsort((cost, place))
    return order[np.diff(place[order], prepend=-1) > 0]
