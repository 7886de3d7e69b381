"""The first half of a frame: its input, seen from where the camera is now."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from torch import Tensor

from pipeline.camera.motion import compose, matrix_2d, matrix_3d
from pipeline.camera.warp import warp_2d, warp_3d
from pipeline.networks.depth.picture import picture_depth
from pipeline.protocols import DepthEstimator
from pipeline.spec.camera import CameraMode, CameraMotion, CameraSpec

Motions = Sequence[CameraMotion]


def move(
    picture: Tensor, motions: Motions, camera: CameraSpec, depth: DepthEstimator | None
) -> Tensor:
    """The picture `(1, 3, H, W)` after the camera's motions, in one warp; as it is without any.

    `depth` is asked in 3D only, and not where the author gives the depth of the picture.
    """
    return _MOVES[camera.mode](picture, motions, camera, depth) if motions else picture


def _move_2d(
    picture: Tensor, motions: Motions, camera: CameraSpec, depth: DepthEstimator | None
) -> Tensor:
    *_, height, width = picture.shape
    matrix = compose(*(matrix_2d(motion, width, height) for motion in motions))
    return warp_2d(picture, matrix, padding=camera.padding, sampling=camera.sampling)


def _move_3d(
    picture: Tensor, motions: Motions, camera: CameraSpec, depth: DepthEstimator | None
) -> Tensor:
    given = camera.depth
    estimator = depth if given is None else picture_depth(given, projection=camera.projection)
    if estimator is None:
        raise ValueError("a 3D camera needs a depth estimator")
    return warp_3d(
        picture,
        estimator(picture),
        compose(*map(matrix_3d, motions)),
        camera.fov,
        projection=camera.projection,
        padding=camera.padding,
        sampling=camera.sampling,
    )


_MOVES: Mapping[
    CameraMode, Callable[[Tensor, Motions, CameraSpec, DepthEstimator | None], Tensor]
] = {"2d": _move_2d, "3d": _move_3d}
