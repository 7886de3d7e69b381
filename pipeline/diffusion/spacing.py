"""The noise levels that a sampler visits, chosen out of those of a network's training.

Each sampler has a convention of its own, that of diffusers' scheduler of its name: which timesteps
a spacing has (Lin et al. 2023, table 2, arXiv:2305.08891), whether the network is told whole ones
only, and where the last step leads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray

from pipeline.diffusion.schedule import NoiseSchedule
from pipeline.diffusion.trained_noise import Flow, TrainedNoise, alphas_cumprod_of
from pipeline.spec.samplers import SAMPLER_FACTS, SamplerName, Spacing
from pipeline.spec.spacing import most_spaced

Values = NDArray[np.float64]
Spread = Callable[[int, int, int], Values]
"""`(timesteps, steps, offset) -> (steps,)`: the timesteps that are visited, ascending."""

_LEAST = 2.0**-24
"""The alpha-bar that stands for 0 where a sampler counts in sigma / alpha, as in diffusers."""
_RHO = 7
"""Exponent of Karras et al. 2022, eq. 5."""


def spaced(
    trained: TrainedNoise,
    name: SamplerName,
    steps: int,
    spacing: Spacing | None = None,
    *,
    places: int | None = None,
) -> NoiseSchedule:
    """The `steps` noise levels that the sampler visits: the last of them first.

    A `spacing` of None is the network's, or that of the distillation for `lcm`. `places`, the
    tokens of a transformer, count where the shift of a flow goes by them.

    Raises:
        ValueError: the sampler cannot take so many steps, or a flow has no such spacing.
    """
    if trained.flow is not None:
        most = _CONVENTIONS[name].flow_from
        return _spaced_flow(trained, trained.flow, steps, spacing, places, most)
    limit = partial(
        most_spaced,
        steps_offset=trained.steps_offset,
        distilled_steps=trained.distilled_steps,
    )
    chosen = _chosen(trained, name, spacing)
    most = limit(name, chosen, len(trained.schedule))
    if not 1 <= steps <= most:
        how = "as it was distilled" if chosen is None else f"with {chosen} spacing"
        raise ValueError(f"steps is {steps}; {name} {how} allows 1 to {most} with this network")
    abar, seen = _levels(trained, name, steps, chosen)
    clean = _CONVENTIONS[name].ends_clean(trained)
    final = 1.0 if clean else max(trained.schedule.alphas_cumprod[0].item(), abar[0])
    evenly = trained.spacing if chosen == "karras" else chosen
    unit = _CONVENTIONS[name].unit or evenly == "leading"
    return NoiseSchedule(torch.from_numpy(abar), torch.from_numpy(seen), final, unit)


def _chosen(trained: TrainedNoise, name: SamplerName, spacing: Spacing | None) -> Spacing | None:
    """The spacing; None for that of a distillation."""
    if spacing is not None or SAMPLER_FACTS[name].distilled:
        return spacing
    return "karras" if trained.karras else trained.spacing


def _levels(
    trained: TrainedNoise, name: SamplerName, steps: int, spacing: Spacing | None
) -> tuple[Values, Values]:
    """alpha-bar of the levels, descending, and the timesteps that the network is told."""
    convention, count = _CONVENTIONS[name], len(trained.schedule)
    table = trained.schedule.alphas_cumprod.numpy()
    if not convention.takes_zero or trained.prediction == "epsilon" or spacing == "karras":
        # What is small and not 0, as the last of a cosine's levels, stays what it is.
        table = np.where(table == 0, _LEAST, table)
    if spacing is None:
        seen = _distilled(count, steps, trained.distilled_steps)
    elif spacing == "karras":
        return _karras_levels(trained, name, steps, table)
    else:
        seen = convention.spreads[spacing](count, steps, trained.steps_offset)
    if convention.whole:
        seen = seen.round()
        return table[seen.astype(int)], seen
    return _alphas_cumprod(np.interp(seen, np.arange(count), _sigmas(table))), seen


def _karras_levels(
    trained: TrainedNoise, name: SamplerName, steps: int, table: Values
) -> tuple[Values, Values]:
    convention, count, sigmas = _CONVENTIONS[name], len(table), _sigmas(table)
    ends = sigmas[0], sigmas[-1]
    if not SAMPLER_FACTS[name].ends_between:
        evenly = convention.spreads[trained.spacing](count, steps, trained.steps_offset)
        low, high = np.interp(evenly[[0, -1]], np.arange(count), sigmas)
        ends = low, high
    visited = _karras(*ends, steps)
    seen = np.interp(np.log(visited), np.log(sigmas), np.arange(count))
    return _alphas_cumprod(visited), seen.round() if convention.whole else seen


def _karras(low: float, high: float, steps: int) -> Values:
    """`steps` values from `low` to `high`, evenly spread in their 7th root."""
    ramp = np.linspace(0, 1, steps)
    roots = high ** (1 / _RHO) + ramp * (low ** (1 / _RHO) - high ** (1 / _RHO))
    return np.asarray(roots[::-1] ** _RHO)


def _sigmas(abar: Values) -> Values:
    return np.sqrt((1 - abar) / abar)


def _alphas_cumprod(sigmas: Values) -> Values:
    return 1 / (1 + np.square(sigmas))


def _spaced_flow(
    trained: TrainedNoise,
    flow: Flow,
    steps: int,
    spacing: Spacing | None,
    places: int | None,
    most: float,
) -> NoiseSchedule:
    chosen = spacing or ("karras" if trained.karras else trained.spacing)
    evenly = trained.spacing if chosen == "karras" else chosen
    if evenly == "leading":
        raise ValueError("a flow-matching network begins at pure noise, so leading is no spacing")
    if not 1 <= steps <= flow.timesteps:
        raise ValueError(f"steps is {steps}; this network allows 1 to {flow.timesteps}")
    last = flow.least if evenly == "linspace" else 1 / steps
    even = torch.from_numpy(np.linspace(1, last, steps)[::-1].copy())
    s = flow.shifted(even, places)
    if chosen == "karras":
        s = torch.from_numpy(_karras(s[0].item(), s[-1].item(), steps))
    s = s.clamp(max=most)
    return NoiseSchedule(alphas_cumprod_of(s), seen=s * flow.timesteps)


def _distilled(timesteps: int, steps: int, distilled_steps: int) -> Values:
    """Timesteps out of those of a consistency distillation (Luo et al. 2023, arXiv:2310.04378)."""
    known = np.arange(1, distilled_steps + 1) * (timesteps // distilled_steps) - 1
    places = np.floor(np.linspace(0, distilled_steps, steps, endpoint=False)).astype(int)
    return np.asarray(known[::-1][places][::-1], np.float64)


def _trailing(timesteps: int, steps: int, offset: int) -> Values:
    # Not of integers: where a timestep lies halfway, diffusers' rounding of this very sum decides.
    return np.arange(timesteps, 0, -timesteps / steps)[:steps][::-1].round() - 1


_STRIDED: Mapping[Spacing, Spread] = {
    "leading": lambda timesteps, steps, offset: (
        np.arange(0.0, steps) * (timesteps // steps) + offset
    ),
    "trailing": _trailing,
    "linspace": lambda timesteps, steps, offset: np.linspace(0, timesteps - 1, steps),
}
"""As many timesteps as steps."""

_BETWEEN: Mapping[Spacing, Spread] = {
    "leading": lambda timesteps, steps, offset: (
        np.arange(1.0, steps + 1) * (timesteps // (steps + 1)) + offset
    ),
    "trailing": _trailing,
    "linspace": lambda timesteps, steps, offset: np.linspace(0, timesteps - 1, steps + 1)[1:],
}
"""One timestep more, the least noisy of which is left to the clean picture."""


@dataclass(frozen=True, slots=True)
class _Convention:
    spreads: Mapping[Spacing, Spread]
    ends_clean: Callable[[TrainedNoise], bool]
    whole: bool = True
    """Whether the network is told whole timesteps only."""
    unit: bool = True
    """Whether noise alone is taken for the first level, however much of a picture that has;
    otherwise only where timesteps are leading."""
    takes_zero: bool = False
    """Whether the noisiest level may have an alpha of 0."""
    flow_from: float = 1.0
    """The time of a flow that stands for pure noise: less than 1 where its log-SNR counts."""


def _always(trained: TrainedNoise) -> bool:
    return True


def _to_one(trained: TrainedNoise) -> bool:
    return trained.set_alpha_to_one


def _to_zero(trained: TrainedNoise) -> bool:
    return trained.sigma_to_zero


_CONVENTIONS: Mapping[SamplerName, _Convention] = {
    **dict.fromkeys(("ddim", "plms", "lcm"), _Convention(_STRIDED, _to_one, takes_zero=True)),
    "euler": _Convention(_STRIDED, _to_zero, whole=False, unit=False),
    **dict.fromkeys(("euler_a", "heun"), _Convention(_STRIDED, _always, whole=False, unit=False)),
    **dict.fromkeys(
        ("dpmpp_2m", "dpmpp_2m_sde", "unipc"),
        _Convention(_BETWEEN, _to_zero, flow_from=1 - 1e-6),
    ),
}
