"""A picture that is kept beside the frames, and carried along as the camera moves.

Convention:
    What is kept may be smaller than the frame. Positions are those of the frame, in pixel indices,
    as everywhere in `pipeline.camera`.
"""

from __future__ import annotations

from torch import Tensor
from torch.nn.functional import interpolate

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
        _rescaled(shrunk(one[None], h, w)[0], share)
        for one, share in ((x, w / width), (y, h / height))
    )
    return resample(kept, *places, padding=padding, sampling=sampling)


def shrunk(numbers: Tensor, height: int, width: int) -> Tensor:
    """The means of `(1, C, H, W)` over equal cells, `(1, C, height, width)`.

    Where sides do not divide, cells overlap by a pixel; where they are equal nothing changes.
    """
    if numbers.shape[-2:] == (height, width):
        return numbers
    return interpolate(numbers, (height, width), mode="area")


def _rescaled(positions: Tensor, share: float) -> Tensor:
    """Pixel indices of the frame as those of a picture whose side is a `share` of the frame's."""
    # Whole positions stay whole to the last bit, as a camera at rest needs it.
    return positions if share == 1 else (positions + 0.5) * share - 0.5
