"""Symmetric pictures: half of x is mirrored onto the other at chosen steps of the denoising.

Mirroring goes between steps: `pipeline.diffusion.changes` has the sampler that it interrupts.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor

from pipeline.diffusion.changes import Change


def mirror_horizontally(x: Tensor) -> Tensor:
    """`x`, `(N, C, H, W)`, with the mirror image of its left half in the place of its right one.

    The middle column of an odd width stays.
    """
    width = x.shape[-1]
    return torch.cat([x[..., : width - width // 2], x[..., : width // 2].flip(-1)], dim=-1)


def mirror_vertically(x: Tensor) -> Tensor:
    """`x`, `(N, C, H, W)`, with the mirror image of its upper half in the place of its lower one.

    The middle row of an odd height stays.
    """
    return mirror_horizontally(x.mT).mT


def mirrors_at(
    horizontal: Iterable[float], vertical: Iterable[float], count: int
) -> dict[int, Change]:
    """Mirrors by the index of the step, of `count`, they precede, for each axis's fractions."""
    across, down = steps_at(horizontal, count), steps_at(vertical, count)
    return {
        **dict.fromkeys(across, mirror_horizontally),
        **dict.fromkeys(down, mirror_vertically),
        **dict.fromkeys(across & down, lambda x: mirror_vertically(mirror_horizontally(x))),
    }


def steps_at(fractions: Iterable[float], count: int) -> frozenset[int]:
    """The indices of the steps, of `count`, in which these fractions of the denoising are reached.

    The steps are those of Disco Diffusion's `transformation_percent`, but for the fraction 0, which
    is the first step here and no step there.

    Raises:
        ValueError: a fraction is outside [0, 1].
    """
    chosen = list(fractions)
    if not all(0 <= fraction <= 1 for fraction in chosen):
        raise ValueError(f"the fractions are {chosen}; each is from 0 to 1")
    return frozenset(max(count - 1 - int(count * (1 - fraction)), 0) for fraction in chosen)
