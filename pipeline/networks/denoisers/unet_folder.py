"""Denoisers from diffusers folders: a `UNet2DModel` with its noise schedule.

A folder holds `unet/config.json`, `unet/diffusion_pytorch_model.safetensors` and
`scheduler/scheduler_config.json`, as diffusers writes them; or the same files side by side, and
the weights as `diffusion_pytorch_model.bin`, as it wrote them earlier. Two facts that diffusers has
no word for stand in an optional `discoreel.json`:

    {"lapped": {"block": 4, "scale": [16 numbers]}, "prompt": {"scale": 16.0}}

`lapped`: the network sees coefficients of the lapped transform instead of pixels, and what it
returns is multiplied by `scale`, one number for each coefficient of a patch. `prompt`: the network
takes a CLIP embedding times `scale` as its class embedding; the zero vector means no prompt.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import torch
from diffusers import UNet2DModel
from torch import Tensor, nn

from pipeline.catalogue.config import read_config
from pipeline.catalogue.diffusers_folder import part_of
from pipeline.catalogue.scheduler_file import SCHEDULER
from pipeline.catalogue.unet_config import (
    check_ports,
    read_unet_config,
    read_unet_extras,
    unet_config_file,
    unet_weights_file,
)
from pipeline.catalogue.weight_names import attention_today
from pipeline.diffusion.schedule import NoiseSchedule
from pipeline.diffusion.spacing import spaced
from pipeline.diffusion.trained_noise import TrainedNoise
from pipeline.networks.denoisers.lapped import LappedTransform
from pipeline.networks.denoisers.mirrored import middle, mirrored
from pipeline.networks.denoisers.scheduler import PREDICTIONS, SchedulerConfig
from pipeline.networks.files.checkpoint import read_checkpoint
from pipeline.networks.files.weights import load_network
from pipeline.spec.denoise import SamplerSpec


@dataclass(frozen=True, slots=True)
class Stem:
    """The transform between pixels and the U-Net: none, or the lapped one."""

    analyse: Callable[[Tensor], Tensor]
    synthesise: Callable[[Tensor], Tensor]
    block: int | None = None
    """Side in pixels of a patch, of which pictures are filled up to a whole number; None where
    they come in the U-Net's own sizes."""


PIXELS = Stem(analyse=lambda x: x, synthesise=lambda x: x)


def lapped_stem(block: int, scale: Tensor) -> Stem:
    """A stem of overlapping patches; `scale`, `(block^2,)`, multiplies the U-Net's output."""
    transform = LappedTransform(block)

    def synthesise(output: Tensor) -> Tensor:
        colours = output.shape[1] // len(scale)
        return transform.inverse(output * scale.to(output).repeat(colours)[:, None, None])

    return Stem(transform.forward, synthesise, block)


class UNetDenoiser:
    """A `UNet2DModel` with its schedule; `bind` it to a prompt and it is a `Denoiser`.

    `prompt_scale` multiplies the embedding; None is a network that ignores its prompt.
    """

    def __init__(
        self,
        unet: UNet2DModel,
        schedule: NoiseSchedule,
        *,
        prediction: str = "sample",
        stem: Stem = PIXELS,
        prompt_scale: float | None = None,
    ) -> None:
        self.unet = unet
        self.schedule = schedule
        self._denoise = PREDICTIONS[prediction]
        self._stem = stem
        self._prompt_scale = prompt_scale
        # Each level but the last halves the picture.
        halvings = len(unet.config.block_out_channels) - 1
        self._multiple = 1 if stem.block is None else stem.block << halvings
        # The class embedding is added to that of the timestep, so it is as wide.
        self._width = int(unet.config.time_embedding_dim or 4 * unet.config.block_out_channels[0])

    @property
    def prompt_size(self) -> int | None:
        """D, the length of the prompt embeddings, or None for a network that takes none."""
        return None if self._prompt_scale is None else self._width

    def bind(self, embedding: Tensor | None) -> BoundDenoiser:
        """The denoiser for a prompt, `(D,)`, for one each picture, `(N, D)`, or None for none."""
        return BoundDenoiser(self, embedding)

    def for_sampling(self, sampler: SamplerSpec) -> Self:
        """This denoiser on the levels of its training, or on those of the sampler's spacing.

        Raises:
            ModelError: there are fewer such levels than steps.
        """
        if sampler.spacing is None:
            return self
        trained = TrainedNoise(self.schedule, spacing="linspace")
        other = copy(self)
        other.schedule = spaced(trained, sampler.name, sampler.steps, sampler.spacing)
        return other

    def denoise(self, x: Tensor, t: Tensor, embedding: Tensor | None) -> Tensor:
        """The estimate of x_0, `(N, 3, H, W)`, differentiable in `x`.

        `x` is `(N, 3, H, W)`, `t` `(N,)`, `embedding` `(D,)`, `(N, D)` or None for no prompt.
        """
        labels = self._class_labels(embedding, x)
        times = self.schedule.told(t)
        seen = self._stem.analyse(mirrored(x, self._multiple))
        sample = self.unet(seen.to(self.unet.dtype), times, labels).sample
        output = middle(self._stem.synthesise(sample.to(x.dtype)), *x.shape[-2:])
        alpha, sigma = self.schedule.at(x, t)
        return self._denoise(x, output, alpha, sigma)

    def _class_labels(self, embedding: Tensor | None, x: Tensor) -> Tensor | None:
        if self._prompt_scale is None:
            return None
        n, *_ = x.shape
        vector = x.new_zeros(self._width) if embedding is None else embedding * self._prompt_scale
        return vector.to(x.device, self.unet.dtype).expand(n, -1)


@dataclass(frozen=True, slots=True, eq=False)
class BoundDenoiser:
    """A network conditioned on a prompt embedding: a `Denoiser`."""

    network: UNetDenoiser
    embedding: Tensor | None

    @property
    def schedule(self) -> NoiseSchedule:
        """The noise levels that the network is asked at."""
        return self.network.schedule

    def __call__(self, x: Tensor, t: Tensor) -> Tensor:
        """The estimate of x_0, `(N, 3, H, W)`, conditioned on the prompt."""
        return self.network.denoise(x, t, self.embedding)


def load_denoiser(
    folder: Path, device: torch.device, dtype: torch.dtype = torch.float32
) -> UNetDenoiser:
    """The network in a diffusers folder, on `device`, computing in `dtype`.

    Raises:
        ModelError: a file is missing, or does not fit.
    """
    config, extra = read_unet_config(folder), read_unet_extras(folder)
    check_ports(config, extra, unet_config_file(folder))
    scheduler = read_config(part_of(folder, "scheduler", SCHEDULER), SchedulerConfig)
    settings = config.model_dump(by_alias=True, exclude_unset=True)
    unet = load_network(
        # Not diffusers' `to`, which warns of modules to keep in float32 even where there are none.
        lambda: nn.Module.to(UNet2DModel.from_config(settings), dtype),
        config=unet_config_file(folder),
        weights=unet_weights_file(folder),
        read=_read_unet,
        device=device,
    )
    lapped, prompt = extra.lapped, extra.prompt
    return UNetDenoiser(
        unet,
        scheduler.noise_schedule(),
        prediction=scheduler.prediction_type,
        stem=lapped_stem(lapped.block, torch.tensor(lapped.scale)) if lapped else PIXELS,
        prompt_scale=prompt.scale if prompt else None,
    )


def _read_unet(path: Path) -> dict[str, Tensor]:
    """The tensors of a U-Net's file, under the names of today's diffusers."""
    return {attention_today(name): value for name, value in read_checkpoint(path).items()}
