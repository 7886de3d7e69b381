"""Denoisers around denoisers: guidance by a gradient, by a prompt; thresholding.

Convention:
    Each function takes a `Denoiser` and gives a `Denoiser` with the same schedule, so that they
    nest and no sampler knows of them. `cond_fn` is the field's name for the gradient of
    log p(y | x_t) with respect to x_t, where y is what the picture shall be.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from pipeline.diffusion.gradient import Estimator, through_denoiser
from pipeline.diffusion.schedule import NoiseSchedule
from pipeline.protocols import Denoiser
from pipeline.spec.step_schedule import StepSchedule

_LEAST_ALPHA = 1e-3
"""Below it a gradient says nothing of a picture; schedules for pure noise go there in one step."""

CondFn = Callable[[Tensor, Tensor, Tensor], Tensor]
"""Gradient of log p(y | x_t): `(x, t, denoised) -> gradient`, all `(N, 3, H, W)` but `t`.

`x` requires grad and `denoised` depends on it. `denoised` is the estimate to judge: the denoiser's,
unless an `Estimator` puts another there.
"""


@dataclass(frozen=True, slots=True, eq=False)
class _Wrapped:
    """A function with the schedule of the denoiser that it calls."""

    schedule: NoiseSchedule
    denoise: Callable[[Tensor, Tensor], Tensor]

    def __call__(self, x: Tensor, t: Tensor) -> Tensor:
        return self.denoise(x, t)


def with_schedule(schedule: NoiseSchedule, denoise: Callable[[Tensor, Tensor], Tensor]) -> Denoiser:
    """A function `(x, t) -> denoised` as a `Denoiser`."""
    return _Wrapped(schedule, denoise)


def guide(
    denoiser: Denoiser,
    cond_fn: CondFn,
    *,
    estimator: Estimator = through_denoiser,
    clamp_max: float | None = None,
) -> Denoiser:
    """The estimate of x_0 given y: `denoised + sigma^2 / alpha * cond_fn(x, t, denoised)`.

    Dhariwal & Nichol 2021, algorithm 2 (arXiv:2105.05233), in terms of x_0; by Tweedie's formula it
    is exact where the gradient is. The network's graph lives for one call, also under no_grad; the
    result carries none. `estimator` says which estimate `cond_fn` judges, and which network it is
    differentiated through; `pipeline.diffusion.gradient` has three.

    sigma^2 / alpha grows without bound towards pure noise, so `clamp_max`, 0 or more, caps the
    root mean square of each picture's gradient and keeps its direction. Where alpha is less than a
    thousandth, nothing of a picture can be seen in x yet, and the estimate stays as it is.

    Raises:
        ValueError: `clamp_max` is negative.
        FloatingPointError: when called, if the gradient is not finite.
    """
    if clamp_max is not None and not clamp_max >= 0:
        raise ValueError(f"clamp_max is {clamp_max:g}; it is 0 or more, or None for no cap")
    cap = math.inf if clamp_max is None else clamp_max

    def guided(x: Tensor, t: Tensor) -> Tensor:
        with torch.enable_grad():
            x = x.detach().requires_grad_()
            denoised, judged = estimator(denoiser, x, t)
            gradient = cond_fn(x, t, judged).detach()
        alpha, sigma = denoiser.schedule.at(x, t)
        alpha = alpha.masked_fill(alpha < _LEAST_ALPHA, math.inf)
        return denoised.detach() + sigma.square() / alpha * _capped(gradient, t, cap)

    return _Wrapped(denoiser.schedule, guided)


def _capped(gradient: Tensor, t: Tensor, cap: float) -> Tensor:
    """`gradient` with a root mean square of at most `cap` in each picture."""
    dtype = torch.promote_types(gradient.dtype, torch.float32)
    norm: Tensor = torch.linalg.vector_norm(gradient, dim=(1, 2, 3), keepdim=True, dtype=dtype)
    if not norm.isfinite().all():
        raise FloatingPointError(f"the guidance gradient at timestep {t.tolist()} is not finite")
    rms = norm / math.sqrt(gradient[0].numel())
    # Where the gradient is 0 any finite factor will do; `tiny` keeps it from being 0 / 0.
    factor = rms.clamp(max=cap) / rms.clamp(min=torch.finfo(dtype).tiny)
    return gradient * factor.to(gradient.dtype)


def classifier_free(both: Denoiser, scale: float) -> Denoiser:
    """`without + scale * (with_prompt - without)` (Ho & Salimans 2021, eq. 6, arXiv:2207.12598).

    `both` takes every picture twice, and answers the first half of its batch as the prompt asks and
    the second as if there were none: one pass of 2 N pictures costs less than two of N. `scale` 0
    ignores the prompt, 1 is the conditional network, more exaggerates the difference.
    """

    def denoise(x: Tensor, t: Tensor) -> Tensor:
        with_prompt, without = both(torch.cat([x, x]), torch.cat([t, t])).chunk(2)
        return torch.lerp(without, with_prompt, scale)

    return _Wrapped(both.schedule, denoise)


def shared_scales(scale: float, shares: Sequence[float]) -> list[float]:
    """The scale of each of several prompts, of which `shares`, -1 to 1, says how much it counts.

    Up to 1, where the conditional network is, they have it together: 1 of two equal ones is their
    mean, not twice the way from no prompt. What exaggerates, beyond 1, each prompt has for itself.
    """
    together = sum(share for share in shares if share > 0) or 1.0
    within, beyond = min(scale, 1.0) / together, max(scale - 1.0, 0.0)
    return [share * (within + beyond) for share in shares]


def composed(each: Denoiser, scales: Sequence[float]) -> Denoiser:
    """Guidance by several prompts: `without + sum of scale * (with_prompt - without)`.

    Liu et al. 2022, eq. 11 (arXiv:2206.01714), in terms of x_0.

    `each` takes every picture once for each of K prompts, with its scale in `scales`, and once
    more, at the end of its batch of (K + 1) N, for none. A negative scale leads away from a prompt.
    """
    times = len(scales) + 1

    def denoise(x: Tensor, t: Tensor) -> Tensor:
        *told, without = each(x.repeat(times, 1, 1, 1), t.repeat(times)).chunk(times)
        led = [scale * (one - without) for scale, one in zip(scales, told, strict=True)]
        return without + torch.stack(led).sum(0)

    return _Wrapped(each.schedule, denoise)


def scheduled(values: StepSchedule, make: Callable[[float], Denoiser]) -> Denoiser:
    """At each timestep the denoiser that `make` gives for the value that holds there.

    The pictures of a batch share one timestep. Where there is one value only, it is that denoiser.
    """
    made = {value: make(value) for _, value in values.steps}
    first, *others = made.values()
    if not others:
        return first
    schedule = first.schedule

    def denoise(x: Tensor, t: Tensor) -> Tensor:
        return made[values(schedule.progress(int(t[0])))](x, t)

    return _Wrapped(schedule, denoise)


def static_threshold(denoiser: Denoiser) -> Denoiser:
    """Pictures clamped to [-1, 1]: guided-diffusion's `clip_denoised`."""
    return _Wrapped(denoiser.schedule, lambda x, t: denoiser(x, t).clamp(-1, 1))


def dynamic_threshold(denoiser: Denoiser, percentile: float) -> Denoiser:
    """Pictures brought back to [-1, 1] (Saharia et al. 2022, section 2.3, arXiv:2205.11487).

    Each picture is clamped to [-s, s] and divided by s, the `percentile` in (0, 1) of its absolute
    values by nearest rank, or 1 where that is less. A `percentile` of 1 is the static threshold:
    dividing by the largest value would let a single pixel grey out the picture.

    Raises:
        ValueError: `percentile` is outside (0, 1].
    """
    if not 0 < percentile <= 1:
        raise ValueError(f"percentile is {percentile:g}; it is above 0 and at most 1")
    if percentile == 1:
        return static_threshold(denoiser)

    def denoise(x: Tensor, t: Tensor) -> Tensor:
        denoised = denoiser(x, t)
        sizes = denoised.abs().flatten(1)
        # Not torch.quantile, which refuses pictures of more than 16 million values.
        s = sizes.kthvalue(math.ceil(percentile * sizes.shape[1])).values.clamp(min=1)
        s = s.view(-1, 1, 1, 1)
        return denoised.clamp(-s, s) / s

    return _Wrapped(denoiser.schedule, denoise)
