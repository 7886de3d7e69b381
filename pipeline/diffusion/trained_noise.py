"""What a published network was trained on: its noise, how it is sampled, and what it predicts.

Convention:
    Flow matching mixes pictures and noise by a time s in [0, 1], `x_s = (1 - s) x_0 + s eps`
    (Lipman et al. 2023, arXiv:2210.02747; Esser et al. 2024, arXiv:2403.03206). Divided by
    `sqrt((1 - s)^2 + s^2)` that is our `alpha x_0 + sigma eps`, so a flow is a table of noise
    levels as any other, and `s = sigma / (alpha + sigma)`.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp

import torch
from torch import Tensor

from pipeline.diffusion.schedule import NoiseSchedule
from pipeline.spec.samplers import Spacing
from pipeline.spec.spacing import LCM_STEPS


@dataclass(frozen=True, slots=True)
class PlacesShift:
    """A shift of flow times that grows with the picture, as that of Flux.

    Its logarithm (or it itself, where not `exponential`) goes linearly from `base_shift` at
    `base_places` to `max_shift` at `max_places` places, the tokens of a transformer.
    """

    base_shift: float = 0.5
    max_shift: float = 1.15
    base_places: int = 256
    max_places: int = 4096
    exponential: bool = True

    def at(self, places: int) -> float:
        """The shift for a picture of so many places."""
        slope = (self.max_shift - self.base_shift) / (self.max_places - self.base_places)
        mu = self.base_shift + slope * (places - self.base_places)
        return exp(mu) if self.exponential else mu


@dataclass(frozen=True, slots=True)
class Flow:
    """The times of a flow-matching network, which is told `s` times the number of its timesteps."""

    timesteps: int = 1000
    shift: float = 1.0
    """How far times are moved towards noise; 1 leaves them even (Esser et al. 2024, eq. 23)."""
    by_places: PlacesShift | None = None
    """The shift by the size of the picture, in the place of `shift`."""

    def shifted(self, s: Tensor, places: int | None) -> Tensor:
        """Even times `s` in (0, 1], moved towards noise, for a picture of so many places.

        Raises:
            ValueError: the shift goes by the places, and there are none.
        """
        shift = self.shift
        if self.by_places is not None:
            if places is None:
                raise ValueError("the shift of this flow goes by the size of the picture; name it")
            shift = self.by_places.at(places)
        return shift * s / (1 + (shift - 1) * s)

    @property
    def least(self) -> float:
        """The smallest time of the training, in (0, 1)."""
        first = torch.tensor(1 / self.timesteps, dtype=torch.float64)
        return (first if self.by_places else self.shifted(first, None)).item()


@dataclass(frozen=True, slots=True, eq=False)
class TrainedNoise:
    """The noise levels of a network's training, and what its file says of sampling with them."""

    schedule: NoiseSchedule
    prediction: str = "epsilon"
    """What the network predicts: `epsilon`, `sample`, `v_prediction` or `flow_prediction`."""
    spacing: Spacing = "leading"
    """How timesteps are spaced unless a scene says otherwise; not `karras`, see there."""
    karras: bool = False
    """Whether noise levels are spread by Karras et al. unless a scene says otherwise; `spacing`
    still says where they end for samplers that go by it."""
    steps_offset: int = 0
    """How far `leading` timesteps are moved towards the noise."""
    set_alpha_to_one: bool = True
    """Whether DDIM and PLMS end at the clean picture, and not at the least noisy level."""
    sigma_to_zero: bool = True
    """Whether Euler, DPM-Solver++ and UniPC end at the clean picture, and not at that level."""
    distilled_steps: int = LCM_STEPS
    """Timesteps that a latent consistency model was distilled on."""
    flow: Flow | None = None
    """The times of a flow-matching network; `schedule` has their levels."""


def flow_noise(flow: Flow, spacing: Spacing = "linspace", *, karras: bool = False) -> TrainedNoise:
    """The noise of a flow-matching network.

    `linspace` goes from pure noise to the least time of the training, as Stable Diffusion 3 is
    sampled, `trailing` to one n-th of n steps, as Flux is.
    """
    even = torch.arange(1, flow.timesteps + 1, dtype=torch.float64) / flow.timesteps
    s = even if flow.by_places else flow.shifted(even, None)
    schedule = NoiseSchedule(alphas_cumprod_of(s), seen=s * flow.timesteps)
    return TrainedNoise(schedule, "flow_prediction", spacing, karras=karras, flow=flow)


def alphas_cumprod_of(s: Tensor) -> Tensor:
    """alpha-bar of the flow times `s` in (0, 1]; 0 at 1, which is pure noise."""
    kept = (1 - s).square()
    return kept / (kept + s.square())
