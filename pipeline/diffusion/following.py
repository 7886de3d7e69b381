"""How what is kept of a shot follows its pictures: by shares, at every pixel.

Convention:
    A share is in [0, 1]: at 0 what is kept stays, at 1 it is the new picture. Shares are numbers or
    `(1, 1, H, W)`.
"""

from __future__ import annotations

import torch
from torch import Tensor

# Steps along x, y and time that fill the numbers from 0 to 1 evenly in each of the three (Roberts
# 2018, "The unreasonable effectiveness of quasirandom sequences", and the golden section).
_STEPS = (0.7548776662, 0.5698402910, 0.6180339887)


def passed(known: Tensor, stretch: Tensor) -> Tensor:
    """The share that gives way where the camera went: `1 - known / max(stretch, 1)`.

    `known` is 1 where the old picture shows what is seen now, and 0 in holes and beyond edges;
    `stretch`, above 0, is how many times larger it is seen. So all of it gives way where nothing
    was seen before, and as much as is new where a picture grew: twice as large is half forgotten.
    """
    return 1 - known / stretch.clamp(min=1)


def followed(kept: Tensor, picture: Tensor, share: Tensor | float) -> Tensor:
    """`kept` `(1, C, H, W)` gone a share of the way to `picture`.

    Pushed by p with each frame, a picture that is held by a share h to what is kept rests at
    (1 - h) / h p from it. With a share of 0 that is all there is; else what is kept creeps on by
    the share of that with each frame.
    """
    return kept + share * (picture - kept)


def exchanged(kept: Tensor, picture: Tensor, share: Tensor | float, frame: int) -> Tensor:
    """`kept` `(1, C, H, W)` with a share of its pixels, well spread, exchanged for `picture`'s.

    No colour is mixed, so what is kept has the spread of colours that its pictures had. Which
    pixels change place with the number of the frame: with a share of 1 / n in each, they are those
    of about the last n frames.
    """
    height, width = kept.shape[-2:]
    across, down, on = _STEPS
    rows = torch.arange(height, dtype=torch.float64, device=kept.device)[:, None]
    columns = torch.arange(width, dtype=torch.float64, device=kept.device)
    order = (columns * across + rows * down + frame * on).frac()
    return torch.where(order < share, picture, kept)
