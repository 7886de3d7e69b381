"""Self-recurrence: steps of a sampling that are taken several times.

Guidance at one noise level corrects an estimate that the network then has its own mind about. After
the step noise leads back to where it began, x_t ~ q(x_t | x_s), and network and guidance look at
the same level again: what guidance asks for is worked into a picture that the network believes in
(Bansal et al. 2023, "Universal Guidance for Diffusion Models", algorithm 1, arXiv:2302.07121; Yu et
al. 2023, "FreeDoM", section 3.3, arXiv:2303.09833; Lugmayr et al. 2022, "RePaint", algorithm 1,
arXiv:2201.09865).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from math import sqrt

from torch import Tensor

from pipeline.diffusion.changes import Sampler
from pipeline.diffusion.noise import NoiseSource, standard_normal
from pipeline.diffusion.schedule import NoiseSchedule
from pipeline.diffusion.steps import Step, noise_levels
from pipeline.spec.recurrence import legs
from pipeline.spec.step_schedule import StepSchedule


def recurring(
    sample: Sampler, schedule: NoiseSchedule, recurrence: StepSchedule, noise: NoiseSource
) -> Sampler:
    """`sample`, each of whose steps is taken as often as `recurrence` says at its progress.

    The steps that come out are those taken last. A multistep sampler begins anew with each step
    that is taken several times.
    """
    return partial(_recurring, sample, schedule, recurrence, noise)


def _recurring(
    sample: Sampler,
    schedule: NoiseSchedule,
    recurrence: StepSchedule,
    noise: NoiseSource,
    x: Tensor,
    timesteps: Sequence[int],
) -> Iterator[Step]:
    levels = noise_levels(schedule, timesteps)
    for leg in legs(timesteps, len(schedule), recurrence):
        for step in islice(sample(x, timesteps[leg.start :]), leg.end - leg.start):
            x = step.x
            if not leg.returns:
                yield replace(step, index=leg.start + step.index)
        if leg.returns:
            x = _noised_back(x, levels[leg.end], levels[leg.start], noise)


def _noised_back(x: Tensor, abar: float, noisier: float, noise: NoiseSource) -> Tensor:
    """x at `abar`, noised on to `noisier`: q(x_t | x_s) (Ho et al. 2020, eq. 2)."""
    # A schedule may end at the level of its last timestep.
    kept = min(1.0, noisier / abar)
    return sqrt(kept) * x + sqrt(1 - kept) * standard_normal(x.shape, noise).to(x)
