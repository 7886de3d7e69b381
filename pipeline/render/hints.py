"""What ControlNets are shown of the picture that a frame starts from.

Convention:
    Hints are `(1, 3, H, W)` in [0, 1], grey but for the picture itself. Depth is bright where it is
    near, as MiDaS has it and ControlNets were trained on it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import cv2
import torch
from torch import Tensor

from pipeline.diffusion.added import Added, Shown
from pipeline.diffusion.image import to_pixels
from pipeline.networks.bundle import Networks
from pipeline.spec.adapters import ControlSpec, Hint
from pipeline.spec.frame import FrameSpec

_CANNY = (100, 200)
"""Thresholds of the edge detector (Canny 1986) in levels: those of the published ControlNet."""


def added_to(spec: FrameSpec, picture: Tensor | None, networks: Networks) -> Added:
    """What the frame `spec` adds to its denoiser, where it starts from `picture`, `(1, 3, H, W)`.

    A frame that grows from no picture has nothing to show to ControlNets, so it asks none.
    """
    painting = spec.painting
    asked = [one for one in painting.controls if one.weight and spec.inputs]
    return Added(
        loras=painting.loras,
        shown=() if picture is None else tuple(_shown(one, picture, networks) for one in asked),
        distilled_cfg_scale=painting.guidance.distilled_cfg_scale,
    )


def _shown(control: ControlSpec, picture: Tensor, networks: Networks) -> Shown:
    return Shown(control, _HINTS[control.hint](picture, networks))


def _depth(picture: Tensor, networks: Networks) -> Tensor:
    """Nearness, from 0 at what is farthest in the picture to 1 at what is nearest."""
    estimate = networks.depth_for("pinhole")
    if estimate is None:
        raise ValueError("a ControlNet is shown depth; load the models with a depth estimator")
    with torch.no_grad():
        near = 1 / estimate(picture)
    least, most = near.amin(), near.amax()
    grey = (near - least) / (most - least).clamp(min=torch.finfo(near.dtype).tiny)
    return grey.expand(-1, 3, -1, -1)


def _canny(picture: Tensor, networks: Networks) -> Tensor:
    """1 at the edges of the picture, 0 elsewhere."""
    edges = torch.from_numpy(cv2.Canny(to_pixels(picture), *_CANNY)).to(picture) / 255
    return edges.expand(1, 3, -1, -1)


def _previous(picture: Tensor, networks: Networks) -> Tensor:
    """The picture itself."""
    return ((picture + 1) / 2).clamp(0, 1)


_HINTS: Mapping[Hint, Callable[[Tensor, Networks], Tensor]] = {
    "depth": _depth,
    "canny": _canny,
    "previous": _previous,
}
