"""How deep a finished frame is, as the camera that moves through it would ask."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import torch
from numpy.typing import NDArray

from pipeline.diffusion.image import to_tensor
from pipeline.files.png import Pixels
from pipeline.protocols import DepthEstimator
from pipeline.render.camera_step import depth_of
from pipeline.spec.camera import CameraSpec, Projection

Estimators = Mapping[Projection, DepthEstimator | None]


def frame_depth(
    estimators: Estimators, device: torch.device
) -> Callable[[Pixels, CameraSpec], NDArray[np.float32]]:
    """A function from pixels `(H, W, 3)` and a lens to depth z, `(H, W)`, above 0.

    It is the author's where the lens has one, else that of the estimator for its projection, which
    works on `device`. The function raises FloatingPointError for a depth that is not finite.
    """

    def depth(pixels: Pixels, lens: CameraSpec) -> NDArray[np.float32]:
        with torch.inference_mode():
            picture = to_tensor(pixels).to(device)
            found = depth_of(picture, lens, estimators[lens.projection])
        return np.ascontiguousarray(found[0, 0].float().cpu().numpy())

    return depth
