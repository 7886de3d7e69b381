"""Fuzzy prompts: each embedding becomes several that point nearly the same way."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn.functional import normalize


def fuzzy(
    embeddings: Tensor,
    weights: Tensor,
    *,
    count: int,
    strength: float,
    generator: torch.Generator,
) -> tuple[Tensor, Tensor]:
    """`count` noisy copies of each embedding, and of its weight an equal share for each copy.

    `embeddings`, `(K, D)`, are unit vectors and `weights` is `(K,)`; they become `(K * count, D)`,
    unit vectors again, and `(K * count,)`, the copies of one prompt side by side. The noise is
    normal and, on average, `strength` times as long as an embedding, so 0 changes nothing and 0.1
    turns a copy by 6 degrees.

    Disco Diffusion has 25 copies, whose `rand_mag` of 0.05 on vectors of length 10 in 512
    dimensions is a `strength` of 0.11. It cuts off all that is negative in them, which makes them
    prompts for something else; nothing is cut here.

    Raises:
        ValueError: `count` is less than 1, or `strength` is negative.
    """
    if count < 1:
        raise ValueError(f"count is {count}; a prompt has 1 copy or more")
    if not strength >= 0:
        raise ValueError(f"strength is {strength:g}; it is 0 or more")
    copies = embeddings.repeat_interleave(count, dim=0)
    noise = torch.randn(copies.shape, generator=generator).to(copies)
    noisy = normalize(copies + strength / math.sqrt(copies.shape[1]) * noise, dim=1)
    return noisy, weights.repeat_interleave(count) / count
