"""What a diffusers scheduler says of its network: the noise it was trained on, and its prediction.

Of `scheduler_config.json` only these two facts count: which timesteps a sampler visits, and how, is
for the scene to say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Literal, Self

import torch
from pydantic import Field, model_validator
from torch import Tensor

from pipeline.catalogue.config import ForeignConfig
from pipeline.diffusion.schedule import NoiseSchedule, cosine_schedule, scaled_linear_schedule

Prediction = Callable[[Tensor, Tensor, Tensor, Tensor], Tensor]
"""`(x, output, alpha, sigma) -> denoised`."""

PREDICTIONS: Mapping[str, Prediction] = {
    "sample": lambda x, output, alpha, sigma: output,
    "epsilon": lambda x, output, alpha, sigma: (x - sigma * output) / alpha,
    "v_prediction": lambda x, output, alpha, sigma: alpha * x - sigma * output,
}
"""What a network may have been trained to predict (Salimans & Ho 2022, section 4)."""

_Beta = Annotated[float, Field(gt=0, lt=1)]


class SchedulerConfig(ForeignConfig):
    """`scheduler/scheduler_config.json`; what a file leaves out is what diffusers assumes."""

    # Other classes assume other noise, or know no variances at all.
    class_name: Literal["DDIMScheduler", "DDPMScheduler", "PNDMScheduler"] = Field(
        alias="_class_name"
    )
    num_train_timesteps: Annotated[int, Field(ge=1, le=100_000)] = 1000
    beta_schedule: Literal["linear", "scaled_linear", "squaredcos_cap_v2"] = "linear"
    beta_start: _Beta = 1e-4
    beta_end: _Beta = 0.02
    prediction_type: Literal["epsilon", "sample", "v_prediction"] = "epsilon"
    # Two ways to say other variances than those of `beta_schedule`.
    trained_betas: None = None
    rescale_betas_zero_snr: Literal[False] = False

    def noise_schedule(self) -> NoiseSchedule:
        """The noise levels that these settings mean to diffusers."""
        return _SCHEDULES[self.beta_schedule](self)

    @model_validator(mode="after")
    def _noise_grows(self) -> Self:
        self.noise_schedule()
        return self


_SCHEDULES: Mapping[str, Callable[[SchedulerConfig], NoiseSchedule]] = {
    # diffusers takes the two ends as they are, whatever the number of steps.
    "linear": lambda config: NoiseSchedule.from_betas(
        torch.linspace(
            config.beta_start, config.beta_end, config.num_train_timesteps, dtype=torch.float64
        )
    ),
    "scaled_linear": lambda config: scaled_linear_schedule(
        config.num_train_timesteps, config.beta_start, config.beta_end
    ),
    "squaredcos_cap_v2": lambda config: cosine_schedule(config.num_train_timesteps),
}
