"""The Gaussian blur of pictures of any size."""

from __future__ import annotations

import math

from torch import Tensor
from torchvision.transforms.functional import gaussian_blur


def blurred(pictures: Tensor, sigma: float, *, deviations: float = 3.0) -> Tensor:
    """Pictures `(N, C, H, W)` under a Gaussian of `sigma` pixels, of the same shape.

    The kernel reaches `deviations` times as far, or to the last pixel that a side has; beyond its
    borders a picture is mirrored.
    """
    *_, height, width = pictures.shape
    reach = math.ceil(deviations * sigma)
    # A side of n pixels has n - 1 to mirror.
    size = [2 * min(reach, side - 1) + 1 for side in (width, height)]
    found: Tensor = gaussian_blur(pictures, size, [sigma, sigma])
    return found
