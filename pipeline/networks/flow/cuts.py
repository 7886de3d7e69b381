"""Where a clip cuts: the new picture shows nothing that can be followed from the old one.

Both pictures are compared small, each pixel against the mean and the contrast of its surroundings,
so that neither a flash nor a fade changes much. The old one is moved as optical flow finds, and, as
flow loses a fast pan, also by the one shift that fits best (phase correlation, Kuglin and Hines
1975). If after neither the same structure lies in the same place, there is a cut.

A plain picture, all white or all black, has nothing that can be followed: to it and from it there
is a cut, unless the change is as small as a step of a fade.
"""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from pipeline.camera.consistency import places
from pipeline.camera.resample import resample
from pipeline.diffusion.image import to_pixels
from pipeline.networks.flow.dis import grey_flow

_SIDE = 128
"""Longer side at which pictures are compared."""
_LEAST = 16
"""Least side at which they are: OpenCV correlates no narrower ones."""
_SURROUNDINGS = 17
"""Side of what each pixel is measured against."""
_NOISE = 6.0
"""Contrast in levels that counts half: below it lies what cameras and compression add."""
_WINDOW = 9
"""Side of the pieces that are compared."""

_FOLLOWED, _SHIFTED = 0.57, 0.48
"""Likeness from which on the pictures belong together, after flow and after a shift. Flow fits
whatever it can: after it, made pictures that have nothing in common were alike by 0.50 at most, and
those of one shot by 0.63 at least; after a shift 0.20 at most, and pans 0.60 at least."""
_OVERLAP = 0.25
"""Share of the picture that a shift must leave to tell anything."""
_FADE = 20.0
"""Mean change in levels of 255 that is no cut from or to a plain picture."""
_PLAIN = 0.05
"""Share of a picture with structure below which it is plain."""

Levels = NDArray[np.float32]


class _Structure(NamedTuple):
    levels: Levels
    """`(H, W)`: brightness, 0 to 255."""
    shape: Levels
    """Brightness against that of its surroundings, 0 on average and within about 3."""
    share: Levels
    """0 to 1: how much stands out from noise."""


def is_cut(old: Tensor, new: Tensor) -> bool:
    """Whether a clip cuts between two neighbouring pictures `(1, 3, H, W)` of one size in [-1, 1].

    Flashes, fades, dissolves, pans, and things that appear are no cuts.
    """
    before, after = _structure(old), _structure(new)
    plain = [one.share.mean() < _PLAIN for one in (before, after)]
    if all(plain):
        return False
    if any(plain):
        return bool(abs(after.levels - before.levels).mean() > _FADE)
    if _after_flow(before, after) >= _FOLLOWED:
        return False
    likeness, overlap = _after_shift(before, after)
    return likeness < _SHIFTED or overlap < _OVERLAP


def likenesses(old: Tensor, new: Tensor) -> tuple[float, float]:
    """How alike, -1 to 1, two pictures as those of `is_cut` are after flow and after a shift."""
    before, after = _structure(old), _structure(new)
    return _after_flow(before, after), _after_shift(before, after)[0]


def _after_flow(before: _Structure, after: _Structure) -> float:
    return _likeness(before, after, *_followed(before, after))[0]


def _after_shift(before: _Structure, after: _Structure) -> tuple[float, float]:
    """The likeness, and the share of the picture that the shift leaves."""
    return _likeness(before, after, *_shifted(before, after))


def _structure(picture: Tensor) -> _Structure:
    grey = cv2.cvtColor(to_pixels(picture), cv2.COLOR_RGB2GRAY).astype(np.float32)
    height, width = grey.shape
    scale = min(1.0, _SIDE / max(height, width))
    size = [max(_LEAST, round(scale * side)) for side in (width, height)]
    levels = np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), dtype=np.float32)
    mean = _blurred(levels, _SURROUNDINGS)
    variance = np.maximum(_blurred(levels**2, _SURROUNDINGS) - mean**2, 0)
    shape = (levels - mean) / np.sqrt(variance + _NOISE**2)
    return _Structure(levels, shape, variance / (variance + _NOISE**2))


def _followed(before: _Structure, after: _Structure) -> tuple[Tensor, Tensor]:
    """Where each pixel after was before, by optical flow."""
    old, new = (np.clip(128 + 50 * one.shape, 0, 255).astype(np.uint8) for one in (before, after))
    return places(torch.from_numpy(grey_flow(new, old))[None])


def _shifted(before: _Structure, after: _Structure) -> tuple[Tensor, Tensor]:
    """Where each pixel after was before, if all moved by one shift."""
    height, width = after.shape.shape
    window = cv2.createHanningWindow((width, height), cv2.CV_32F)
    (x, y), _ = cv2.phaseCorrelate(before.shape, after.shape, window)
    back = torch.tensor([-x, -y], dtype=torch.float32)[None, :, None, None]
    return places(back.expand(1, 2, height, width))


def _likeness(before: _Structure, after: _Structure, x: Tensor, y: Tensor) -> tuple[float, float]:
    """How alike, -1 to 1, the picture is to what lay at x and y before, and how much of it did."""
    height, width = after.shape.shape
    inside = (x >= -0.5) & (x <= width - 0.5) & (y >= -0.5) & (y <= height - 0.5)
    shape, share = (_read(one, x, y) for one in (before.shape, before.share))
    weight = np.maximum(share, after.share) * inside[0].numpy()
    likeness = (weight * _correlation(shape, after.shape)).sum() / max(weight.sum(), 1e-6)
    return float(likeness), float(inside.float().mean())


def _correlation(one: Levels, other: Levels) -> Levels:
    """Pearson's correlation in the window around each pixel."""
    means = [_blurred(each, _WINDOW) for each in (one, other)]
    variances = [
        np.maximum(_blurred(each**2, _WINDOW) - mean**2, 0)
        for each, mean in zip((one, other), means, strict=True)
    ]
    common = _blurred(one * other, _WINDOW) - means[0] * means[1]
    # Less than that is nothing that is seen.
    spread = np.maximum(np.sqrt(variances[0] * variances[1]), 0.01)
    return np.asarray(common / spread, dtype=np.float32)


def _read(field: Levels, x: Tensor, y: Tensor) -> Levels:
    read = resample(
        torch.from_numpy(field)[None, None], x, y, padding="border", sampling="bilinear"
    )
    return np.asarray(read[0, 0].numpy(), dtype=np.float32)


def _blurred(field: Levels, side: int) -> Levels:
    blurred = cv2.blur(field, (side, side), borderType=cv2.BORDER_REFLECT)
    return np.asarray(blurred, dtype=np.float32)
