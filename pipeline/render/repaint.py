"""Where a frame is painted afresh, and where its start picture is held."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from keyframes.field import field_values
from pipeline.camera.sight import Sight
from pipeline.diffusion.blur import blurred
from pipeline.diffusion.holds import coarse
from pipeline.files.grey import read_grey
from pipeline.files.pictures import fit_grey
from pipeline.networks.depth.scale import FIELD
from pipeline.spec.denoise import GuidanceSpec
from pipeline.spec.repaint import MaskFormula, MaskPicture, RepaintSpec

GROWN = 6.0
"""The share of `repaint.stretch` that counts at a magnification m of one frame is 1 - m^-6."""

LOOSENED = 20.0
"""At full discovery a full picture that grows by m holds m^-20 of what is blank in it: half at
1.035."""

EMPTY, VOID = 0.60, 0.70
"""Blankness of a whole picture, 0 to 1, from which on it makes room sooner, and at which it does by
`HASTE` times as much, and in detail as in what is blank: a flight that has lost all that there was
to see finds its way back."""
HASTE = 10.0
CHOOSY = 3.0
"""The power of a place's blankness that counts while the picture is full; 1 once it is empty."""

SETTLED = 80.0
"""At full discovery (1 - m^80) / 2 of the steps pass by what shrinks to m: a quarter at 0.991.
Beyond half, guidance has too few steps left to tidy up after itself, and draws lattices."""

COARSENED = 40.0
"""A picture that has grown by 1/40 or more in one frame has no finest detail left."""

FAINT = 0.1
"""Deviation of what is fine, of a range of 2, at which a place counts as half blank."""

EDGE = 1.0
"""Pixels by which what is painted afresh fades into what is kept."""


@dataclass(frozen=True, slots=True, eq=False)
class Afresh:
    """What a frame makes anew of its start picture."""

    repaint: Tensor
    """How much more than the rest each place is painted afresh, `(1, 1, H, W)` in [-1, 1]; below 0
    how much less."""
    kept: Tensor
    """How much of the start picture is held there, `(1, 1, H, W)` in [0, 1]."""
    grown: Tensor
    """How far the start picture lacks its finest detail there, `(1, 1, H, W)` in [0, 1]."""


def asks(guidance: GuidanceSpec) -> bool:
    """Whether a frame under this guidance treats any place other than another."""
    return guidance.paints_afresh or not guidance.detail_hold.is_zero


def afresh(guidance: GuidanceSpec, sight: Sight) -> Afresh:
    """What a frame that starts from this sight makes anew of it."""
    repaint, discover = guidance.repaint, guidance.discover
    stretch = _smooth(sight.stretch.log()).exp()
    grown = (1 - stretch.pow(-GROWN)).clamp(min=0)
    blank = _blank(sight.picture)
    empty = _emptiness(blank)
    loosened = (1 - stretch.pow(-LOOSENED * (1 + HASTE * empty))).clamp(0, 1)
    # What has some detail is left alone: a subject is to stay while there is room beside it.
    leak = discover * loosened * blank ** (CHOOSY - (CHOOSY - 1) * empty)
    parts = [
        repaint.holes * _widened(1 - sight.known),
        repaint.stretch * grown,
        torch.full_like(sight.known, repaint.everywhere),
        _mask(repaint, sight),
        leak,
    ]
    strength = 1 - reduce(torch.mul, (1 - part.clamp(0, 1) for part in parts))
    steady = discover * (1 - stretch.pow(SETTLED)).clamp(min=0) / 2
    coarsened = (COARSENED * (stretch - 1)).clamp(0, 1)
    return Afresh(strength - (1 - strength) * steady, 1 - strength, coarsened)


def not_seen_before(repaint: RepaintSpec, sight: Sight) -> Tensor:
    """Where a frame shows what its shot has not shown, `(1, 1, H, W)` in [0, 1].

    That is what came into sight, and what the author's mask has painted afresh.
    """
    return 1 - sight.known * (1 - _mask(repaint, sight).clamp(0, 1))


def _emptiness(blank: Tensor) -> Tensor:
    """How empty a whole picture is, 0 to 1, by what is blank in it."""
    return ((blank.mean() - EMPTY) / (VOID - EMPTY)).clamp(0, 1)


def _widened(holes: Tensor) -> Tensor:
    """Holes that fade out over the pixels next to them, so that no seam shows."""
    around = blurred(holes, EDGE, deviations=2)
    return torch.maximum(holes, (2 * around).clamp(max=1))


def _smooth(field: Tensor) -> Tensor:
    """A field without its finest grain, which is a depth network's rather than the scene's."""
    return blurred(field, 2.0, deviations=2)


def _blank(picture: Tensor) -> Tensor:
    """Where a picture has no detail, 0 to 1."""
    fine = picture - _smooth(picture)
    detail = coarse(fine.square().mean(1, keepdim=True)).clamp(min=0).sqrt()
    return FAINT / (FAINT + detail)


def _mask(repaint: RepaintSpec, sight: Sight) -> Tensor:
    """The author's own mask, 0 where there is none."""
    mask, like = repaint.mask, sight.known
    *_, height, width = like.shape
    if mask is None:
        return torch.zeros_like(like)
    if isinstance(mask, MaskPicture):
        levels = fit_grey(read_grey(Path(mask.file)), width, height)
    else:
        levels = _formula(mask, sight)
    return torch.from_numpy(np.array(levels, dtype=np.float32)).to(like).expand_as(like)


def _formula(mask: MaskFormula, sight: Sight) -> np.ndarray:
    *_, height, width = sight.known.shape
    places = {
        "x": (np.arange(width)[None, :] + 0.5) / width,
        "y": (np.arange(height)[:, None] + 0.5) / height,
        "depth": _distance(sight),
    }
    return np.nan_to_num(field_values(mask.text, dict(mask.values), places))


def _distance(sight: Sight) -> np.ndarray:
    """How far away everything is: 0 the nearest plane, 1 the farthest, even in 1 / z."""
    if sight.depth is None:
        return np.zeros(sight.known.shape[-2:])
    nearest, farthest = 1 / FIELD.near, 1 / FIELD.far
    share = (nearest - 1 / sight.depth[0, 0]) / (nearest - farthest)
    return share.clamp(0, 1).double().cpu().numpy()
