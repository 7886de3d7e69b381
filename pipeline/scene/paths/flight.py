"""The flight along a path: where its camera is at each frame of a shot.

Convention:
    As `pipeline.scene.paths.poses` for the poses and `pipeline.scene.paths.rigid` for views.
    Between two poses the place goes along a cubic with the slopes of parabolas through neighbouring
    poses, and the turn the shortest way at an even speed (Shoemake 1985, slerp). Before its first
    pose and after its last one the camera stands.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from keyframes.spline import cubic
from pipeline.scene.paths.poses import Array, Poses, to_matrices
from pipeline.scene.paths.rigid import seen_from

Easing = Callable[[Array], Array]

EXACT = 1e-6
"""Seconds from a pose within which a frame has that very pose."""
_STRAIGHT = 1e-6
"""Radians between two turns below which their average is as good as the shortest way."""


@dataclass(frozen=True, slots=True)
class Flight:
    """A path, and how a shot flies along it."""

    file: str
    """Name of the file in words for people."""
    poses: Poses = field(compare=False, repr=False)
    fps: float
    """Frames a second of the video."""
    scale: float = 1.0
    """Units of depth in one unit of the file."""
    start: float = 0.0
    """Seconds along the path at which the shot's first frame is."""
    over: float | None = None
    """Frames of the video in which the rest of the path is flown, at least 2; None for its own
    time."""
    ease: Easing | None = field(default=None, repr=False)
    """How the time of the rest is spent; None for evenly."""
    has_lens: bool = False
    """Whether the fields of view are the path's."""

    @property
    def rest(self) -> float:
        """Seconds of the path behind its start."""
        return max(float(self.poses.times[-1]) - self.start, 0.0)

    def times(self, elapsed: Array) -> Array:
        """Seconds along the path at numbers of frames since the shot's first one."""
        rest = self.rest
        lasting = rest * self.fps if self.over is None else self.over - 1
        if not rest or not lasting:
            return np.full_like(elapsed, self.start)
        share = elapsed / lasting
        gone = share if self.ease is None else self.ease(share)
        return self.start + rest * gone

    def views(self, elapsed: Array) -> Array:
        """Views `(n, 4, 4)`, in units of depth, at numbers of frames since the shot's first."""
        before, share = self._between(elapsed)
        places = _places(self.poses, before, share) * self.scale
        return seen_from(places, to_matrices(_turns(self.poses.turns, before, share)))

    def fovs(self, elapsed: Array) -> Array | None:
        """The path's fields of view `(n,)`; None where they are not asked for."""
        fovs = self.poses.fovs
        if fovs is None or not self.has_lens:
            return None
        before, share = self._between(elapsed)
        return np.asarray(fovs[before] + share * (fovs[before + 1] - fovs[before]))

    def pose_at(self, elapsed: float) -> float:
        """The number of the pose, counted from 0, with its share of the way to the next one."""
        before, share = self._between(np.array([elapsed]))
        return float(before[0] + share[0])

    def _between(self, elapsed: Array) -> tuple[NDArray[np.intp], Array]:
        """The pose before each time, and the share of the way from there to the next."""
        times = self.poses.times
        at = np.clip(self.times(elapsed), times[0], times[-1])
        nearest = np.clip(np.searchsorted(times, at), 1, len(times) - 1)
        nearest -= at - times[nearest - 1] < times[nearest] - at
        at = np.where(np.abs(times[nearest] - at) < EXACT, times[nearest], at)
        before = np.clip(np.searchsorted(times, at, side="right") - 1, 0, len(times) - 2)
        return before, (at - times[before]) / (times[before + 1] - times[before])


def _places(poses: Poses, before: NDArray[np.intp], share: Array) -> Array:
    """Places `(n, 3)` on the way from the poses `before` to the next ones."""
    times, places = poses.times, poses.places
    width = np.diff(times)[:, None]
    secants = np.diff(places, axis=0) / width
    slopes = np.empty_like(places)
    slopes[1:-1] = (width[1:] * secants[:-1] + width[:-1] * secants[1:]) / (width[1:] + width[:-1])
    slopes[0], slopes[-1] = secants[0], secants[-1]
    low, step = places[before], width[before]
    return cubic(
        share[:, None],
        low,
        places[before + 1] - low,
        slopes[before] * step,
        slopes[before + 1] * step,
    )


def _turns(turns: Array, before: NDArray[np.intp], share: Array) -> Array:
    """Quaternions `(n, 4)` on the shortest ways from those `before` to the next ones."""
    first, second = turns[before], turns[before + 1]
    cosine = (first * second).sum(axis=1)
    second = np.where(cosine < 0, -1.0, 1.0)[:, None] * second
    angle = np.arctan2(
        np.linalg.norm(second - first, axis=1), np.linalg.norm(second + first, axis=1)
    )
    angle = 2 * np.where(angle < _STRAIGHT, _STRAIGHT, angle)
    made = (
        np.sin((1 - share) * angle)[:, None] * first + np.sin(share * angle)[:, None] * second
    ) / np.sin(angle)[:, None]
    # A frame that is at a pose has it to the last digit.
    made = np.where((share == 0)[:, None], first, made)
    return np.asarray(np.where((share == 1)[:, None], second, made))
