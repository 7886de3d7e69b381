"""The way of the places of a picture as optical flow has seen it, for all that goes along."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from pipeline.camera.consistency import places
from pipeline.camera.maps import Positions
from pipeline.camera.resample import resample


@dataclass(frozen=True, slots=True, eq=False)
class FlowMap:
    """A `CameraMap` from two flows `(1, 2, H, W)` in pixels: x (right), then y (down)."""

    to_new: Tensor
    """Flow from the old picture to the new one."""
    to_old: Tensor
    """Flow from the new picture to the old one."""

    @property
    def device(self) -> torch.device:
        """The device of the flows."""
        return self.to_old.device

    def backward(self) -> Positions:
        """As `CameraMap.backward`."""
        return places(self.to_old)

    def forward(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """As `CameraMap.forward`; of two that meet, the one that the way back leads to is in front.

        Depth is 1 and the distance in pixels by which the round trip misses: flow knows no depth,
        but the new picture's leads from each pixel to what it shows.
        """
        by_x, by_y = _read(self.to_new, x, y)
        new_x, new_y = x + by_x, y + by_y
        back_x, back_y = _read(self.to_old, new_x, new_y)
        return new_x, new_y, 1 + torch.hypot(by_x + back_x, by_y + back_y)


def _read(flow: Tensor, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """The flow at positions `(N,)`: x and y, `(N,)` each."""
    read = resample(flow, x[None, None], y[None, None], padding="border", sampling="bilinear")
    by_x, by_y = read[0, :, 0]
    return by_x, by_y
