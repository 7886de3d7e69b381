"""Denoisers from guided-diffusion checkpoints, the networks of Disco Diffusion.

A checkpoint is one file of weights; what it is a network of stands in a `GuidedDiffusionConfig`,
one of the known `CONFIGURATIONS` or the JSON file beside it (`config_beside`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import torch
from torch import Tensor

from pipeline.catalogue.guided_config import GuidedDiffusionConfig
from pipeline.catalogue.guided_shapes import described, remedy
from pipeline.diffusion.schedule import NoiseSchedule, cosine_schedule, linear_schedule
from pipeline.diffusion.spacing import spaced
from pipeline.diffusion.trained_noise import TrainedNoise
from pipeline.networks.denoisers.guided_unet import COLOURS, GuidedUNet
from pipeline.networks.denoisers.scheduler import PREDICTIONS
from pipeline.networks.denoisers.sizes import check_sides
from pipeline.networks.files.checkpoint import read_checkpoint
from pipeline.networks.files.weights import fill, tensor_shapes
from pipeline.spec.denoise import SamplerSpec

_TIME_SCALE = 1000
"""Exclusive upper end of the timesteps that networks with `rescale_timesteps` are given."""


@dataclass(frozen=True, slots=True, eq=False)
class GuidedDiffusion:
    """A guided-diffusion network with its schedule: a `Denoiser` that takes no prompt."""

    unet: GuidedUNet
    schedule: NoiseSchedule
    timesteps: int | None = None
    """How many timesteps the training had, where `schedule` is a choice of them."""

    @property
    def prompt_size(self) -> None:
        """None: these networks take no prompt embedding, and CLIP guidance steers them."""
        return None

    @property
    def size_multiple(self) -> int:
        """Divisor in pixels of the width and the height of every picture."""
        return self.unet.config.size_multiple

    def bind(self, embedding: Tensor | None) -> Self:
        """This denoiser, whatever the prompt: it is conditioned on none."""
        return self

    def for_sampling(self, sampler: SamplerSpec) -> Self:
        """This network on the schedule that guided-diffusion samples with in so many steps.

        Guided-diffusion samples at every k-th timestep, so where the number of steps does not
        divide 1000, the schedule has another length: D, the largest multiple of `steps` up to 1000,
        or `steps` where that is more. `respaced(D, steps)` then has the noise levels of its
        `ddim<steps>`, as Disco Diffusion sets it, and the network gets the same timesteps. A
        network without `rescale_timesteps` knows only the timesteps of its training, and stays.
        Where the sampler names a spacing, the levels are chosen out of those of the training.

        Raises:
            ModelError: there are fewer levels than steps.
            ValueError: there is no step.
        """
        config, steps = self.unet.config, sampler.steps
        if sampler.spacing is not None:
            schedule = NOISE_SCHEDULES[config.noise_schedule](config.diffusion_steps)
            trained = TrainedNoise(schedule, spacing="linspace")
            chosen = spaced(trained, sampler.name, steps, sampler.spacing)
            return replace(self, schedule=chosen, timesteps=config.diffusion_steps)
        if steps < 1:
            raise ValueError(f"steps is {steps}; it is at least 1")
        if not config.rescale_timesteps:
            return self
        schedule = NOISE_SCHEDULES[config.noise_schedule](config.schedule_len(steps))
        return replace(self, schedule=schedule)

    def __call__(self, x: Tensor, t: Tensor) -> Tensor:
        """The estimate of x_0, `(N, 3, H, W)`, differentiable in `x`.

        Raises:
            ValueError: a side of `x` is not a multiple of `size_multiple`.
        """
        config = self.unet.config
        check_sides(x, config.size_multiple)
        count = self.timesteps or len(self.schedule)
        scale = _TIME_SCALE / count if config.rescale_timesteps else 1.0
        # A learned variance, which DDIM has no use for, follows the colours.
        output = self.unet(x, self.schedule.told(t).float() * scale)[:, :COLOURS]
        prediction = "sample" if config.predict_xstart else "epsilon"
        return PREDICTIONS[prediction](x, output, *self.schedule.at(x, t))


def load_guided_diffusion(
    weights: Path,
    config: GuidedDiffusionConfig,
    device: torch.device,
    dtype: torch.dtype = torch.float32,
) -> GuidedDiffusion:
    """The network in a checkpoint, on `device`; its convolutions run in `dtype`.

    Half precision halves memory and time on a GPU. Of the two kinds bfloat16 is the safer one for
    guidance through the network, whose gradients are small.

    Raises:
        ModelError: the file is missing, damaged, or does not fit `config`.
    """
    state = read_checkpoint(weights)
    with torch.device("meta"):
        unet = GuidedUNet(config)
    unet.cast_convolutions(dtype)
    fill(
        unet,
        state,
        weights,
        device,
        architecture=described(config),
        remedy=lambda: remedy(tensor_shapes(state)),
    )
    return GuidedDiffusion(unet, NOISE_SCHEDULES[config.noise_schedule](config.diffusion_steps))


NOISE_SCHEDULES: Mapping[str, Callable[[int], NoiseSchedule]] = {
    "linear": linear_schedule,
    "cosine": cosine_schedule,
}
"""The noise of the training by the names of configurations: from the number of timesteps."""
