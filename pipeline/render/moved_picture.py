"""A picture of a size of its own, moved as the render moves frames, for an animatic.

Convention:
    Pictures are `(H, W, 3)` uint8 arrays at draft size; matrices those of `pipeline.camera.poses`,
    in pixels of a draft. Beyond the edges of the picture lies a hatch: nothing is smeared there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import interpolate

from pipeline.camera.maps import BoxMap, CameraMap, FlatMap, PinholeMap
from pipeline.catalogue.facts import STARTER_FOLDERS
from pipeline.catalogue.publication import Role
from pipeline.diffusion.image import to_tensor
from pipeline.files.png import Pixels
from pipeline.networks.depth.folder import load_depth
from pipeline.protocols import DepthEstimator
from pipeline.render.camera_step import depth_of
from pipeline.scene.motion import Matrix
from pipeline.spec.camera import CameraSpec, Projection

_COARSER = 3
"""Of how many pixels one is asked where it comes from in 3d; the others lie between."""

Field = NDArray[np.float32]

DepthFn = Callable[[CameraSpec], Tensor]
"""Depth z of a picture for a camera, `(1, 1, H, W)` at any size."""


@dataclass(frozen=True, slots=True, eq=False)
class MovedPicture:
    """A picture, and how far away everything in it is."""

    pixels: Pixels
    depth: DepthFn
    _depths: dict[tuple[object, ...], Tensor] = field(default_factory=dict)

    def seen(self, camera: CameraSpec, matrix: Matrix) -> Pixels:
        """The picture after a motion, in one warp from how it was."""
        if camera.mode == "2d":
            return self._flat(matrix)
        return self._deep(camera, matrix)

    def _flat(self, matrix: Matrix) -> Pixels:
        height, width, _ = self.pixels.shape
        x, y = _arrays(FlatMap(matrix, width, height))
        inside = _inside(x, width) * _inside(y, height)
        return _read(self.pixels, x, y, inside)

    def _deep(self, camera: CameraSpec, matrix: Matrix) -> Pixels:
        height, width, _ = self.pixels.shape
        coarse = (-(-height // _COARSER), -(-width // _COARSER))
        depth = self._depth(camera, coarse)
        way = _MAPS[camera.projection](depth, matrix, camera.fov)
        x, y = (_enlarged(one, (width, height)) for one in _arrays(way))
        across, down = width / coarse[1], height / coarse[0]
        x, y = (x + 0.5) * across - 0.5, (y + 0.5) * down - 0.5
        return _read(self.pixels, x, y, _inside(x, width) * _inside(y, height))

    def _depth(self, camera: CameraSpec, size: tuple[int, int]) -> Tensor:
        """The depth at a size, found once as long as it is the same."""
        asked = (camera.projection, camera.depth)
        if asked not in self._depths:
            self._depths.clear()
            with torch.inference_mode():
                depth = self.depth(camera).float()
                self._depths[asked] = interpolate(depth, size=size, mode="bilinear")
        return self._depths[asked]


def depth_of_picture(pixels: Pixels) -> DepthFn:
    """The depth of a picture: the author's where a camera has it, else what the starter takes it
    for, which is asked once for all that show the picture.
    """
    picture = to_tensor(pixels)

    @cache
    def estimated(projection: Projection) -> Tensor:
        return depth_of(picture, CameraSpec("3d", projection=projection), _starter(projection))

    def depth(camera: CameraSpec) -> Tensor:
        return depth_of(picture, camera, None) if camera.depth else estimated(camera.projection)

    return depth


def known_depth(depth: Field) -> DepthFn:
    """The depth of a picture `(H, W)` that is known, whatever the camera is."""
    known = torch.from_numpy(depth)[None, None]
    return lambda camera: known


@cache
def _starter(projection: str) -> DepthEstimator:
    """The depth network that ships, for a camera of this projection."""
    loaded = load_depth(STARTER_FOLDERS[Role.DEPTH], torch.device("cpu"), torch.float32)
    return loaded if projection == "pinhole" else loaded.disco


_MAPS: dict[str, Callable[[Tensor, Matrix, float], CameraMap]] = {
    "pinhole": PinholeMap,
    "disco": BoxMap,
}


def _arrays(way: CameraMap) -> tuple[Field, Field]:
    """Where each pixel comes from, `(H, W)` each."""
    with torch.inference_mode():
        x, y = way.backward()
    return x[0].numpy().astype(np.float32), y[0].numpy().astype(np.float32)


def _enlarged(field: Field, size: tuple[int, int]) -> Field:
    return np.asarray(cv2.resize(field, size, interpolation=cv2.INTER_LINEAR), dtype=np.float32)


def _inside(position: Field, size: int) -> Field:
    """The share of each pixel around a source position that lies in the picture."""
    return np.clip(np.minimum(position, size - 1 - position) + 1.0, 0, 1)


def _read(pixels: Pixels, x: Field, y: Field, known: Field) -> Pixels:
    """The picture at source positions, and a hatch where it is not known."""
    seen = cv2.remap(pixels, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    if known.min() >= 1:
        return np.asarray(seen, dtype=np.uint8)
    share = known[..., None]
    mixed = share * seen + (1 - share) * _hatch(*pixels.shape[:2])
    return np.rint(mixed).astype(np.uint8)


@cache
def _hatch(height: int, width: int) -> Pixels:
    """Slanting strokes on a dark ground."""
    column, row = np.arange(width)[None, :], np.arange(height)[:, None]
    stroke = (column + row) % 12 < 2
    return np.where(stroke[..., None], np.uint8(62), np.uint8(24)) * np.ones(3, dtype=np.uint8)
