"""What the camera of a shot has seen so far: painted pictures with their depth, as points in space.

A cloud consists of views: a picture of the shot, the depth of its pixels, and which of them are
points of the cloud, those that no earlier view shows, or none finely enough. A new picture is so
resampled once from painted pixels, however long the camera has been moving, and what went out of
sight is found again.

Convention:
    Points are in the space of `pipeline.camera.pixel_space`, and each view has the matrix that
    leads from where the camera is now to where the view was taken. Pictures are `(1, 3, H, W)` in
    [-1, 1], kept in float16, which tells all levels of 8 bits apart.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from pipeline.camera.depth_fit import beyond_an_edge, fit_depth
from pipeline.scene.motion import Matrix

POINTS = 8
"""Most points of a cloud, in pictures full of them."""
VIEWS = 32
"""Most views of a cloud."""
NEW_SHARE = 0.08
"""Share of a picture that must be new before it becomes a view; until then it is seen through the
picture before it."""
EDGE = 1.2
"""Ratio of the depths of neighbours from which on the farther one lies beyond an outline."""
RUNWAY = 2.0
"""How much nearer than at first all may come, in the mean of 1 / z, before the camera slows down:
a flight forward so never ends at a wall."""
FORGOTTEN = 0.1
"""Trust below which a view is dropped."""


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A painted picture as seen from where it was taken."""

    picture: Tensor
    depth: Tensor
    """Depth of its pixels, `(1, 1, H, W)` float32."""
    points: Tensor
    """Which of its pixels are points of the cloud, `(1, 1, H, W)` bool."""
    home: int
    """Number of the frame that first had this view, by which it is found again."""
    matrix: Matrix
    """From the camera now to the camera that took the view."""
    trust: float = 1.0
    """Share of its colours that still holds, 0 to 1."""
    unseen: int = 0
    """For how many frames it has shown nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class Cloud:
    """The views of a shot, and what they show where the camera is now."""

    views: tuple[View, ...]
    nearness: float
    """Mean of 1 / z in the first picture."""
    shown: Tensor
    """How much of each pixel the views show, `(1, 1, H, W)` in [0, 1]."""
    depth: Tensor
    """Depth of what they show, `(1, 1, H, W)`."""


def extend(
    cloud: Cloud | None, picture: Tensor, depth: Tensor, home: int
) -> tuple[tuple[View, ...], Tensor, float]:
    """The cloud's views with those of the picture that the camera shows now, where they are new.

    `depth`, `(1, 1, H, W)` above 0, is the picture's own; it is laid onto the cloud's by scale and
    shift. Returns the views, the depth that the picture has in the cloud's space, and the mean of
    1 / z of the shot's first picture. Without a cloud the picture begins one.
    """
    if cloud is None:
        everywhere = torch.ones_like(depth, dtype=torch.bool)
        return (_taken(picture, depth, everywhere, home),), depth, float((1 / depth).mean())
    fitted = fit_depth(depth, cloud.depth, cloud.shown)
    known = 1 / torch.where(cloud.shown > 0, cloud.depth, fitted)
    joined = 1 / (cloud.shown * known + (1 - cloud.shown) / fitted)
    new = cloud.shown < 0.5
    views = cloud.views
    if not views or float(new.float().mean()) >= NEW_SHARE:
        # A pixel more all around, over which the old and the new view fade into each other.
        wide = torch.nn.functional.max_pool2d(new.float(), 3, stride=1, padding=1) > 0.5
        views = bounded((*views, _taken(picture, joined, wide, home)))
    return views, joined, cloud.nearness


def _taken(picture: Tensor, depth: Tensor, new: Tensor, home: int) -> View:
    points = new & ~beyond_an_edge(depth, EDGE)
    # As it is saved, so that a render that goes on sees what one without a break has seen.
    return View(picture.half(), depth.half().float(), points, home, np.eye(4))


def bounded(views: tuple[View, ...]) -> tuple[View, ...]:
    """The views without those that have shown nothing for longest, until `POINTS` and `VIEWS` hold.

    Among equals the one with the fewest points goes first, then the oldest.
    """
    sizes = {view.home: int(view.points.sum()) for view in views}
    while len(views) > 1:
        full = views[0].points.numel()
        if len(views) <= VIEWS and sum(sizes[view.home] for view in views) <= POINTS * full:
            break
        gone = max(views[:-1], key=lambda view: (view.unseen, -sizes[view.home], -view.home))
        views = tuple(view for view in views if view is not gone)
    return views


def pace(depth: Tensor, nearness: float) -> float:
    """Factor, at most 1, of the camera's translation before a picture of this depth."""
    return min(1.0, RUNWAY * nearness / float((1 / depth).mean()))


def moved(views: tuple[View, ...], step: Matrix) -> tuple[View, ...]:
    """The views after a step of the camera."""
    back = np.linalg.inv(step)
    return tuple(replace(view, matrix=view.matrix @ back) for view in views)


def faded(views: tuple[View, ...], share: float) -> tuple[View, ...]:
    """The views with so much less trust: what is painted replaces that share of what they show."""
    kept = (replace(view, trust=view.trust * (1 - share)) for view in views)
    return tuple(view for view in kept if view.trust >= FORGOTTEN)
