"""Square cutouts of a picture, as a CLIP encoder takes them.

Convention:
    Pictures are `(1, 3, H, W)` in [-1, 1], so -1 is black. Everything is differentiable in the
    picture, and every random number comes from the given CPU generator.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import interpolate, pad

from pipeline.diffusion.augment import augmented
from pipeline.diffusion.colour import grey
from pipeline.diffusion.cut_schedule import Cutouts


def make_cutouts(
    picture: Tensor, size: int, spec: Cutouts, generator: torch.Generator, *, augment: bool = True
) -> Tensor:
    """Overviews, then inner cuts: `(cut_overview + cut_innercut, 3, size, size)`.

    The inner cuts come with the first `round(cut_icgray_p * cut_innercut)` grey. Bicubic resizing
    may leave [-1, 1] a little at sharp edges. `augment` gives each cutout changes of its own.
    Where torch is told to be deterministic they are made on the CPU: on a graphics card neither the
    resizing nor the augmentation has a gradient that is the same bits every time.
    """
    place = picture.device
    if torch.are_deterministic_algorithms_enabled():
        picture = picture.cpu()
    overviews = _overviews(picture, size, spec.cut_overview)
    inner = _inner_cuts(picture, size, spec, generator)
    cuts = torch.cat([*overviews, *inner])
    return (augmented(cuts, generator) if augment else cuts).to(place)


def _overviews(picture: Tensor, size: int, count: int) -> list[Tensor]:
    """The picture on a black square, `count` times.

    Up to four are as it is, grey, mirrored, and both, as in Disco Diffusion; of more, all are as
    it is, and the augmentation tells them apart.
    """
    if not count:
        return []
    whole = _resized(_squared(picture), size)
    if count > 4:
        return [whole] * count
    return [whole, grey(whole), whole.flip(-1), grey(whole.flip(-1))][:count]


def _inner_cuts(
    picture: Tensor, size: int, spec: Cutouts, generator: torch.Generator
) -> list[Tensor]:
    """Square parts of a random size and, with that, a uniformly random place."""
    *_, h, w = picture.shape
    largest = min(h, w)
    # A picture that is no larger than a cutout would give only its whole self: allow its half.
    smallest = size if size < largest else max(1, largest // 2)
    grey_cuts = round(spec.cut_icgray_p * spec.cut_innercut)
    draws = torch.rand(spec.cut_innercut, 3, generator=generator).tolist()
    cuts = []
    for index, (u_side, u_top, u_left) in enumerate(draws):
        side = int(u_side**spec.cut_ic_pow * (largest - smallest) + smallest)
        top, left = int(u_top * (h - side + 1)), int(u_left * (w - side + 1))
        cut = _resized(picture[..., top : top + side, left : left + side], size)
        cuts.append(grey(cut) if index < grey_cuts else cut)
    return cuts


def _squared(picture: Tensor) -> Tensor:
    """The picture in the middle of the smallest black square that holds it."""
    *_, h, w = picture.shape
    side = max(h, w)
    left, top = (side - w) // 2, (side - h) // 2
    return pad(picture, (left, side - w - left, top, side - h - top), value=-1)


def _resized(picture: Tensor, size: int) -> Tensor:
    """Bicubic, with the filter widened where the picture shrinks."""
    return interpolate(picture, (size, size), mode="bicubic", antialias=True, align_corners=False)
