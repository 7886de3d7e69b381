"""What of a video is the camera's motion, and what is not.

Convention:
    Pictures are `(1, 3, H, W)` in [-1, 1]; differences are in levels of 255. Only pixels count
    that the frame before shows, 4 pixels or more inside its border. For details only those among
    them count that the camera moves by 2 pixels or more: where it moves them by less, details that
    went with the picture and details that hang on the screen look alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from torch import Tensor
from torch.nn.functional import max_pool2d, pad
from torchvision.transforms.functional import gaussian_blur

from pipeline.diffusion.colour import luma
from pipeline.render.camera_step import move
from tools.stays.peak import peak
from tools.stays.take import Pair

INSIDE = 4
"""Pixels that a place has to lie inside what is known."""
FINE = 1.0
"""Standard deviation in pixels of the blur that is taken away to leave the details."""
APART = 2.0
"""Pixels that the camera has to move a detail by, so that it is told from one that stayed."""
SEEN = 0.01
"""The least share of the pixels that have to be moved by so much."""
TRIED = 16
"""Most pairs at which zooms are tried."""
_LEVEL = 127.5
_STEP, _MARGIN = 0.0025, 0.04


@dataclass(frozen=True, slots=True)
class Flicker:
    """What a frame differs by from the one before it, in levels, in the mean over pixels."""

    whole: float
    """From that frame as the camera moved it."""
    resampling: float
    """What the moved frame differs by from itself moved with a bilinear kernel."""
    camera: float
    """What the moved frame differs by from itself unmoved."""

    @property
    def beyond(self) -> float:
        """The flicker beyond the motion: `whole` less `resampling`."""
        return self.whole - self.resampling


def flicker(pairs: Sequence[Pair]) -> Flicker:
    """The mean flicker over `pairs`."""
    return Flicker(*np.mean([_flicker(pair) for pair in pairs], axis=0).tolist())


def _flicker(pair: Pair) -> list[float]:
    against = (pair.after, pair.carried), (pair.carried, pair.softer), (pair.carried, pair.before)
    where = inside(pair)
    return [_apart(one, other, where) for one, other in against]


def inside(pair: Pair) -> Tensor:
    """Whether a pixel lies well inside what the frame before shows, `(1, 1, H, W)`."""
    unknown = pad((~pair.known).float(), [INSIDE] * 4, value=1.0)
    return max_pool2d(unknown, 2 * INSIDE + 1, stride=1) == 0


def details(picture: Tensor) -> Tensor:
    """The luma less itself blurred by `FINE` pixels, `(1, 1, H, W)`."""
    light = luma(picture)
    size = 2 * round(3 * FINE) + 1
    blurred: Tensor = gaussian_blur(light, [size, size], [FINE, FINE])
    return light - blurred


def correlation(one: Tensor, other: Tensor, where: Tensor) -> float:
    """Pearson's correlation of two pictures over the pixels `where`; 0 where one is flat."""
    a, b = (values[where] - values[where].mean() for values in (one, other))
    length = float(a.norm() * b.norm())
    return float((a * b).sum()) / length if length > 1e-9 else 0.0


def carried_details(pairs: Sequence[Pair]) -> tuple[float, float] | None:
    """The mean correlations of details with the moved and with the unmoved frame before.

    None where the camera moves nothing far enough to tell the two apart.
    """
    found = []
    for pair in pairs:
        where = inside(pair) & (pair.shift >= APART)
        if float(where.float().mean()) >= SEEN:
            fine = details(pair.after)
            before = (details(pair.carried), details(pair.before))
            found.append([correlation(fine, one, where) for one in before])
    if not found:
        return None
    moved, unmoved = np.mean(found, axis=0).tolist()
    return moved, unmoved


def measured_zoom(pairs: Sequence[Pair]) -> tuple[float, float] | None:
    """The zoom a frame at which details fit best, and the camera's; None unless it is a 2D zoom.

    The camera's other motions are taken as they are. One curve of correlations over zooms is
    averaged over pairs, at most `TRIED` of them from all over the take, and its top found to a part
    of its step by a parabola.
    """
    flat = [pair for pair in pairs if pair.spec.motions and pair.spec.camera.mode == "2d"]
    zooms = {pair.spec.motions[-1].zoom for pair in flat}
    if len(flat) != len(pairs) or len(zooms) != 1 or zooms == {1.0}:
        return None
    zoom = zooms.pop()
    tried = np.arange(min(1, zoom) - _MARGIN, max(1, zoom) + _MARGIN, _STEP)
    some = flat[:: -(-len(flat) // TRIED)]
    fits = np.mean([_fits(pair, tried.tolist()) for pair in some], axis=0)
    return float(tried[0] + _STEP * peak(fits.tolist())), zoom


def _fits(pair: Pair, zooms: Sequence[float]) -> list[float]:
    fine, where = details(pair.after), inside(pair)
    ways = ([replace(one, zoom=zoom) for one in pair.spec.motions] for zoom in zooms)
    carried = (move(pair.before, way, pair.spec.camera, None) for way in ways)
    return [correlation(fine, details(one), where) for one in carried]


def _apart(one: Tensor, other: Tensor, where: Tensor) -> float:
    apart = (one - other).abs().mean(dim=1, keepdim=True)
    return float(apart[where].mean()) * _LEVEL
