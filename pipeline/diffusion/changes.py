"""Samplers that are interrupted: x is changed before chosen steps, and no sampler knows of it.

The sampler runs up to the step, is left there, and starts anew from the changed x. What a multistep
sampler remembers belongs to another picture by then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice, pairwise

from torch import Tensor

from pipeline.diffusion.steps import Step

Change = Callable[[Tensor], Tensor]
"""From x, `(N, C, H, W)`, to another of its shape at the same timestep."""

Sampler = Callable[[Tensor, Sequence[int]], Iterator[Step]]
"""A sampler with its denoiser and noise: `partial(sample_ddim, denoiser, eta=0, generator=g)`."""


def both(first: Mapping[int, Change], then: Mapping[int, Change]) -> dict[int, Change]:
    """All changes of both, one after the other where they meet."""
    met = {index: _chain(first[index], then[index]) for index in first.keys() & then.keys()}
    return {**first, **then, **met}


def _chain(first: Change, then: Change) -> Change:
    return lambda x: then(first(x))


def sample_changed(
    sample: Sampler, x: Tensor, timesteps: Sequence[int], *, changes: Mapping[int, Change]
) -> Iterator[Step]:
    """The steps of `sample(x, timesteps)`, where `changes` act on x before the steps they are at.

    Raises:
        ValueError: there is no step with an index in `changes`.
    """
    if any(not 0 <= index < len(timesteps) for index in changes):
        indices = f"x is changed at steps {sorted(changes)}"
        raise ValueError(f"{indices}; there are 0 to {len(timesteps) - 1}")
    return _legs(sample, x, timesteps, changes)


def _legs(
    sample: Sampler, x: Tensor, timesteps: Sequence[int], changes: Mapping[int, Change]
) -> Iterator[Step]:
    for start, end in pairwise(sorted({0, *changes, len(timesteps)})):
        if start in changes:
            x = changes[start](x)
        for step in islice(sample(x, timesteps[start:]), end - start):
            x = step.x
            yield replace(step, index=start + step.index)
