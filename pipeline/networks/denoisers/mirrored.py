"""Pictures of any size for a network that halves them: continued beyond their edges by mirroring.

A U-Net of some levels on patches of some pixels takes sides that are a multiple of both. A picture
of another size is mirrored at its edges, as little as fits and as much on one side as on the
other, and cut out of what the network says.
"""

from __future__ import annotations

import torch
from torch import Tensor


def mirrored(x: Tensor, multiple: int) -> Tensor:
    """`x`, `(N, C, H, W)`, in the middle of one whose sides are the next multiples.

    An edge is a mirror between two pixels: the last row comes again, then the one before it. A
    picture that fits is returned itself.
    """
    *_, h, w = x.shape
    for axis, length in ((-2, h), (-1, w)):
        extra = -length % multiple
        if extra:
            x = x.index_select(axis, _places(length, extra).to(x.device))
    return x


def middle(x: Tensor, height: int, width: int) -> Tensor:
    """The pixels `(N, C, height, width)` in the middle of `x`: what `mirrored` was given."""
    *_, h, w = x.shape
    top, left = (h - height) // 2, (w - width) // 2
    return x[..., top : top + height, left : left + width]


def _places(length: int, extra: int) -> Tensor:
    """For each pixel of a side that is `extra` longer, the pixel that it shows."""
    places = (torch.arange(length + extra) - extra // 2).remainder(2 * length)
    return torch.minimum(places, 2 * length - 1 - places)
