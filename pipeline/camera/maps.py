"""Where the points of an old picture lie in a new one, and where new pixels come from."""

from __future__ import annotations

from dataclasses import dataclass
from math import radians, tan
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from pipeline.camera.motion import Matrix
from pipeline.camera.resample import resample
from pipeline.camera.warp import PROJECTIONS


class CameraMap(Protocol):
    """A camera's motion as a map between the pixels of two pictures."""

    def backward(self) -> tuple[Tensor, Tensor]:
        """Source positions `(1, H, W)` of each new pixel."""
        ...

    def forward(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """New positions and depths of old ones, `(N,)`."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class FlatMap:
    """A homography."""

    matrix: Matrix
    width: int
    height: int

    def backward(self) -> tuple[Tensor, Tensor]:
        """Source positions."""
        column = torch.arange(self.width, dtype=torch.float32)[None]
        row = torch.arange(self.height, dtype=torch.float32)[:, None]
        back = np.linalg.inv(self.matrix)
        x, y, w = (float(a) * column + float(b) * row + float(c) for a, b, c in back)
        return (x / w)[None], (y / w)[None]

    def forward(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """New positions."""
        nx, ny, w = (float(a) * x + float(b) * y + float(c) for a, b, c in self.matrix)
        return nx / w, ny / w, torch.ones_like(x)


@dataclass(frozen=True, slots=True, eq=False)
class PinholeMap:
    """A pinhole camera through depth."""

    depth: Tensor
    matrix: Matrix
    fov: float

    def backward(self) -> tuple[Tensor, Tensor]:
        """Source positions."""
        return PROJECTIONS["pinhole"](self.depth, self.matrix, self.fov)

    def forward(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """New positions."""
        *_, h, w = self.depth.shape
        focal = h / (2.0 * tan(radians(self.fov) / 2.0))
        cx, cy = (w - 1) / 2, (h - 1) / 2
        z = resample(
            self.depth, x.view(1, 1, -1), y.view(1, 1, -1), padding="border", sampling="bilinear"
        ).flatten()
        px, py = (x - cx) / focal * z, (y - cy) / focal * z
        nx, ny, nz = (a * px + b * py + c * z + d for a, b, c, d in self.matrix[:3].tolist())
        safe = nz.clamp(min=1e-3)
        return focal * nx / safe + cx, focal * ny / safe + cy, nz
