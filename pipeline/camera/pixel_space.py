"""The camera's steps on points that are measured in pixels, and where such points are seen.

Convention:
    A point of depth z that is seen at pixel (column, row) is (u z, v z, z), with u and v the
    pixel's way from the centre of the picture, ((W - 1) / 2, (H - 1) / 2). The focal length is a
    part of the step's matrix: flat pictures and scenes of any field of view share one space, and
    what one step after the other does to a point is the product of their 4x4 matrices, which map
    old to new. Depth is 1 throughout in a flat picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import radians, tan

import numpy as np
import torch
from torch import Tensor

from pipeline.camera.warp import NEAR
from pipeline.scene.motion import Matrix


def deep_step(matrix: Matrix, fov: float, height: int) -> Matrix:
    """The step of a pinhole camera: `matrix` of `matrix_3d`, `fov` vertical in degrees."""
    focal = height / (2.0 * tan(radians(fov) / 2.0))
    lens = np.diag([focal, focal, 1.0, 1.0])
    return np.asarray(lens @ matrix @ np.linalg.inv(lens))


def flat_step(matrix: Matrix, width: int, height: int) -> Matrix:
    """The step of a flat picture: `matrix` of `matrix_2d`, or any homography of pixel indices."""
    centre = np.array([[1.0, 0.0, (width - 1) / 2], [0.0, 1.0, (height - 1) / 2], [0.0, 0.0, 1.0]])
    step = np.eye(4)
    step[:3, :3] = np.linalg.inv(centre) @ matrix @ centre
    return step


def seen_from(reach: Tensor, matrices: Sequence[Matrix]) -> tuple[Tensor, Tensor, Tensor]:
    """Where other cameras see the points at depth `reach`, `(K or 1, H, W)`, of each pixel here.

    `matrices` lead from here to each of the K cameras. Column, row and depth there, `(K, H, W)`.
    Positions are a pixel's own plus a displacement that is exactly 0 for a camera at rest; those
    of points behind a camera, whose depth is less than `NEAR`, mean nothing.
    """
    column, row, u, v = _rays(reach)
    move_x, move_y, move_z = (reach * t + s for t, s in _moves(matrices, u, v))
    depth = reach + move_z
    safe = depth.clamp(min=NEAR)
    return column + (move_x - u * move_z) / safe, row + (move_y - v * move_z) / safe, depth


def reach_at(depth: Tensor, matrices: Sequence[Matrix]) -> Tensor:
    """How far along each ray from here its point has `depth`, `(K, H, W)`, before each camera."""
    _, _, u, v = _rays(depth)
    *_, (turn, shift) = _moves(matrices, u, v)
    # Rays that run away from the other camera never reach a depth before it.
    return ((depth - shift) / (1.0 + turn).clamp(min=NEAR)).clamp(min=NEAR)


def enlargement(matrices: Sequence[Matrix]) -> list[float]:
    """How much larger than each of the other cameras the lens here shows a point of equal depth."""
    return [float(abs(np.linalg.det(matrix[:3, :3])) ** -0.5) for matrix in matrices]


def _rays(like: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Column `(1, W)` and row `(H, 1)` of every pixel, and the same from the picture's centre."""
    h, w = like.shape[-2:]
    column = torch.arange(w, dtype=like.dtype, device=like.device)[None, :]
    row = torch.arange(h, dtype=like.dtype, device=like.device)[:, None]
    return column, row, column - (w - 1) / 2, row - (h - 1) / 2


def _moves(matrices: Sequence[Matrix], u: Tensor, v: Tensor) -> list[tuple[Tensor, Tensor]]:
    """For x, y and z: how each camera moves a point of depth 1 on each ray, and any point."""
    # The identity is taken off in float64, so that a small motion keeps its digits.
    moves = torch.as_tensor(np.stack(matrices)[:, :3] - np.eye(4)[:3])
    a, b, c, d = moves.to(u.device, u.dtype)[..., None, None].unbind(2)
    turns = a * u + b * v + c
    return list(zip(turns.unbind(1), d.unbind(1), strict=True))
