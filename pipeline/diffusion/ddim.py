"""The sampler of denoising diffusion implicit models."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from torch import Tensor

from pipeline.diffusion.noise import NoiseSource
from pipeline.diffusion.steps import Step, steps_towards
from pipeline.protocols import Denoiser


def sample_ddim(
    denoiser: Denoiser,
    x: Tensor,
    timesteps: Sequence[int],
    *,
    eta: float,
    generator: NoiseSource,
) -> Iterator[Step]:
    """The steps that turn `x`, noised to `timesteps[0]`, into a picture (Song et al. 2021, eq. 12).

    `timesteps` descend; the last `x` is the last `denoised`. `eta` in [0, 1] goes from the
    deterministic sampler to ancestral sampling (eq. 16), whose noise comes from `generator`.

    Raises:
        ValueError: `eta` or `timesteps` are out of range, or the timesteps do not descend.
    """
    return steps_towards(_estimate, denoiser, x, timesteps, eta=eta, generator=generator)


def _estimate(levels: Sequence[float], index: int, denoised: Tensor, previous: Tensor) -> Tensor:
    return denoised
