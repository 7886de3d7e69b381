"""A picture that is kept beside the frames, and carried along as the camera moves.

Convention:
    What is kept may be smaller than the frame. Positions are those of the frame, in pixel indices,
    as everywhere in `pipeline.camera`.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import interpolate, pad

from pipeline.camera.resample import resample


def carried(kept: Tensor, x: Tensor, y: Tensor, *, padding: str, sampling: str) -> Tensor:
    """The kept picture `(1, C, h, w)` after a motion of the camera.

    `x` and `y`, `(1, H, W)`, are the positions in the old frame that each pixel of the new one
    shows. `padding` and `sampling` are those of `resample`: bicubic blurs least over many motions,
    and nearest keeps every colour as it is.
    """
    h, w = kept.shape[-2:]
    height, width = x.shape[-2:]
    places = (
        _rescaled(_in_the_middle(one, h, w), share)
        for one, share in ((x, w / width), (y, h / height))
    )
    return resample(kept, *places, padding=padding, sampling=sampling)


def shrunk(numbers: Tensor, height: int, width: int) -> Tensor:
    """The means of `(1, C, H, W)` over equal cells, `(1, C, height, width)`.

    A pixel that lies in two cells counts in each by its part. Equal sides change nothing.
    """
    for dim, size in ((-2, height), (-1, width)):
        if numbers.shape[dim] != size:
            numbers = _means(numbers, size, dim)
    return numbers


def _means(numbers: Tensor, size: int, dim: int) -> Tensor:
    """Means over `size` cells along a side: differences of the sum up to each of their edges."""
    n = numbers.shape[dim]
    exact = numbers.double().movedim(dim, -1)
    sums = pad(exact.cumsum(-1), (1, 0))
    edges = torch.arange(size + 1, dtype=torch.float64, device=numbers.device) * (n / size)
    whole = edges.long().clamp(max=n - 1)
    upto = sums[..., whole] + (edges - whole) * exact[..., whole]
    return (upto.diff(dim=-1) * (size / n)).to(numbers.dtype).movedim(-1, dim)


def _in_the_middle(positions: Tensor, height: int, width: int) -> Tensor:
    """Positions `(1, H, W)` in the middle of each cell of a smaller picture, `(1, height, width)`.

    Means over cells of no whole number of pixels lie beside it, by the same distance at each motion
    of the camera: after some dozens of them neighbouring cells would have run into one another.
    """
    size = height, width
    return interpolate(positions[None], size, mode="bilinear", align_corners=False)[0]


def _rescaled(positions: Tensor, share: float) -> Tensor:
    """Pixel indices of the frame as those of a picture whose side is a `share` of the frame's."""
    # Whole positions stay whole to the last bit, as a camera at rest needs it.
    return positions if share == 1 else (positions + 0.5) * share - 0.5
