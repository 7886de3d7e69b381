"""Pictures, depths and motions that the tests of the warps share."""

from __future__ import annotations

from math import radians, tan

import numpy as np
import torch
from torch import Tensor

from pipeline.scene.motion import Matrix, matrix_3d
from pipeline.spec.camera import CameraMotion

SIZES = [(24, 36), (25, 37), (37, 24), (24, 24)]
REST = matrix_3d(CameraMotion())


def noise(height: int, width: int, seed: int = 0) -> Tensor:
    return torch.rand(1, 3, height, width, generator=torch.Generator().manual_seed(seed)) * 2 - 1


def waves(height: int, width: int) -> Tensor:
    """Smooth, without symmetry, and seamless when tiled."""
    column = torch.arange(width)[None] * (2 * torch.pi / width)
    row = torch.arange(height)[:, None] * (2 * torch.pi / height)
    channels = [
        (column + 1).sin() * (2 * row).cos(),
        (row - column).sin(),
        (2 * column).cos() + row.sin(),
    ]
    return torch.stack([0.45 * channel for channel in channels])[None]


def hills(height: int, width: int) -> Tensor:
    """Depth between 1.2 and 1.8 that differs everywhere, gently."""
    return 1.5 + 0.5 * waves(height, width)[:, :1]


def plane(height: int, width: int, depth: float = 1.5) -> Tensor:
    return torch.full((1, 1, height, width), depth)


def sideways(pixels: float, height: int, depth: float, fov: float = 40.0) -> Matrix:
    """The pinhole camera's motion that moves content at `depth` by whole pixels to the right."""
    focal = height / (2 * tan(radians(fov) / 2))
    return matrix_3d(motion_of((-200 * pixels * depth / focal, 0, 0)))


def inverse(matrix: Matrix) -> Matrix:
    return np.linalg.inv(matrix).astype(np.float64)


def inner(picture: Tensor, margin: int) -> Tensor:
    return picture[..., margin:-margin, margin:-margin]


def motion_of(
    translation: tuple[float, float, float] = (0.0, 0.0, 0.0),
    rotation: tuple[float, float, float] = (0.0, 0.0, 0.0),
    zoom: float = 1.0,
) -> CameraMotion:
    """A motion by its vectors: along and about the x, y and z axes."""
    return CameraMotion(*translation, *rotation, zoom)
