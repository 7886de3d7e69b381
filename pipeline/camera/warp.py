"""Moves a picture as the camera moves: a matrix for flat pictures, depth and a matrix for scenes.

Convention:
    Matrices are those of `pipeline.scene.motion`, old to new. Every warp is a backward one: it
    finds, for each pixel of the new picture, the position in the old one that it shows, in pixel
    indices (x right, y down, centres at whole numbers). Positions are computed as the pixel's own
    index plus a displacement that is exactly 0 for a camera at rest, so resting costs no sharpness.

Pictures are `(N, 3, H, W)` in [-1, 1], and so are the results: what a bicubic kernel overshoots is
clamped. Device and dtype are those of the picture, but positions never have less than float32.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import radians, tan
from types import MappingProxyType

import numpy as np
import torch
from torch import Tensor

from pipeline.camera.resample import resample
from pipeline.scene.motion import Matrix

Projection = Callable[[Tensor, Matrix, float], tuple[Tensor, Tensor]]
"""Maps depth `(N, 1, H, W)`, a 4x4 matrix and degrees to source positions x, y, `(N, H, W)`."""

NEAR = 1e-3
"""Depth of the nearest plane that a camera sees; points nearer or behind are treated as on it."""

# With the first guess five positions in all. The number is odd so that the pixels which a moving
# subject uncovers, where positions alternate for ever, end on the background: see
# `pinhole_sources`.
_REFINEMENTS = 4


def warp_2d(
    image: Tensor, matrix: Matrix, *, padding: str = "wrap", sampling: str = "bilinear"
) -> Tensor:
    """The picture moved by a 3x3 matrix on pixel indices, which may be a homography.

    `padding` (wrap, border, reflection, zeros) says what enters at the edges; zeros are black.
    `sampling` is nearest, bilinear or bicubic.
    """
    x, y = flat_sources(image, matrix)
    return resample(image, x, y, padding=padding, sampling=sampling).clamp(-1.0, 1.0)


def warp_3d(
    image: Tensor,
    depth: Tensor,
    matrix: Matrix,
    fov: float,
    *,
    projection: str = "pinhole",
    padding: str = "border",
    sampling: str = "bicubic",
) -> Tensor:
    """The scene of a picture and its depth `(N, 1, H, W)`, z > 0, seen after a 4x4 motion.

    `fov` is the angle from the upper to the lower edge of the picture, in degrees, within
    (0, 180). `projection` is a key of `PROJECTIONS`; `padding` and `sampling` as in `warp_2d`.
    """
    n, _, h, w = image.shape
    if depth.shape != (n, 1, h, w):
        raise ValueError(f"expected depth {(n, 1, h, w)}, found {tuple(depth.shape)}")
    depth = depth.to(torch.promote_types(image.dtype, torch.float32))
    x, y = PROJECTIONS[projection](depth, matrix, fov)
    return resample(image, x, y, padding=padding, sampling=sampling).clamp(-1.0, 1.0)


def flat_sources(image: Tensor, matrix: Matrix) -> tuple[Tensor, Tensor]:
    """Source positions x, y, `(1, H, W)`, of a flat picture under a 3x3 matrix on pixel indices."""
    column, row = _pixel_indices(image)
    back = np.linalg.inv(matrix)
    x, y, w = (float(a) * column + float(b) * row + float(c) for a, b, c in back)
    return (x / w)[None], (y / w)[None]


def pinhole_sources(depth: Tensor, matrix: Matrix, fov: float) -> tuple[Tensor, Tensor]:
    """Source positions for a camera that sees along rays from its pinhole; pixels are square.

    A pixel's ray is r = ((column - cx) / f, (row - cy) / f, 1), with f = H / (2 tan(fov / 2)),
    and a point at depth z is z r. Where a pixel comes from depends on the depth there, so the two
    are found in turn: the new ray is cut with the old picture's plane z = const, and z is read
    again where it cuts. For a plane that faces the camera, for every rotation and for every zoom
    the first cut is exact.

    The first plane is the nearest: where a subject now covers background both are solutions,
    and the subject must win. Where a subject uncovers background the old picture has no answer;
    positions then alternate between subject and background.
    """
    _, _, h, w = depth.shape
    focal = h / (2.0 * tan(radians(fov) / 2.0))
    column, row = _pixel_indices(depth)
    ray_x, ray_y = (column - (w - 1) / 2.0) / focal, (row - (h - 1) / 2.0) / focal
    back = np.linalg.inv(matrix)
    turn = (back[:3, :3] - np.eye(3)).tolist()
    step_x, step_y, step_z = back[:3, 3].tolist()
    turn_x, turn_y, turn_z = (a * ray_x + b * ray_y + c for a, b, c in turn)
    # Rays that the turn points backward graze the old camera's plane instead: they end far outside.
    turn_z = turn_z.clamp(min=NEAR - 1.0)

    def source(z: Tensor) -> tuple[Tensor, Tensor]:
        reach = ((z - step_z) / (1.0 + turn_z)).clamp(min=NEAR)
        # How the point at this reach along the new ray moves when the motion is undone.
        x, y, z = (reach * t + s for t, s in ((turn_x, step_x), (turn_y, step_y), (turn_z, step_z)))
        scale = focal / (reach + z).clamp(min=NEAR)
        return column + scale * (x - ray_x * z), row + scale * (y - ray_y * z)

    z = depth.amin(dim=(2, 3))[..., None]
    for _ in range(_REFINEMENTS):
        x, y = source(z)
        z = resample(depth, x, y, padding="border", sampling="bilinear")[:, 0]
    return source(z)


def box_sources(depth: Tensor, matrix: Matrix, fov: float) -> tuple[Tensor, Tensor]:
    """Source positions exactly as Disco Diffusion 5.7 finds them, for its scenes and its look.

    Points fill a box: x and y run over [-1, 1] between the outermost pixel centres at every
    depth and on both sides whatever their ratio, while fov spans both. With u = x / (z tan(fov/2))
    a pixel shows what lies opposite to u_new - u_old at its own depth. So nothing is occluded, a
    roll or zoom is 1 / (z tan(fov/2)) times as strong as asked, and long sides move farther.
    """
    column, row = _pixel_indices(depth)
    offset_x, offset_y, _ = box_offsets(depth, matrix, fov)
    return column - offset_x, row - offset_y


def box_offsets(depth: Tensor, matrix: Matrix, fov: float) -> tuple[Tensor, Tensor, Tensor]:
    """How far each pixel of Disco's box moves, in pixels, and its new depth, `(N, H, W)` each."""
    _, _, h, w = depth.shape
    scale = 1.0 / tan(radians(fov) / 2.0)
    z = depth[:, 0]
    x = torch.linspace(-1.0, 1.0, w, dtype=z.dtype, device=z.device).expand_as(z)
    y = torch.linspace(-1.0, 1.0, h, dtype=z.dtype, device=z.device)[:, None].expand_as(z)
    new_x, new_y, new_z = (a * x + b * y + c * z + d for a, b, c, d in matrix[:3].tolist())
    old_z, new_z = z.clamp(min=NEAR), new_z.clamp(min=NEAR)
    offset_x = scale * (new_x / new_z - x / old_z)
    offset_y = scale * (new_y / new_z - y / old_z)
    return offset_x * (w / 2.0), offset_y * (h / 2.0), new_z


def _pixel_indices(image: Tensor) -> tuple[Tensor, Tensor]:
    """The column `(1, W)` and row `(H, 1)` of every pixel, in at least float32."""
    dtype = torch.promote_types(image.dtype, torch.float32)
    h, w = image.shape[-2:]
    column = torch.arange(w, dtype=dtype, device=image.device)
    row = torch.arange(h, dtype=dtype, device=image.device)
    return column[None, :], row[:, None]


PROJECTIONS: Mapping[str, Projection] = MappingProxyType(
    {"pinhole": pinhole_sources, "disco": box_sources}
)
