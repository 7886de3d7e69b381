"""Karlo's last stage, which makes a frame of the small picture of its decoder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import interpolate

from pipeline.diffusion.noise import NoiseSource, standard_normal
from pipeline.networks.memory.offload import loaded_on
from pipeline.networks.text_to_image.parts.network import Steered
from pipeline.networks.text_to_image.stages.stage_noise import StageScheduler, sample_stage
from pipeline.networks.text_to_image.unclip.prior import spread_timesteps

ENLARGING_STEPS = 7
"""Steps of the stage."""


@dataclass(frozen=True, slots=True, eq=False)
class Enlarging:
    """A stage that reads no prompt, and whose last step has a network of its own.

    Its weights are on `device` while it works.
    """

    first: Any
    """`UNet2DModel` of 6 channels of all steps but the last."""
    last: Any
    scheduler: StageScheduler
    device: torch.device
    steps: int = ENLARGING_STEPS

    @torch.no_grad()
    def __call__(
        self, x: Tensor, condition: Steered, noise: NoiseSource, size: tuple[int, int]
    ) -> Tensor:
        """The pictures `(N, 3, H, W)` of small ones, `x`; `size` is (width, height) in pixels.

        All random numbers come from `noise`, so the same frame is finished the same way again.
        """
        width, height = size
        small = x.to(self.device).clamp(-1, 1)
        large = interpolate(
            small, (height, width), mode="bicubic", align_corners=False, antialias=True
        )
        start = standard_normal(large.shape, noise).to(large)
        times = spread_timesteps(self.scheduler.num_train_timesteps, self.steps)

        def ask(x: Tensor, t: int) -> tuple[Tensor, Tensor]:
            network = self.last if t == times[-1] else self.first
            seen = torch.cat([x, large], 1).to(network.dtype)
            with loaded_on(network, self.device):
                output: Tensor = network(seen, t, return_dict=False)[0].to(x.dtype)
            return output[:, : x.shape[1]], output[:, x.shape[1] :]

        return sample_stage(ask, start, self.scheduler, times, noise)
