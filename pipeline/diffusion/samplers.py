"""The samplers by the names that scenes give them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from torch import Tensor

from pipeline.diffusion.ddim import sample_ddim
from pipeline.diffusion.dpm_solver import sample_dpmpp_2m
from pipeline.diffusion.heun import sample_heun
from pipeline.diffusion.lcm import sample_lcm
from pipeline.diffusion.noise import NoiseSource
from pipeline.diffusion.plms import sample_plms
from pipeline.diffusion.steps import SampleFn, Step, check_no_eta
from pipeline.diffusion.unipc import sample_unipc
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
    check_no_eta("PLMS", eta)
    return sample_plms(denoiser, x, timesteps, order=SAMPLER_FACTS["plms"].order)


def _euler(
    denoiser: Denoiser,
    x: Tensor,
    timesteps: Sequence[int],
    *,
    eta: float,
    generator: NoiseSource,
) -> Iterator[Step]:
    """Euler's step of x / alpha over sigma / alpha, which is DDIM's without noise."""
    check_no_eta("Euler's sampler", eta)
    return sample_ddim(denoiser, x, timesteps, eta=0.0, generator=generator)


SAMPLERS: Mapping[SamplerName, SampleFn] = MappingProxyType(
    {
        "ddim": sample_ddim,
        "plms": _plms,
        "dpmpp_2m": sample_dpmpp_2m,
        # The names differ in the eta that they have by custom.
        "dpmpp_2m_sde": sample_dpmpp_2m,
        "euler": _euler,
        "euler_a": sample_ddim,
        "heun": sample_heun,
        "lcm": sample_lcm,
        "unipc": sample_unipc,
    }
)
"""Samplers by name. Euler's ancestral one is DDIM: `k-diffusion`'s noise is that of its eta."""
