"""Optical flow by dense inverse search, as OpenCV has it: on the CPU, without weights.

Kroeger et al. 2016, "Fast Optical Flow using Dense Inverse Search" (ECCV, arXiv 1603.03590),
followed by variational refinement. It looks at brightness alone, in 256 levels.

OpenCV searches in a number of stripes of its own, whatever the number of its threads, as long as
patches learn from their neighbours, which they do here. What follows is computed for
each pixel by itself. So the flow is the same bits with any number of threads.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from pipeline.diffusion.image import to_pixels
from pipeline.networks.flow.pair import check_pair

_LEAST = 32
"""Shortest side that is searched. OpenCV refuses pictures with both sides under 12 pixels."""
_FLATTEST = 0.4
"""Least height for a width of 1. OpenCV chooses its coarsest scale, 20 to 40 pixels wide, by the
width alone: where that is less than a patch of 8 pixels high it reads beyond its memory."""

_REFINEMENTS = 15

Grey = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class DisFlow:
    """A `FlowEstimator` on the CPU; the flow comes back to the device of the first picture."""

    def __call__(self, first: Tensor, second: Tensor) -> Tensor:
        """As `FlowEstimator`.

        Raises:
            ValueError: the pictures are not of one size.
            FloatingPointError: a number of a picture is infinite, or not a number.
        """
        check_pair(first, second)
        flow = torch.from_numpy(grey_flow(_grey(first), _grey(second)))
        return flow[None].to(first.device)


def grey_flow(first: Grey, second: Grey) -> NDArray[np.float32]:
    """Flow `(2, H, W)` in pixels between pictures of 256 levels, `(H, W)`: x, then y."""
    height, width = first.shape
    search = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    # The preset stops at half the size, and is wrong by two to four times as much.
    search.setFinestScale(0)
    # Three times the preset's: without texture flow spreads from where there is some.
    search.setVariationalRefinementIterations(_REFINEMENTS)
    # OpenCV's types do not know that there need be no flow to begin with.
    begin: Any = None
    found = search.calc(_enlarged(first), _enlarged(second), begin)
    return np.ascontiguousarray(found[:height, :width].transpose(2, 0, 1), dtype=np.float32)


def _grey(picture: Tensor) -> Grey:
    return np.asarray(cv2.cvtColor(to_pixels(picture), cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def _enlarged(grey: Grey) -> Grey:
    """The picture, its last row and column repeated up to sides that are safe."""
    height, width = grey.shape
    right = max(width, _LEAST) - width
    below = max(height, _LEAST, int(np.ceil(_FLATTEST * (width + right)))) - height
    padded = cv2.copyMakeBorder(grey, 0, below, 0, right, cv2.BORDER_REPLICATE)
    return np.asarray(padded, dtype=np.uint8)
