"""The key picture that frames of a cross-fade of prompts go to, bit by bit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from pipeline.camera.carry import carried
from pipeline.camera.maps import CameraMap
from pipeline.camera.sight import Sight
from pipeline.diffusion.image import to_pixels, to_tensor
from pipeline.files.arrays import Arrays
from pipeline.files.png import Pixels
from pipeline.plan.crossing import key_picture
from pipeline.spec.denoise import Crossing
from pipeline.spec.frame import FrameSpec, SavedFrame

Paint = Callable[[FrameSpec], Tensor]
"""The picture `(1, 3, H, W)` of a frame that starts from noise alone."""


@dataclass(frozen=True, slots=True, eq=False)
class KeyPicture:
    """The picture of the prompts that a cross-fade leads to, as the camera sees it now."""

    since: int
    """Frame of the shot on which it was painted."""
    pixels: Pixels

    def to_arrays(self) -> Arrays:
        """The picture as named arrays."""
        return {"since": np.array(self.since), "pixels": self.pixels}

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> KeyPicture:
        """The picture whose `to_arrays` are `arrays`."""
        return cls(int(arrays["since"].astype(np.int64)), arrays["pixels"].astype(np.uint8))


def brought_along(
    key: KeyPicture | None, way: CameraMap | None, spec: FrameSpec
) -> KeyPicture | None:
    """A key picture after the camera has gone the `way` to the frame `spec`."""
    if key is None or way is None:
        return key
    x, y = way.backward()
    # Beyond other edges than those that wrap around its outermost pixels stand in.
    padding = "wrap" if spec.camera.padding == "wrap" else "border"
    picture = to_tensor(key.pixels).to(x)
    moved = carried(picture, x, y, padding=padding, sampling=spec.camera.sampling)
    return replace(key, pixels=to_pixels(moved.clamp(-1, 1)))


def going_over(
    spec: FrameSpec, sight: Sight, key: KeyPicture | None, paint: Paint
) -> tuple[Sight, KeyPicture | None]:
    """What the frame `spec` starts from as part of a cross-fade, and its key picture.

    `sight` is what the camera sees, and `key` the picture that the frame before has left, from
    where the camera is now; `paint` makes one where that has left none of this cross-fade. After
    its last frame there is none.
    """
    crossing = spec.painting.crossing
    if crossing is None:
        return sight, None
    if key is None or not _is_of(key, crossing, spec):
        key = KeyPicture(crossing.since, to_pixels(paint(key_picture(spec, crossing))))
    picture = to_tensor(key.pixels).to(sight.picture)
    mixed = replace(
        sight,
        picture=torch.lerp(sight.picture, picture, crossing.share),
        known=torch.lerp(sight.known, torch.ones_like(sight.known), crossing.share),
    )
    return mixed, key if crossing.share < 1 else None


def _is_of(key: KeyPicture, crossing: Crossing, spec: FrameSpec) -> bool:
    """Whether a key picture is of this cross-fade: a shot that continues begins its own."""
    first = spec.inputs[0]
    own = isinstance(first, SavedFrame) and spec.saved(first).shot == spec.shot
    return own and key.since == crossing.since
