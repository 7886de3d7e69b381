"""Cameras that rest, or move in the plane of the picture."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.scene.camera import Camera
from pipeline.scene.guided import guided, is_guided
from pipeline.scene.reading.moving import Number, sampled
from pipeline.scene.schema import Scene

Frames = NDArray[np.float64]


def at_rest(scene: Scene, frames: Frames) -> bool:
    """Whether nothing moves on any of `frames`, positions in the video."""
    camera = scene.camera
    if scene.video.n_batches is not None or not _is(camera.zoom, 1.0, frames):
        return False
    if (led := guided(camera, frames)) is not None:
        return led.fovs is None and not led.motions[1:].any()
    return all(_is(one, 0.0, frames) for one in (camera.roll, *_through_space(camera)))


def in_plane(scene: Scene, frames: Frames) -> bool:
    """Whether a pinhole camera only rolls and zooms on all `frames`."""
    camera = scene.camera
    is_pinhole = camera.mode == "3d" and camera.projection == "pinhole"
    if is_pinhole and is_guided(camera):
        return False
    return is_pinhole and all(_is(one, 0.0, frames) for one in _through_space(camera))


def _through_space(camera: Camera) -> tuple[Number, ...]:
    turns = camera.rotate_x, camera.rotate_y
    return camera.translate_x, camera.translate_y, camera.translate_z, *turns


def _is(number: Number, value: float, frames: Frames) -> bool:
    """Whether a number is `value` on all frames."""
    return bool((sampled(number, frames) == value).all())
