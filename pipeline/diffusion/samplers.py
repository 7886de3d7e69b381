"""The samplers by the names that scenes give them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from torch import Tensor

from pipeline.diffusion.ddim import sample_ddim
from pipeline.diffusion.dpm_solver import sample_dpmpp_2m
from pipeline.diffusion.noise import NoiseSource
from pipeline.diffusion.plms import sample_plms
from pipeline.diffusion.steps import SampleFn, Step
from pipeline.protocols import Denoiser
from pipeline.spec.samplers import SAMPLER_FACTS, SamplerName


def _plms(
    denoiser: Denoiser,
    x: Tensor,
    timesteps: Sequence[int],
    *,
    eta: float,
    generator: NoiseSource,
) -> Iterator[Step]:
    """PLMS as Disco Diffusion runs it, called like the samplers that draw noise."""
    if eta:
        raise ValueError(f"eta is {eta:g}; PLMS draws no noise, so it is 0")
    return sample_plms(denoiser, x, timesteps, order=SAMPLER_FACTS["plms"].order)


SAMPLERS: Mapping[SamplerName, SampleFn] = MappingProxyType(
    {"ddim": sample_ddim, "plms": _plms, "dpmpp_2m": sample_dpmpp_2m}
)
