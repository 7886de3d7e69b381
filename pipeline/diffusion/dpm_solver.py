"""DPM-Solver++(2M): DDIM's step towards an estimate extrapolated from the last two."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import inf, log

from torch import Tensor

from pipeline.diffusion.noise import NoiseSource
from pipeline.diffusion.steps import Step, steps_towards
from pipeline.protocols import Denoiser

_FEW = 15
"""Steps from which on one to a level that is no clean picture is of second order too."""


def sample_dpmpp_2m(
    denoiser: Denoiser,
    x: Tensor,
    timesteps: Sequence[int],
    *,
    eta: float,
    generator: NoiseSource,
) -> Iterator[Step]:
    """The steps that turn `x`, noised to `timesteps[0]`, into a picture.

    `eta` 0 is DPM-Solver++(2M) (Lu et al. 2022b, algorithm 2, arXiv:2211.01095), 1 is
    SDE-DPM-Solver++(2M) of the same paper. Between them a step draws `eta` times the noise of the
    latter, as in DDIM. The first and the last step are DDIM's: one has no estimate before it, the
    other no finite log-SNR after it. `timesteps` descend; the last `x` is the last `denoised`.

    Raises:
        ValueError: `eta` or `timesteps` are out of range, or the timesteps do not descend.
    """
    return steps_towards(_extrapolated, denoiser, x, timesteps, eta=eta, generator=generator)


def _extrapolated(
    levels: Sequence[float], index: int, denoised: Tensor, previous: Tensor
) -> Tensor:
    return denoised + _lead(levels, index) * (denoised - previous)


def _lead(levels: Sequence[float], index: int) -> float:
    """Extrapolation weight of step `index`: half its length over the last one's; 0 at either end.

    Lengths are measured in lambda = log(alpha / sigma); a step from pure noise is infinitely long.
    """
    if not 0 < index < _extrapolates_until(levels):
        return 0.0
    before, here, after = (half_log_snr(abar) for abar in levels[index - 1 : index + 2])
    return (after - here) / (2 * (here - before))


def _extrapolates_until(levels: Sequence[float]) -> int:
    """The number of steps before the last one of first order."""
    steps = len(levels) - 1
    # Where the end is no clean picture, diffusers spares few steps only.
    return steps - 1 if levels[-1] == 1 or steps < _FEW else steps


def half_log_snr(abar: float) -> float:
    """lambda = log(alpha / sigma) of an alpha-bar in [0, 1): minus infinity for pure noise."""
    return log(abar / (1 - abar)) / 2 if abar else -inf
