"""The first half of a frame: its input, seen from where the camera is now."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import torch
from torch import Tensor

from pipeline.camera.maps import BoxMap, CameraMap, FlatMap, PinholeMap
from pipeline.camera.resample import resample
from pipeline.camera.sight import Sight, deep_sight, flat_sight, unmoved
from pipeline.diffusion.soundness import check_numbers
from pipeline.networks.depth.picture import picture_depth
from pipeline.protocols import DepthEstimator
from pipeline.scene.motion import Matrix, compose, matrix_2d, undone, way_3d
from pipeline.spec.camera import CameraMode, CameraMotion, CameraSpec, Projection

Motions = Sequence[CameraMotion]


def move(
    picture: Tensor, motions: Motions, camera: CameraSpec, depth: DepthEstimator | None
) -> Tensor:
    """The picture `(1, 3, H, W)` after the camera's motions, in one warp; as it is without any.

    `depth` is asked in 3D only, and not where the author gives the depth of the picture.
    """
    return _warped(picture, camera_map(picture, motions, camera, depth), camera)


def sight_of(picture: Tensor, way: CameraMap | None, camera: CameraSpec, *, splat: bool) -> Sight:
    """What is seen of the picture `(1, 3, H, W)` after it has gone the `way`.

    With `splat` it is found out what was not in sight before: what is hidden stays hidden, and
    holes open. Without it the picture is warped as by `move`, and all that this shows counts as
    known.
    """
    if way is None or not splat:
        return unmoved(_warped(picture, way, camera))
    if isinstance(way, PinholeMap | BoxMap):
        return deep_sight(picture, way, padding=camera.padding, sampling=camera.sampling)
    return flat_sight(picture, way, padding=camera.padding, sampling=camera.sampling)


def camera_map(
    picture: Tensor,
    motions: Motions,
    camera: CameraSpec,
    depth: DepthEstimator | None,
    *,
    back: bool = False,
) -> CameraMap | None:
    """The way of the picture's places under the camera's motions; None without any.

    With `back` the picture is one at their end, and its places go to where the motions begin.
    `depth` is asked in 3D only, and not where the author gives the depth of the picture.
    """
    if not motions:
        return None
    matrix = matrix_of(picture, motions, camera)
    return map_of(picture, undone(matrix) if back else matrix, camera, depth)


def matrix_of(picture: Tensor, motions: Motions, camera: CameraSpec) -> Matrix:
    """The matrix of the camera's motions, one or more, for a picture `(1, 3, H, W)`."""
    return _MATRICES[camera.mode](motions, camera, picture)


def map_of(
    picture: Tensor, matrix: Matrix, camera: CameraSpec, depth: DepthEstimator | None
) -> CameraMap:
    """The way of the picture's places under the camera's `matrix`; `depth` is asked in 3D only."""
    return _MAPS[camera.mode](picture, matrix, camera, depth)


def depth_of(picture: Tensor, camera: CameraSpec, estimator: DepthEstimator | None) -> Tensor:
    """Depth z of a picture `(1, 3, H, W)` before a 3D camera: `(1, 1, H, W)`, at least float32.

    It is the author's where the camera has one, else the estimator's.

    Raises:
        ValueError: there is neither.
        FloatingPointError: a depth is infinite, or not a number.
    """
    given = camera.depth
    asked = estimator if given is None else picture_depth(given, projection=camera.projection)
    if asked is None:
        raise ValueError("a 3D camera needs a depth estimator")
    depth = asked(picture).to(torch.promote_types(picture.dtype, torch.float32))
    check_numbers(depth, "the depth that the camera moves through")
    return depth


def _warped(picture: Tensor, way: CameraMap | None, camera: CameraSpec) -> Tensor:
    if way is None:
        return picture
    moved = resample(picture, *way.backward(), padding=camera.padding, sampling=camera.sampling)
    return moved.clamp(-1.0, 1.0)


def _flat_matrix(motions: Motions, camera: CameraSpec, picture: Tensor) -> Matrix:
    *_, height, width = picture.shape
    return compose(*(matrix_2d(motion, width, height) for motion in motions))


def _deep_matrix(motions: Motions, camera: CameraSpec, picture: Tensor) -> Matrix:
    return way_3d(motions, camera)


_MATRICES: Mapping[CameraMode, Callable[[Motions, CameraSpec, Tensor], Matrix]] = {
    "2d": _flat_matrix,
    "3d": _deep_matrix,
}
"""The matrix of a camera's motions for a picture, by its mode: see `pipeline.scene.motion`."""


def _flat_map(
    picture: Tensor, matrix: Matrix, camera: CameraSpec, depth: DepthEstimator | None
) -> CameraMap:
    *_, height, width = picture.shape
    return FlatMap(matrix, width, height, picture.device)


def _deep_map(
    picture: Tensor, matrix: Matrix, camera: CameraSpec, depth: DepthEstimator | None
) -> CameraMap:
    return _PROJECTED[camera.projection](depth_of(picture, camera, depth), matrix, camera.fov)


_PROJECTED: Mapping[Projection, Callable[..., CameraMap]] = {"pinhole": PinholeMap, "disco": BoxMap}

_MAPS: Mapping[
    CameraMode, Callable[[Tensor, Matrix, CameraSpec, DepthEstimator | None], CameraMap]
] = {"2d": _flat_map, "3d": _deep_map}
