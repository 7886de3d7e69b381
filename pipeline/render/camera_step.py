"""The first half of a frame: the previous one, seen from where the camera is now."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from torch import Tensor

from pipeline.camera.motion import CameraMotion, matrix_2d, matrix_3d
from pipeline.camera.warp import warp_2d, warp_3d
from pipeline.networks.depth.picture import picture_depth
from pipeline.protocols import DepthEstimator
from pipeline.spec.frame import CameraSpec


def move(picture: Tensor, camera: CameraSpec, depth: DepthEstimator | None) -> Tensor:
    """The init image `(1, 3, H, W)` that the camera's motion makes of the previous frame.

    `depth` is asked in 3D only, and not where the author gives the depth of the previous frame.
    """
    return _MOVES[camera.mode](picture, camera, depth)


def _motion(camera: CameraSpec) -> CameraMotion:
    return CameraMotion(camera.translation, camera.rotation, camera.zoom)


def _move_2d(picture: Tensor, camera: CameraSpec, depth: DepthEstimator | None) -> Tensor:
    *_, height, width = picture.shape
    matrix = matrix_2d(_motion(camera), width, height)
    return warp_2d(picture, matrix, padding=camera.padding, sampling=camera.sampling)


def _move_3d(picture: Tensor, camera: CameraSpec, depth: DepthEstimator | None) -> Tensor:
    seen = (
        depth if camera.depth is None else picture_depth(camera.depth, projection=camera.projection)
    )
    if seen is None:
        raise ValueError("a 3D camera needs a depth estimator")
    return warp_3d(
        picture,
        seen(picture),
        matrix_3d(_motion(camera)),
        camera.fov,
        projection=camera.projection,
        padding=camera.padding,
        sampling=camera.sampling,
    )


def _stay(picture: Tensor, camera: CameraSpec, depth: DepthEstimator | None) -> Tensor:
    return picture


_MOVES: Mapping[str, Callable[[Tensor, CameraSpec, DepthEstimator | None], Tensor]] = {
    "2d": _move_2d,
    "3d": _move_3d,
    "still": _stay,
}
