"""Where the camera stands in what its shot has shown, before it moves, and what it sees after.

With `camera.memory: shot` the picture before a frame first joins the cloud of its shot, by which
its depth is fitted to that of all before it. Then the camera moves, and what the cloud shows is
laid over what is seen of that one picture.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from pipeline.camera.cloud import Cloud, View, extend, faded, moved, pace
from pipeline.camera.cloud_look import look
from pipeline.camera.pixel_space import deep_step, flat_step
from pipeline.camera.sight import Sight
from pipeline.protocols import DepthEstimator
from pipeline.render.camera_step import Motions, depth_of
from pipeline.render.points import Points
from pipeline.scene.motion import Matrix, compose, matrix_2d, way_3d
from pipeline.spec.camera import CameraSpec
from pipeline.spec.frame import FrameSpec, SavedFrame


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """A picture within the space of its shot, and the camera's way on from there."""

    views: tuple[View, ...]
    """What the shot has shown, as the camera stands before it."""
    nearness: float
    depth: Tensor
    """Depth of the picture, `(1, 1, H, W)`, in the space of the shot."""
    step: Matrix
    motions: Motions
    """The camera's motions, slower before a wall."""
    camera: CameraSpec
    """How the picture is seen, with the depth above in the place of its own."""
    pace: float = 1.0
    """Share of the camera's motions that is gone before a wall, in (0, 1]."""

    def estimator(self, picture: Tensor) -> Tensor:
        """The depth of the picture, as an estimator of depth."""
        return self.depth


def remembers(spec: FrameSpec) -> bool:
    """Whether a frame is made of all that its shot has shown.

    A picture that is mixed with others is none that the camera saw.
    """
    return spec.camera.memory == "shot" and bool(spec.motions) and len(spec.inputs) == 1


def grounded(
    spec: FrameSpec, picture: Tensor, estimator: DepthEstimator | None, points: Points | None
) -> Ground:
    """The picture `(1, 3, H, W)` that moves, joined to the `points` that it was painted on.

    `points` of another shot do not count: a shot begins its own.
    """
    first = spec.inputs[0]
    own = isinstance(first, SavedFrame) and spec.saved(first).shot == spec.shot
    cloud = points.cloud if own and points is not None and points.cloud.views else None
    own_depth = _depth(spec.camera, picture, estimator)
    views, depth, nearness = extend(_on(cloud, picture.device), picture, own_depth, spec.frame)
    slows = spec.camera.mode == "3d" and not spec.camera.led
    share = pace(depth, nearness) if slows else 1.0
    motions = slowed(spec.motions, share)
    return Ground(
        views=faded(views, spec.renewal),
        nearness=nearness,
        depth=depth,
        step=_step(motions, spec.camera, picture),
        motions=motions,
        camera=replace(spec.camera, depth=None),
        pace=share,
    )


def recalled(ground: Ground, sight: Sight, frame: int) -> tuple[Sight, Points]:
    """What the camera sees after its way: the shot's points over the `sight` of one picture.

    Returns also what `frame` has to remember.
    """
    views = moved(ground.views, ground.step)
    seen = look(views, ground.depth, ground.step)
    shown = seen.shown
    told = tuple(
        replace(view, unseen=0 if used else view.unseen + 1)
        for view, used in zip(views, seen.used, strict=True)
    )
    cloud = Cloud(told, ground.nearness, shown, torch.where(shown > 0, seen.depth, 1.0))
    over = replace(
        sight,
        picture=shown * seen.picture + (1 - shown) * sight.picture,
        known=torch.maximum(shown, sight.known),
    )
    return over, Points(cloud, frame)


def slowed(motions: Motions, factor: float) -> Motions:
    """The motions, of whose translations the camera goes so much."""
    if factor == 1:
        return motions
    return tuple(
        replace(
            motion,
            translate_x=motion.translate_x * factor,
            translate_y=motion.translate_y * factor,
            translate_z=motion.translate_z * factor,
        )
        for motion in motions
    )


def _depth(camera: CameraSpec, picture: Tensor, estimator: DepthEstimator | None) -> Tensor:
    """Depth of the picture by itself, `(1, 1, H, W)`; 1 throughout where it is flat."""
    if camera.mode == "2d":
        return torch.ones_like(picture[:, :1])
    return depth_of(picture, camera, estimator)


def _step(motions: Motions, camera: CameraSpec, picture: Tensor) -> Matrix:
    *_, height, width = picture.shape
    if camera.mode == "2d":
        flat = compose(*(matrix_2d(motion, width, height) for motion in motions))
        return flat_step(flat, width, height)
    return deep_step(way_3d(motions, camera), camera.fov, height)


def _on(cloud: Cloud | None, device: torch.device) -> Cloud | None:
    """The cloud on the device of the pictures."""
    if cloud is None:
        return None
    views = tuple(
        replace(
            view,
            picture=view.picture.to(device),
            depth=view.depth.to(device),
            points=view.points.to(device),
        )
        for view in cloud.views
    )
    return replace(cloud, views=views, shown=cloud.shown.to(device), depth=cloud.depth.to(device))
