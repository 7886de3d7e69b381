"""The camera of a shot that follows a path, goes round a point or looks at one, frame by frame.

Where a camera is guided, its place and turn at each frame are known, and the motions between two
frames follow from them. The motions that the author writes go on top: they are what a camera on a
rig does beside it, and do not bend the way of the rig.

Convention:
    As `pipeline.scene.paths.rigid`. Motions are those to each frame of a shot, from the frame
    before; that to the first one is asked by a shot that continues alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.scene.camera import Camera
from pipeline.scene.paths.poses import Array
from pipeline.scene.paths.rigid import GUIDES, MOTIONS, inverse, matrices_of, steps_between
from pipeline.scene.reading.moving import sampled


@dataclass(frozen=True, slots=True, eq=False)
class Guided:
    """What guides make of a camera, for each frame of a shot."""

    motions: Array
    """Motions to each frame `(n, 6)`, columns as in `MOTIONS`."""
    fovs: Array | None
    """Fields of view `(n,)` where a guide says them, in degrees."""
    taken: Array | None
    """Fields of view of the frame before each; None with `fovs`."""


def is_guided(camera: Camera) -> bool:
    """Whether anything but motions says where a camera is or looks."""
    return any(getattr(camera, name) is not None for name in GUIDES)


def guided(camera: Camera, frames: Array) -> Guided | None:
    """What guides make of `camera` on the `frames` of a shot, positions in the video.

    None for a camera that has none, and moves by what is written alone.
    """
    if not is_guided(camera) or not len(frames):
        return None
    positions = np.concatenate((frames[:1] - 1, frames))
    poses = _on_top(camera, frames, _base(camera, positions))
    if camera.look_at is not None:
        poses = camera.look_at.turned(poses, positions)
    fovs = _fovs(camera, positions)
    return Guided(
        motions=steps_between(poses),
        fovs=None if fovs is None else fovs[1:],
        taken=None if fovs is None else fovs[:-1],
    )


def _base(camera: Camera, positions: Array) -> Array:
    """Views of the guide alone, `(n + 1, 4, 4)`, from where the shot's first frame is."""
    if camera.path is not None:
        views = camera.path.views(positions - positions[1])
    elif camera.orbit is not None:
        views = camera.orbit.views(positions)
    elif camera.dolly_zoom is not None:
        views = camera.dolly_zoom.views(positions)
    else:
        return np.broadcast_to(np.eye(4), (len(positions), 4, 4))
    return views @ inverse(views[1:2])


def _on_top(camera: Camera, frames: Array, base: Array) -> Array:
    """The views with the written motions on top, added up from the shot's first frame."""
    written = np.column_stack([sampled(getattr(camera, name), frames) for name in MOTIONS])
    if not written.any():
        return base
    steps = matrices_of(written)
    rig = np.empty_like(base)
    rig[0], rig[1] = inverse(steps[:1])[0], np.eye(4)
    for number in range(1, len(steps)):
        rig[number + 1] = steps[number] @ rig[number]
    return rig @ base


def _fovs(camera: Camera, positions: Array) -> Array | None:
    if camera.path is not None:
        return camera.path.fovs(positions - positions[1])
    if camera.dolly_zoom is not None:
        return camera.dolly_zoom.fovs(positions, camera.fov)
    return None
