"""Conversion between pixels and tensors.

Convention:
    Pixels are `(H, W, 3)` uint8 arrays, red, green, blue. Tensors are `(1, 3, H, W)` in [-1, 1],
    black at -1. Level p is the number p / 127.5 - 1, and a number becomes its nearest level:
    a frame that is saved and read back a thousand times grows neither darker nor brighter, so no
    step after this one needs a correction of brightness.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from pipeline.files.png import Pixels, check_pixels

_HALF_RANGE = 127.5


def to_tensor(pixels: Pixels) -> Tensor:
    """Float32, `(1, 3, H, W)` in [-1, 1], on the CPU; `to_pixels` gives back the same pixels."""
    check_pixels(pixels)
    picture = torch.from_numpy(np.ascontiguousarray(pixels)).permute(2, 0, 1)
    return picture.unsqueeze(0).to(torch.float32).contiguous() / _HALF_RANGE - 1.0


def to_pixels(picture: Tensor) -> Pixels:
    """The nearest levels of one picture `(1, 3, H, W)`, clamped to [-1, 1]; any device or dtype.

    Numbers that are not finite raise `FloatingPointError`: clamped, they would pass for black or
    white, and every later frame would grow from them.
    """
    if picture.ndim != 4 or picture.shape[:2] != (1, 3):
        raise ValueError(f"expected a picture (1, 3, H, W), found {tuple(picture.shape)}")
    numbers = picture.detach()[0].to("cpu", torch.float32)
    if broken := int((~numbers.isfinite()).sum()):
        raise FloatingPointError(
            f"the picture holds {broken} of {numbers.numel()} numbers that are infinite or not a "
            "number"
        )
    levels = ((numbers + 1.0) * _HALF_RANGE).round().clamp(0, 255).to(torch.uint8)
    return np.ascontiguousarray(levels.permute(1, 2, 0).numpy())
