"""Symmetric pictures: half of x is mirrored onto the other at chosen steps of the denoising.

Mirroring goes between steps and no sampler knows of it: the sampler runs up to the step, is left
there, and starts anew from the mirrored x. What a multistep sampler remembers belongs to another
picture by then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice, pairwise

import torch
from torch import Tensor

from pipeline.diffusion.steps import Step

Mirror = Callable[[Tensor], Tensor]


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
) -> dict[int, Mirror]:
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


def sample_mirrored(
    sample: Callable[[Tensor, Sequence[int]], Iterator[Step]],
    x: Tensor,
    timesteps: Sequence[int],
    *,
    mirrors: Mapping[int, Mirror],
) -> Iterator[Step]:
    """The steps of `sample(x, timesteps)`, where `mirrors` change x before the steps they are at.

    `sample` is a sampler with its denoiser and noise, such as
    `partial(sample_ddim, denoiser, eta=0.8, generator=generator)`.

    Raises:
        ValueError: there is no step with an index in `mirrors`.
    """
    if any(not 0 <= index < len(timesteps) for index in mirrors):
        indices = f"mirrored at steps {sorted(mirrors)}"
        raise ValueError(f"{indices}; there are 0 to {len(timesteps) - 1}")
    return _legs(sample, x, timesteps, mirrors)


def _legs(
    sample: Callable[[Tensor, Sequence[int]], Iterator[Step]],
    x: Tensor,
    timesteps: Sequence[int],
    mirrors: Mapping[int, Mirror],
) -> Iterator[Step]:
    for start, end in pairwise(sorted({0, *mirrors, len(timesteps)})):
        if start in mirrors:
            x = mirrors[start](x)
        for step in islice(sample(x, timesteps[start:]), end - start):
            x = step.x
            yield replace(step, index=start + step.index)
