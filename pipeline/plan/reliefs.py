"""How deep the frames of each shot are, by what the scene says of its camera and its networks."""

from __future__ import annotations

import numpy as np

from pipeline.plan.columns import sections
from pipeline.plan.ways import camera_steps
from pipeline.scene.camera import Camera
from pipeline.scene.schema import Scene
from pipeline.scene.shots import Shot
from pipeline.spec.camera import CameraSpec, DepthPictureSpec
from pipeline.spec.relief import Relief


def reliefs(scene: Scene) -> tuple[Relief, ...]:
    """The relief of every shot; of pictures that a 2d camera moves, that which a network sees."""
    return tuple(map(_relief, scene.all_shots))


def _relief(shot: Shot) -> Relief:
    camera, models = shot.settings.camera, shot.settings.models
    frames = np.arange(shot.first, shot.first + shot.painted, dtype=np.float64)

    def lens(depth: DepthPictureSpec | None, fov: float) -> CameraSpec:
        return CameraSpec(mode="3d", fov=fov, projection=camera.projection, depth=depth)

    fovs = [step.camera.fov for step in camera_steps(camera, frames)]
    lenses = sections(lens, _own_depths(camera, shot.painted), fovs)
    is_one = all(one == lenses[0] for one in lenses)
    return Relief(
        shot=shot.name,
        lenses=(lenses[0],) if is_one else tuple(lenses),
        depth=models.depth,
        precision=models.precision,
    )


def _own_depths(camera: Camera, count: int) -> list[DepthPictureSpec | None]:
    """The author's picture of the depth of each frame; the last one holds on."""
    given = camera.depth
    if given is None or not given.files:
        return [None] * count
    files = (*given.files, given.files[-1])
    return [DepthPictureSpec(str(file), given.white) for file in files[:count]]
