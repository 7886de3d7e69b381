"""Where a frame is painted afresh, and where what is coarse in its start picture is held."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import reduce
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torchvision.transforms.functional import gaussian_blur

from keyframes.field import field_values
from pipeline.camera.sight import Sight
from pipeline.diffusion.guidance import coarse
from pipeline.files.grey import read_grey
from pipeline.files.pictures import fit_grey
from pipeline.networks.depth.scale import FIELD
from pipeline.spec.denoise import GuidanceSpec
from pipeline.spec.repaint import NOTHING_AFRESH, MaskFormula, MaskPicture, RepaintSpec

GROWTH = float(os.environ.get("GROWTH", 6.0))
"""Power of the magnification by which the share of what was stretched comes near to 1."""
LEAK = float(os.environ.get("LEAK", 12.0))
SHRUNK = float(os.environ.get("SHRUNK", 30.0))
BLANK = float(os.environ.get("BLANK", 0.1))
FLAT = float(os.environ.get("FLAT", 0.08))

EDGE = 1.0
"""Pixels by which what is painted afresh fades into what is kept."""


@dataclass(frozen=True, slots=True, eq=False)
class Afresh:
    """What a frame makes anew of its start picture."""

    repaint: Tensor
    """How much more than the rest each place is painted afresh, `(1, 1, H, W)` in [0, 1]."""
    kept: Tensor
    """How much of what is coarse is held there, `(1, 1, H, W)` in [0, 1]."""


def asks(guidance: GuidanceSpec) -> bool:
    """Whether a frame under this guidance paints any place more than another."""
    return guidance.repaint != NOTHING_AFRESH or guidance.discover > 0


def afresh(guidance: GuidanceSpec, sight: Sight) -> Afresh:
    """What a frame that starts from this sight makes anew of it."""
    repaint, discover = guidance.repaint, guidance.discover
    grown = (1 - sight.stretch.pow(-GROWTH)).clamp(min=0)
    leak = discover * (1 - sight.stretch.pow(-LEAK)).clamp(0, 1)
    parts = [
        repaint.holes * _widened(1 - sight.known),
        repaint.stretch * grown,
        torch.full_like(sight.known, repaint.everywhere),
        _mask(repaint, sight),
        leak * _blank(sight.picture),
    ]
    strength = 1 - reduce(torch.mul, (1 - part.clamp(0, 1) for part in parts))
    kept = (1 - strength) * (1 - leak)
    steady = discover * (1 - sight.stretch.pow(SHRUNK)).clamp(min=0)
    return Afresh(strength - (1 - strength) * steady, kept)


def _widened(holes: Tensor) -> Tensor:
    """Holes that fade out over the pixels next to them, so that no seam shows."""
    around: Tensor = gaussian_blur(holes, [5, 5], [EDGE, EDGE])
    return torch.maximum(holes, (2 * around).clamp(max=1))


def _blank(picture: Tensor) -> Tensor:
    """Where a picture has no detail, 0 to 1."""
    fine: Tensor = picture - gaussian_blur(picture, [9, 9], [2.0, 2.0])
    detail = coarse(fine.square().mean(1, keepdim=True)).clamp(min=0).sqrt()
    return FLAT / (FLAT + detail)


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
