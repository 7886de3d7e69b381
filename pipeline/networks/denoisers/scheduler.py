"""Noise and prediction type of a network, from the settings of its diffusers scheduler.

The method of the sampling is for the scene to say, and so are the timesteps, where it does.

Convention:
    A network's output becomes an estimate of x_0 by `(x, output, alpha, sigma) -> denoised`, where
    `x = alpha x_0 + sigma eps`. Flow matching is trained on `(1 - s) x_0 + s eps` with
    `s = sigma / (alpha + sigma)`, which is `x / (alpha + sigma)`, and predicts `eps - x_0`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Self

import torch
from pydantic import model_validator
from torch import Tensor

from pipeline.catalogue.config import read_config
from pipeline.catalogue.scheduler_file import (
    FlowFile,
    SchedulerFile,
    Variances,
    VariancesFile,
    read_published_scheduler,
)
from pipeline.diffusion.schedule import (
    NoiseSchedule,
    cosine_schedule,
    scaled_linear_schedule,
    zero_terminal_snr,
)
from pipeline.diffusion.trained_noise import Flow, PlacesShift, TrainedNoise, flow_noise

Prediction = Callable[[Tensor, Tensor, Tensor, Tensor], Tensor]
"""From a network's output to the estimate of x_0: `(x, output, alpha, sigma) -> denoised`."""

PREDICTIONS: Mapping[str, Prediction] = {
    "sample": lambda x, output, alpha, sigma: output,
    "epsilon": lambda x, output, alpha, sigma: (x - sigma * output) / alpha,
    "v_prediction": lambda x, output, alpha, sigma: alpha * x - sigma * output,
    "flow_prediction": lambda x, output, alpha, sigma: (x - sigma * output) / (alpha + sigma),
}
"""Conversions by what a network was trained to predict (Salimans & Ho 2022, section 4; Esser et al.
2024, section 2)."""


class SchedulerConfig(SchedulerFile):
    """`scheduler/scheduler_config.json`, whose noise grows from step to step."""

    def noise_schedule(self) -> NoiseSchedule:
        """The noise schedule that diffusers derives from these settings."""
        return _SCHEDULES[self.beta_schedule](self)

    @model_validator(mode="after")
    def _noise_grows(self) -> Self:
        self.noise_schedule()
        return self


def read_trained_noise(path: Path) -> TrainedNoise:
    """What the scheduler file of a text-to-image network says of its noise and its prediction.

    Raises:
        ModelError: it cannot be read, or it is of a class or has settings that are not known here.
    """
    published = read_published_scheduler(path)
    if isinstance(published, FlowFile):
        return _of_flow(published)
    return read_config(path, _PublishedConfig).trained_noise()


def trained_noise_of(settings: Mapping[str, Any]) -> TrainedNoise:
    """`read_trained_noise` of what such a file of variances holds; ValueError where it is wrong."""
    return _PublishedConfig.model_validate(dict(settings)).trained_noise()


class _PublishedConfig(VariancesFile):
    def trained_noise(self) -> TrainedNoise:
        schedule = _SCHEDULES[self.beta_schedule](self)
        return TrainedNoise(
            zero_terminal_snr(schedule) if self.rescale_betas_zero_snr else schedule,
            self.prediction_type,
            self.timestep_spacing,
            karras=self.use_karras_sigmas,
            steps_offset=self.steps_offset,
            set_alpha_to_one=self.set_alpha_to_one,
            sigma_to_zero=self.final_sigmas_type == "zero",
            distilled_steps=self.original_inference_steps,
        )

    @model_validator(mode="after")
    def _noise_grows(self) -> Self:
        self.trained_noise()
        return self


def _of_flow(file: FlowFile) -> TrainedNoise:
    by_places = PlacesShift(
        file.base_shift,
        file.max_shift,
        file.base_image_seq_len,
        file.max_image_seq_len,
        exponential=file.time_shift_type == "exponential",
    )
    dynamic = by_places if file.use_dynamic_shifting else None
    flow = Flow(file.num_train_timesteps, file.shift, dynamic)
    return flow_noise(flow, karras=file.use_karras_sigmas)


_SCHEDULES: Mapping[str, Callable[[Variances], NoiseSchedule]] = {
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
