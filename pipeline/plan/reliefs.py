"""How deep the frames of each shot are, by what the scene says of its camera and its networks."""

from __future__ import annotations

import numpy as np

from pipeline.plan.columns import sections
from pipeline.plan.ways import depth_of_frame, fovs
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

    depths = [depth_of_frame(camera, frame) for frame in range(shot.painted)]
    lenses = sections(lens, depths, fovs(camera, frames))
    is_one = all(one == lenses[0] for one in lenses)
    return Relief(
        shot=shot.name,
        lenses=(lenses[0],) if is_one else tuple(lenses),
        depth=models.depth,
        precision=models.precision,
    )
