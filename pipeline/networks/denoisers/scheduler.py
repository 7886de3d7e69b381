"""Noise schedule and prediction type of a network, from the settings of its diffusers scheduler.

Of `scheduler_config.json` only these two facts count; the timesteps and the method of the
sampling are for the scene to say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Self

import torch
from pydantic import model_validator
from torch import Tensor

from pipeline.catalogue.scheduler_file import SchedulerFile
from pipeline.diffusion.schedule import NoiseSchedule, cosine_schedule, scaled_linear_schedule

Prediction = Callable[[Tensor, Tensor, Tensor, Tensor], Tensor]
"""From a network's output to the estimate of x_0: `(x, output, alpha, sigma) -> denoised`."""

PREDICTIONS: Mapping[str, Prediction] = {
    "sample": lambda x, output, alpha, sigma: output,
    "epsilon": lambda x, output, alpha, sigma: (x - sigma * output) / alpha,
    "v_prediction": lambda x, output, alpha, sigma: alpha * x - sigma * output,
}
"""Conversions by what a network was trained to predict (Salimans & Ho 2022, section 4)."""


class SchedulerConfig(SchedulerFile):
    """`scheduler/scheduler_config.json`, whose noise grows from step to step."""

    def noise_schedule(self) -> NoiseSchedule:
        """The noise schedule that diffusers derives from these settings."""
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
