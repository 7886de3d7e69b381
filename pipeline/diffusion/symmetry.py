"""Symmetric pictures: half of x is mirrored onto the other at chosen steps of the denoising.

Mirroring goes between steps and no sampler knows of it: the sampler runs up to the step, is left
there, and starts anew from the mirrored x. What a multistep sampler remembers belongs to another
picture by then.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice, pairwise

import torch
from torch import Tensor

from pipeline.diffusion.steps import Step


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


def steps_at(fractions: Iterable[float], count: int) -> frozenset[int]:
    """The indices of the steps, of `count`, in which these fractions of the denoising are reached.

    They are those of Disco Diffusion's `transformation_percent`, but for the fraction 0, which is
    the first step here and no step there.

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
    mirror: Callable[[Tensor], Tensor],
    at: Collection[int],
) -> Iterator[Step]:
    """The steps of `sample(x, timesteps)`, where `mirror` changes x before the steps `at`.

    `sample` is a sampler with its denoiser and noise, such as
    `partial(sample_ddim, denoiser, eta=0.8, generator=generator)`.

    Raises:
        ValueError: there is no step with an index in `at`.
    """
    if any(not 0 <= index < len(timesteps) for index in at):
        raise ValueError(f"mirrored at steps {sorted(at)}; there are 0 to {len(timesteps) - 1}")
    return _legs(sample, x, timesteps, mirror, at)


def _legs(
    sample: Callable[[Tensor, Sequence[int]], Iterator[Step]],
    x: Tensor,
    timesteps: Sequence[int],
    mirror: Callable[[Tensor], Tensor],
    at: Collection[int],
) -> Iterator[Step]:
    for start, end in pairwise(sorted({0, *at, len(timesteps)})):
        if start in at:
            x = mirror(x)
        for step in islice(sample(x, timesteps[start:]), end - start):
            x = step.x
            yield replace(step, index=start + step.index)
