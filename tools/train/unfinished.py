"""A denoiser's estimates of paintings out of noise: what CLIP sees while it guides.

Guidance by CLIP judges estimates of x_0 that are blurred where the noise has not told yet what will
be there. An encoder that was trained on such finds the subject in them, as the classifiers on noisy
pictures of Dhariwal & Nichol 2021, section 4.1, do.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from pipeline.diffusion.schedule import add_noise
from pipeline.networks.denoisers.unet_folder import UNetDenoiser, load_denoiser
from tools.train.options import Job
from tools.train.precision import mixed_precision


@dataclass(frozen=True, slots=True, eq=False)
class Unfinished:
    """Replaces a share of a batch by the denoiser's unconditional estimates."""

    denoiser: UNetDenoiser
    share: float
    first: int = 100
    last: int = 960
    """Timesteps, drawn evenly; from pure noise every picture's estimate is the same."""

    @torch.no_grad()
    def __call__(self, pictures: Tensor, generator: torch.Generator) -> Tensor:
        """Pictures `(N, 3, H, W)`, of which the first ones are estimates; of any even size."""
        count = round(self.share * len(pictures))
        x0 = pictures[:count]
        t = torch.randint(self.first, self.last, (count,), generator=generator)
        noise = torch.randn(x0.shape, generator=generator)
        x = add_noise(self.denoiser.schedule, x0, noise, t)
        place = self.denoiser.unet.device
        with mixed_precision(place):
            estimates = self.denoiser.denoise(x.to(place), t.to(place), None)
        return torch.cat([estimates.to(pictures).clamp(-1, 1), pictures[count:]])


def load_unfinished(folder: Path, job: Job) -> Unfinished:
    """The denoiser in `folder`, and the share that the recipe of `job` says."""
    return Unfinished(load_denoiser(folder, job.device), job.config["unfinished"])
