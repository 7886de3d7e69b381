"""The second stage of DeepFloyd IF, which makes a frame of the small picture of the first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import interpolate

from pipeline.diffusion.noise import NoiseSource, standard_normal
from pipeline.diffusion.schedule import NoiseSchedule, add_noise
from pipeline.networks.memory.offload import loaded_on
from pipeline.networks.text_to_image.parts.condition import stacked
from pipeline.networks.text_to_image.parts.network import Steered
from pipeline.networks.text_to_image.stages.stage_noise import (
    Ask,
    StageScheduler,
    sample_stage,
    strided_timesteps,
)

STAGE_STEPS = 50
"""Steps of the second stage."""
STAGE_SCALE = 4.0
"""Scale of its classifier-free guidance."""
NOISE_LEVEL = 250
"""Timestep to which the small picture is noised before the stage sees it."""


@dataclass(frozen=True, slots=True, eq=False)
class SuperResolution:
    """A stage that is shown the small picture, enlarged and noised, and told how much it is noised.

    Noising keeps the stage from trusting every fault of the small picture (Ho et al. 2022,
    "Cascaded Diffusion Models", arXiv:2106.15282). Its weights are on `device` while it works.
    """

    unet: Any
    """`UNet2DConditionModel` of 6 channels that predicts eps and `v`, and takes a class label."""
    scheduler: StageScheduler
    noising: NoiseSchedule
    """The noise levels that the small picture is noised by."""
    device: torch.device
    steps: int = STAGE_STEPS
    scale: float = STAGE_SCALE
    noise_level: int = NOISE_LEVEL

    @torch.no_grad()
    def __call__(
        self, x: Tensor, condition: Steered, noise: NoiseSource, size: tuple[int, int]
    ) -> Tensor:
        """The pictures `(N, 3, H, W)` of small ones, `x`; `size` is (width, height) in pixels.

        All random numbers come from `noise`, so the same frame is finished the same way again.
        """
        width, height = size
        start = standard_normal((len(x), 3, height, width), noise).to(self.device)
        large = interpolate(
            x.to(self.device).clamp(-1, 1), (height, width), mode="bilinear", align_corners=True
        )
        blur = standard_normal(large.shape, noise).to(large)
        shown = add_noise(self.noising, large, blur, self.noise_level)
        times = strided_timesteps(self.scheduler.num_train_timesteps, self.steps)
        with loaded_on(self.unet, self.device):
            return sample_stage(self._ask(shown, condition), start, self.scheduler, times, noise)

    def _ask(self, shown: Tensor, condition: Steered) -> Ask:
        both = stacked([condition.wanted, condition.unwanted], condition.unwanted).to(
            self.device, self.unet.dtype
        )
        assert both.sequence is not None, "this stage reads the tokens of its prompt"
        tokens = both.sequence.repeat_interleave(len(shown), 0)
        level = torch.full((2 * len(shown),), self.noise_level, device=self.device)

        def ask(x: Tensor, t: int) -> tuple[Tensor, Tensor]:
            seen = torch.cat([x, shown], 1).to(self.unet.dtype)
            output: Tensor = self.unet(
                torch.cat([seen, seen]), t, tokens, class_labels=level, return_dict=False
            )[0]
            wanted, unwanted = output.to(x.dtype).chunk(2)
            eps, v = wanted.chunk(2, 1)
            return torch.lerp(unwanted[:, : eps.shape[1]], eps, self.scale), v

        return ask
