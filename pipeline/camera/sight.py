"""What a moved camera sees of an old picture: its pixels, where there are none, where they grew."""

from __future__ import annotations

from dataclasses import dataclass
from math import log

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d

from pipeline.camera.fill import fill_from_afar
from pipeline.camera.maps import CameraMap, Positions
from pipeline.camera.patches import DeepMap
from pipeline.camera.resample import resample
from pipeline.camera.splat import front

_AGREE = 0.5
"""Pixels between two answers to where a pixel comes from within which they mean one surface."""

_SOFTENED = 1 / 6
"""Share of bilinear sampling where a picture shrinks. By it 13 to 40 frames of shrinking to 0.62
times the size leave as much fine detail as reducing the picture once (within 15%); without it a
quarter to a half more."""
_SHRINKS = 0.01
"""Shrinking of one frame at which that share is reached."""

_SEEN_AROUND = 9
"""Side in pixels of what says how things grow, where that was seen and not computed."""
_MOST_SEEN = 4.0
"""Magnification of one frame beyond which flow is folded over."""


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """What is seen of a picture from where the camera is now."""

    picture: Tensor
    """`(1, 3, H, W)` in [-1, 1]; places that are not known are filled."""
    known: Tensor
    """`(1, 1, H, W)` in [0, 1]: 1 where the old picture shows the place, 0 where it came into sight
    only now, beyond an edge or from behind something nearer. With the memory of a shot also 1 where
    any earlier picture shows it."""
    stretch: Tensor
    """`(1, 1, H, W)`, above 0: linear magnification of what is seen; above 1 it has grown."""
    depth: Tensor | None = None
    """`(1, 1, H, W)`, above 0: depth z before the new camera; None of a flat picture."""
    source: Positions | None = None
    """Positions in the old picture of what is known, `(1, H, W)` each; None where it is not one
    picture, or one that was not moved."""


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
    stretch = _stretch(x, y)[:, None]
    seen = _read(picture, x, y, stretch, padding, sampling)
    inside = _inside(x, width) * _inside(y, height)
    known = torch.ones_like(inside) if padding == "wrap" else inside
    return Sight(seen, known[:, None], stretch, source=(x, y))


def deep_sight(picture: Tensor, camera_map: DeepMap, *, padding: str, sampling: str) -> Sight:
    """A picture with depth from elsewhere: what is hidden stays hidden.

    Each pixel is resampled once, from where the warp that looks backward finds it if a splat sees
    that surface there, else from where the splat finds it. Where nothing of the old picture is to
    be seen the far side of the surroundings stands in.
    """
    back_x, back_y = camera_map.backward()
    surface = front(camera_map)
    agree = (surface.x - back_x).square() + (surface.y - back_y).square() < _AGREE**2
    seen = surface.known[:, 0] > 0
    x = torch.where(seen & ~agree, surface.x, back_x)
    y = torch.where(seen & ~agree, surface.y, back_y)
    warped = _read(picture, x, y, surface.stretch, padding, sampling)
    known = surface.known
    far = fill_from_afar(torch.cat([warped, 1 / surface.depth], dim=1), known, surface.depth)
    filled = known * warped + (1 - known) * far[:, :-1]
    depth = torch.where(known > 0.5, surface.depth, 1 / far[:, -1:])
    return Sight(filled, known, surface.stretch, depth, (x, y))


def flow_sight(
    picture: Tensor, camera_map: CameraMap, shown: Tensor, *, padding: str, sampling: str
) -> Sight:
    """A picture under a map that was seen, such as a `FlowMap`, and that may be wrong in places.

    `shown`, `(1, 1, H, W)` in [0, 1], says where the map holds; it is `known` but for what lies
    beyond the edges of the old picture, with every padding. Places within it that are not known
    are filled from around them.
    """
    *_, height, width = picture.shape
    x, y = camera_map.backward()
    inside = (_inside(x, width) * _inside(y, height))[:, None]
    known = inside * shown
    stretch = _even(_stretch(x, y)[:, None], known)
    seen = _read(picture, x, y, stretch, padding, sampling)
    around = fill_from_afar(seen, known, torch.ones_like(known))
    return Sight(torch.lerp(around, seen, torch.maximum(known, 1 - inside)), known, stretch)


def _read(
    picture: Tensor, x: Tensor, y: Tensor, stretch: Tensor, padding: str, sampling: str
) -> Tensor:
    """The picture at source positions, softened a little where it shrinks.

    Bicubic weights overshoot, and what shrinks for many frames is kept rather than painted: its
    edges would ring.
    """
    read = resample(picture, x, y, padding=padding, sampling=sampling).clamp(-1.0, 1.0)
    share = _SOFTENED * ((1 - stretch) / _SHRINKS).clamp(0, 1)
    if sampling != "bicubic" or not share.any():
        return read
    soft = resample(picture, x, y, padding=padding, sampling="bilinear")
    return torch.lerp(read, soft, share.to(read.dtype))


def _inside(position: Tensor, size: int) -> Tensor:
    """The share of each pixel around a source position that lies in the picture."""
    # A pixel whose centre is half of one inside the edge is wholly in.
    return (torch.minimum(position, size - 1 - position) + 1.0).clamp(0, 1)


def _even(stretch: Tensor, known: Tensor) -> Tensor:
    """Stretch as the mean of what is known around each pixel; 1 where it is not known itself.

    What is seen is uneven from pixel to pixel, and what forgets where things grow would forget by
    that alone.
    """
    counts = (known > 0.5).to(stretch.dtype)
    grown = stretch.log().clamp(-log(_MOST_SEEN), log(_MOST_SEEN))
    total, count = (
        avg_pool2d(one, _SEEN_AROUND, 1, _SEEN_AROUND // 2) for one in (counts * grown, counts)
    )
    return (total / count.clamp(min=1e-6)).exp().where(known > 0.5, 1.0)


def _stretch(x: Tensor, y: Tensor) -> Tensor:
    """How many times as long things are under source positions `(1, H, W)`."""
    if min(x.shape[-2:]) < 2:
        return torch.ones_like(x)
    (x_down, x_right), (y_down, y_right) = (torch.gradient(one, dim=(1, 2)) for one in (x, y))
    area = (x_right * y_down - x_down * y_right).abs()
    return area.clamp(min=1e-6).rsqrt()
