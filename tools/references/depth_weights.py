"""Weights and pictures for comparing depth networks, the same wherever they are made.

Each array is drawn from a generator that is seeded by its name, so two programs that agree on the
published names and shapes of a checkpoint hold the same weights, and two that do not, do not.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log, prod, sqrt
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_LAST = "scratch.output_conv.4.weight"


def seeded_weight(name: str, shape: Sequence[int]) -> Floats:
    """The array of a checkpoint under its published `name`.

    Numbers neither vanish nor grow on their way through the networks, and the last layer's are
    positive, as what is below 0 would be cut off.
    """
    draw = _normal(name, shape)
    match name.rsplit(".", 1)[-1]:
        case "logit_scale":
            return log(10) + 0.1 * draw
        case "pos_embed" | "cls_token":
            return 0.5 * draw
        case "weight" if len(shape) > 1:
            draw /= np.float32(sqrt(prod(shape[1:])))
            return np.abs(draw) if name == _LAST else draw
        case "weight" | "running_var":
            return 1 + 0.1 * draw
        case _:
            return 0.1 * draw


def seeded_picture(name: str, height: int, width: int) -> Floats:
    """A normalised picture `(1, 3, height, width)`."""
    return _normal(f"picture {name}", (1, 3, height, width))


def seeded_frame(height: int, width: int) -> NDArray[np.uint8]:
    """The pixels `(height, width, 3)` of a picture."""
    return np.clip(_normal("frame", (height, width, 3)) * 50 + 128, 0, 255).astype(np.uint8)


def _normal(name: str, shape: Sequence[int]) -> Floats:
    generator = np.random.default_rng(crc32(name.encode()))
    return np.asarray(generator.standard_normal(tuple(shape), dtype=np.float32))
