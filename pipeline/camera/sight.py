"""A picture as the camera sees it after it has moved, and how well each place of it is known."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from pipeline.camera.maps import CameraMap
from pipeline.camera.resample import resample


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """What is seen of a picture from where the camera is now."""

    picture: Tensor
    """`(1, 3, H, W)` in [-1, 1]; places that are not known are filled."""
    known: Tensor
    """`(1, 1, H, W)` in [0, 1]: 1 where the old picture shows the place, 0 where it came into sight
    only now, beyond an edge or from behind something nearer."""
    stretch: Tensor
    """`(1, 1, H, W)`, above 0: linear magnification of what is seen; above 1 it has grown."""


def unmoved(picture: Tensor) -> Sight:
    """A picture from where it was taken: all of it is known, and nothing grew."""
    ones = torch.ones_like(picture[:, :1])
    return Sight(picture, ones, ones)


def flat_sight(picture: Tensor, camera_map: CameraMap, *, padding: str, sampling: str) -> Sight:
    """A flat picture under a map that hides nothing of it.

    `padding` and `sampling` are those of `pipeline.camera.warp`. A picture that wraps around has no
    edges beyond which nothing is known; with every other padding what enters is a stopgap.
    """
    *_, height, width = picture.shape
    x, y = camera_map.backward()
    seen = resample(picture, x, y, padding=padding, sampling=sampling).clamp(-1.0, 1.0)
    inside = _inside(x, width) * _inside(y, height)
    known = torch.ones_like(inside) if padding == "wrap" else inside
    return Sight(seen, known[:, None], _stretch(x, y)[:, None])


def _inside(position: Tensor, size: int) -> Tensor:
    """The share of each pixel around a source position that lies in the picture."""
    # A pixel whose centre is half of one inside the edge is wholly in.
    return (torch.minimum(position, size - 1 - position) + 1.0).clamp(0, 1)


def _stretch(x: Tensor, y: Tensor) -> Tensor:
    """How many times as long things are under source positions `(1, H, W)`."""
    if min(x.shape[-2:]) < 2:
        return torch.ones_like(x)
    (x_down, x_right), (y_down, y_right) = (torch.gradient(one, dim=(1, 2)) for one in (x, y))
    area = (x_right * y_down - x_down * y_right).abs()
    return area.clamp(min=1e-6).rsqrt()
