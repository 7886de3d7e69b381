"""Pairs of pictures whose optical flow is known exactly.

Each picture is looked up anew where its layers come from: neither is the other one resampled.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from math import cos, radians, sin

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from tools.world.paint import paint

Field = NDArray[np.float64]
Matrix = NDArray[np.float64]
"""3x3, old pixel indices to new ones."""
Shape = Callable[[Field, Field], NDArray[np.bool_]]
Look = Callable[[Field, Field, int], Field]
"""Colours `(3, H, W)` in [-1, 1] at positions x and y, `(H, W)` each, by a seed."""


def texture(x: Field, y: Field, seed: int) -> Field:
    """Waves of 5 to 400 pixels in all directions."""
    rng = np.random.default_rng(seed)
    total = np.zeros((3, *x.shape))
    for length in np.geomspace(5, 400, 36):
        angle, weight = rng.uniform(0, 2 * np.pi), (length / 80) ** 0.35
        wave = 2 * np.pi / length * (np.cos(angle) * x + np.sin(angle) * y)
        # Less than a hundredth of a level is lost, and four fifths of the time are saved.
        phases = rng.uniform(0, 2 * np.pi, 3)[:, None, None]
        total += weight * np.sin((wave + phases).astype(np.float32))
    return np.clip(total / 12, -1, 1)


def painting(x: Field, y: Field, seed: int) -> Field:
    """A picture of the painted world, 768 x 512, whose corner lies 64 pixels left and above."""
    across, down = ((one + 64).astype(np.float32) for one in (x, y))
    world = _painted_world(seed)
    seen = cv2.remap(world, across, down, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)
    return np.clip(np.asarray(seen, dtype=np.float64).transpose(2, 0, 1) / 127.5 - 1, -1, 1)


@cache
def _painted_world(seed: int) -> NDArray[np.float32]:
    return paint(seed, 768, 512).picture.astype(np.float32)


@dataclass(frozen=True, slots=True)
class Layer:
    """A look of the whole plane, or a shape of it, that moves; positions are the old ones."""

    seed: int
    motion: Matrix
    shape: Shape | None = None
    look: Look = texture


@dataclass(frozen=True, slots=True, eq=False)
class MovingPictures:
    """Two pictures and the truth of what happened between them."""

    old: Tensor
    """`(1, 3, H, W)` in [-1, 1]."""
    new: Tensor
    to_old: Tensor
    """`(1, 2, H, W)`: the true flow from the new picture to the old one."""
    to_new: Tensor
    shown: Tensor
    """`(1, 1, H, W)`, bool: pixels of the new picture that the old one shows."""


def moving_pictures(height: int, width: int, *layers: Layer) -> MovingPictures:
    """The picture of layers, the last in front, before and after their motions."""
    y, x = np.mgrid[:height, :width].astype(np.float64)
    back = [np.asarray(np.linalg.inv(layer.motion), dtype=np.float64) for layer in layers]
    ahead = [layer.motion for layer in layers]
    rest = [np.eye(3) for _ in layers]
    old, old_front = _painted(layers, rest, x, y)
    new, new_front = _painted(layers, back, x, y)
    to_old, to_new = _flow(new_front, back, x, y), _flow(old_front, ahead, x, y)
    from_x, from_y = x + to_old[0], y + to_old[1]
    inside = (from_x >= -0.5) & (from_x <= width - 0.5)
    inside &= (from_y >= -0.5) & (from_y <= height - 0.5)
    shown = inside & (_front(layers, rest, from_x, from_y) == new_front)
    return MovingPictures(
        old, new, _tensor(to_old), _tensor(to_new), torch.from_numpy(shown)[None, None]
    )


def shifted(x: float, y: float) -> Matrix:
    """Moved right and down by pixels."""
    return np.array([[1.0, 0.0, x], [0.0, 1.0, y], [0.0, 0.0, 1.0]])


def turned(degrees: float, zoom: float, height: int, width: int) -> Matrix:
    """Turned and enlarged around the centre of the picture."""
    c, s = zoom * cos(radians(degrees)), zoom * sin(radians(degrees))
    around = np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])
    middle = shifted((width - 1) / 2, (height - 1) / 2)
    return np.asarray(middle @ around @ np.linalg.inv(middle))


def disc(x: float, y: float, radius: float) -> Shape:
    """Around a middle, in pixel indices."""
    return lambda at_x, at_y: np.hypot(at_x - x, at_y - y) <= radius


def rectangle(x: float, y: float, half_width: float, half_height: float) -> Shape:
    """Around a middle, in pixel indices."""
    return lambda at_x, at_y: (abs(at_x - x) <= half_width) & (abs(at_y - y) <= half_height)


def _tensor(field: Field) -> Tensor:
    return torch.from_numpy(field)[None].float()


def _front(layers: tuple[Layer, ...], back: list[Matrix], x: Field, y: Field) -> NDArray[np.int64]:
    """Which layer is foremost at each position."""
    front = np.zeros(x.shape, dtype=np.int64)
    for number, (layer, matrix) in enumerate(zip(layers, back, strict=True)):
        if layer.shape is not None:
            front[layer.shape(*_moved(matrix, x, y))] = number
    return front


def _painted(
    layers: tuple[Layer, ...], back: list[Matrix], x: Field, y: Field
) -> tuple[Tensor, NDArray[np.int64]]:
    front = _front(layers, back, x, y)
    looks = [
        layer.look(*_moved(matrix, x, y), layer.seed)
        for layer, matrix in zip(layers, back, strict=True)
    ]
    picture = np.choose(front[None], looks)
    return _tensor(picture), front


def _flow(front: NDArray[np.int64], matrices: list[Matrix], x: Field, y: Field) -> Field:
    flows = [np.stack(_moved(matrix, x, y)) - (x, y) for matrix in matrices]
    return np.choose(front[None], flows)


def _moved(matrix: Matrix, x: Field, y: Field) -> tuple[Field, Field]:
    new_x, new_y, w = (a * x + b * y + c for a, b, c in matrix)
    return new_x / w, new_y / w
