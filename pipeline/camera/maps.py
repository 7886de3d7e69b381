"""Where the places of a picture go as the camera moves, and where they come from.

Convention:
    Positions are pixel indices (x right, y down, pixel centres at whole numbers); z is depth before
    the camera. "Old" is the picture before the motion, "new" the one after it.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import radians, tan
from typing import Protocol

import torch
from torch import Tensor

from pipeline.camera.warp import box_offsets, box_sources, flat_sources, pinhole_sources
from pipeline.scene.motion import Matrix

Positions = tuple[Tensor, Tensor]

_CPU = torch.device("cpu")


class CameraMap(Protocol):
    """The way of every place of one picture under one motion of the camera."""

    @property
    def device(self) -> torch.device:
        """Where positions are computed: those that `forward` is given lie there too."""
        ...

    def backward(self) -> Positions:
        """Positions in the old picture of what each new pixel shows, `(1, H, W)` each."""
        ...

    def forward(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """The new positions of what lies at old positions `(N,)`, and its depth there, `(N,)` each.

        Depth is 1 for a flat picture; where it is 0 or less the place is behind the camera.
        """
        ...


@dataclass(frozen=True, slots=True, eq=False)
class FlatMap:
    """The way of a flat picture under a 3x3 `matrix` on pixel indices."""

    matrix: Matrix
    width: int
    height: int
    device: torch.device = _CPU

    def backward(self) -> Positions:
        """As `CameraMap.backward`."""
        shape = torch.empty(1, 1, self.height, self.width, device=self.device)
        return flat_sources(shape, self.matrix)

    def forward(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """As `CameraMap.forward`."""
        new_x, new_y, w = (a * x + b * y + c for a, b, c in self.matrix.tolist())
        return new_x / w, new_y / w, torch.ones_like(x)


@dataclass(frozen=True, slots=True, eq=False)
class _Deep:
    """A scene with `depth` `(1, 1, H, W)`, and a camera of the angle `fov` under a 4x4 motion."""

    depth: Tensor
    matrix: Matrix
    fov: float

    @property
    def device(self) -> torch.device:
        """The device of the depth."""
        return self.depth.device


@dataclass(frozen=True, slots=True, eq=False)
class PinholeMap(_Deep):
    """The way of a scene with `depth` `(1, 1, H, W)` before a pinhole camera.

    `matrix` is a 4x4 motion and `fov` the angle from the upper to the lower edge in degrees.
    """

    def backward(self) -> Positions:
        """As `CameraMap.backward`."""
        return pinhole_sources(self.depth, self.matrix, self.fov)

    def forward(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """As `CameraMap.forward`; depth is that of the nearest pixel."""
        *_, h, w = self.depth.shape
        focal = h / (2.0 * tan(radians(self.fov) / 2.0))
        z = _nearest(self.depth, x, y)
        old_x, old_y = (x - (w - 1) / 2.0) / focal * z, (y - (h - 1) / 2.0) / focal * z
        new_x, new_y, new_z = (
            a * old_x + b * old_y + c * z + d for a, b, c, d in self.matrix[:3].tolist()
        )
        return (
            focal * new_x / new_z + (w - 1) / 2.0,
            focal * new_y / new_z + (h - 1) / 2.0,
            new_z,
        )


@dataclass(frozen=True, slots=True, eq=False)
class BoxMap(_Deep):
    """The way of a scene with `depth` `(1, 1, H, W)` in Disco Diffusion's box-shaped projection.

    `matrix` is a 4x4 motion and `fov` the angle of both sides of the picture in degrees.
    """

    def backward(self) -> Positions:
        """As `CameraMap.backward`."""
        return box_sources(self.depth, self.matrix, self.fov)

    def forward(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """As `CameraMap.forward`; the motion and the depth are those of the nearest pixel."""
        offset_x, offset_y, new_z = box_offsets(self.depth, self.matrix, self.fov)
        by_x, by_y, z = (_nearest(one[:, None], x, y) for one in (offset_x, offset_y, new_z))
        return x + by_x, y + by_y, z


def _nearest(field: Tensor, x: Tensor, y: Tensor) -> Tensor:
    """The values `(N,)` of a field `(1, 1, H, W)` at the pixels nearest to positions `(N,)`."""
    *_, h, w = field.shape
    column = x.round().clamp(0, w - 1).to(torch.int64)
    row = y.round().clamp(0, h - 1).to(torch.int64)
    return field[0, 0, row, column]
