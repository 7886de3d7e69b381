"""Moves that are told by what they keep in the middle: orbits, dolly zooms, and looks at a point.

Convention:
    Axes: x right, y down, z forward, from where the camera stands at the shot's first frame.
    Frames are positions in the video, of which the first is the one before the shot's first and the
    second the shot's first. Views are those of `pipeline.scene.paths.rigid`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from keyframes.curve import Curve
from keyframes.expression import ExpressionError, Formula
from pipeline.scene.paths.poses import Array
from pipeline.scene.paths.rigid import turn_x, turn_y, views

Number = Curve | Formula
"""A number over the video."""
Easing = Callable[[Array], Array]

_NOWHERE = 1e-9
"""Units of depth within which a point has no direction from the camera."""


@dataclass(frozen=True, slots=True)
class Orbit:
    """The camera goes round a point and looks at it."""

    around: Number
    """Distance of the point, in units of depth."""
    turn: Number
    """Degrees to the right: within `over` frames, at any time if it `repeats`."""
    over: float
    repeats: bool
    """Whether each stretch of `over` frames turns so far, and not the shot as a whole."""
    tilt: Number
    """Degrees by which the camera stands above the point."""
    ease: Easing | None = field(default=None, repr=False)

    def angles(self, frames: Array) -> Array:
        """Degrees that the camera has turned since the shot's first frame."""
        turn = sampled(self.turn, frames)
        if self.repeats:
            gone = np.cumsum(turn / self.over)
            return np.asarray(gone - gone[1])
        share = (frames - frames[1]) / self.over
        return np.asarray(turn * (share if self.ease is None else self.ease(share)))

    def views(self, frames: Array) -> Array:
        """Views `(n, 4, 4)`, of which the second looks along z to the point."""
        far = sampled(self.around, frames)
        shifts = np.column_stack((np.zeros_like(far), np.zeros_like(far), far))
        # Who stands above looks down, and who goes to the right turns to the left.
        turns = turn_x(-sampled(self.tilt, frames)) @ turn_y(-self.angles(frames))
        return views(turns, shifts)


@dataclass(frozen=True, slots=True)
class DollyZoom:
    """The camera comes nearer as its lens opens, so that what it is about keeps its size."""

    subject: Number | None
    """Distance of the subject at the shot's first frame; None where `distance` tells it."""
    fov: Number | None
    """Field of view, in degrees, that the way follows from."""
    distance: Number | None
    """Distance of the subject, in units of depth, that the field of view follows from."""

    def distances(self, frames: Array) -> Array:
        """Distance of the subject at each frame."""
        if self.distance is not None:
            return sampled(self.distance, frames)
        assert self.subject is not None and self.fov is not None
        halves = np.tan(np.radians(sampled(self.fov, frames)) / 2)
        return np.asarray(sampled(self.subject, frames)[1] * halves[1] / halves)

    def views(self, frames: Array) -> Array:
        """Views `(n, 4, 4)` of a camera that goes along z."""
        far = self.distances(frames)
        shifts = np.column_stack((np.zeros_like(far), np.zeros_like(far), far - far[1]))
        return views(np.broadcast_to(np.eye(3), (len(far), 3, 3)), shifts)

    def fovs(self, frames: Array, fov: Number) -> Array:
        """Fields of view `(n,)`; the first frame has that of `fov` where `distance` leads."""
        if self.fov is not None:
            return sampled(self.fov, frames)
        far = self.distances(frames)
        half = np.tan(np.radians(sampled(fov, frames)[1]) / 2)
        return np.asarray(np.degrees(2 * np.arctan(half * far[1] / far)))


@dataclass(frozen=True, slots=True)
class LookAt:
    """The camera turns, so that a point stays in the middle of the picture."""

    x: Number
    y: Number
    z: Number
    """Where the point is, in units of depth, from the camera at the shot's first frame."""

    def turned(self, poses: Array, frames: Array) -> Array:
        """Views `(n, 4, 4)` that stand where `poses` do, and look at the point.

        The second of `poses` is the identity. The camera yaws and then pitches from where it looks.
        """
        point = np.column_stack([sampled(one, frames) for one in (self.x, self.y, self.z)])
        seen = (poses[:, :3, :3] @ point[:, :, None])[:, :, 0] + poses[:, :3, 3]
        x, y, z = seen.T
        flat = np.hypot(x, z)
        is_there = np.hypot(flat, y) > _NOWHERE
        yaw = np.degrees(np.arctan2(x, z)) * (flat > _NOWHERE)
        pitch = np.degrees(np.arctan2(-y, flat)) * is_there
        still = np.zeros((len(x), 3))
        return views(turn_x(pitch) @ turn_y(yaw), still) @ poses


def sampled(number: Number, frames: Array) -> Array:
    """The values of a number at positions in the video.

    Before the first frame of a shot a formula need not have any: it has that of this frame then.
    """
    try:
        values = np.asarray(number(frames), dtype=np.float64)
    except ExpressionError:
        values = np.asarray(number(np.maximum(frames, frames[:2].max())), dtype=np.float64)
    return np.broadcast_to(values, frames.shape)
