"""GLIDE's upsampler: a finished picture, four times as wide and as high, painted anew in detail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import interpolate

from pipeline.catalogue.glide_config import UPSAMPLED
from pipeline.diffusion.ddim import sample_ddim
from pipeline.diffusion.guidance import static_threshold, with_schedule
from pipeline.diffusion.schedule import NoiseSchedule
from pipeline.networks.denoisers.guided_unet import COLOURS, GuidedUNet
from pipeline.networks.denoisers.scheduler import PREDICTIONS
from pipeline.networks.denoisers.sizes import check_sides
from pipeline.protocols import Denoiser

TEMPERATURE = 0.997
"""Standard deviation of the noise that the upsampler begins with; at 1 it is grainy at times."""

_FAST = (10, 10, 3, 2, 2)
"""Steps in each fifth of the training's timesteps, from the cleanest on."""


def _spread(steps: int, counts: Iterable[int]) -> Iterator[int]:
    """Timesteps of each part of `steps`, as many as its count, from its first to its last."""
    parts = list(counts)
    width = steps // len(parts)
    for part, count in enumerate(parts):
        for place in range(count):
            yield part * width + round(place * (width - 1) / (count - 1))


def fast_timesteps(steps: int = 1000) -> tuple[int, ...]:
    """The 27 of `steps` timesteps that the published sampling visits, descending.

    They lie closest where the picture is nearly clean; the noisiest is two earlier than the last,
    at which little of a picture is in the network's answer.
    """
    first, *others = sorted(_spread(steps, _FAST), reverse=True)
    return (first - 2, *others)


@dataclass(frozen=True, slots=True, eq=False)
class GlideUpsampler:
    """The U-Net of the upsampler, and the noise that it was trained on."""

    unet: GuidedUNet
    schedule: NoiseSchedule

    def __call__(self, pictures: Tensor, noise: Tensor, context: Tensor, shift: Tensor) -> Tensor:
        """`pictures`, `(N, 3, H, W)` in [-1, 1], four times as large, `(N, 3, 4 H, 4 W)`.

        `noise`, of the shape of the result, has unit variance; `context`, `(N, L, D)`, and `shift`,
        `(N, E)`, are what the upsampler's own transformer makes of the prompts. Deterministic DDIM
        with clamped estimates and without classifier-free guidance, as published.

        Raises:
            ValueError: a side of the result is not a multiple of what the U-Net's levels halve.
        """
        check_sides(noise, self.unet.config.size_multiple)
        steps = sample_ddim(
            static_threshold(self._denoiser(pictures, context, shift)),
            TEMPERATURE * noise.to(pictures),
            fast_timesteps(len(self.schedule)),
            eta=0,
            generator=torch.Generator(),
        )
        *_, last = steps
        return last.x

    @property
    def size_multiple(self) -> int:
        """What width and height of the pictures to enlarge are multiples of, in pixels."""
        return max(1, self.unet.config.size_multiple // UPSAMPLED)

    def _denoiser(self, pictures: Tensor, context: Tensor, shift: Tensor) -> Denoiser:
        large = interpolate(
            _rounded(pictures), scale_factor=UPSAMPLED, mode="bilinear", align_corners=False
        )

        def denoise(x: Tensor, t: Tensor) -> Tensor:
            output = self.unet(
                torch.cat([x, large], dim=1), t.float(), shift=shift, context=context
            )
            alpha, sigma = self.schedule.at(x, t)
            return PREDICTIONS["epsilon"](x, output[:, :COLOURS], alpha, sigma)

        return with_schedule(self.schedule, denoise)


def _rounded(pictures: Tensor) -> Tensor:
    """Pictures as a file of 8 bits would hold them: the upsampler knows no others."""
    return (127.5 * (pictures.clamp(-1, 1) + 1)).round() / 127.5 - 1
