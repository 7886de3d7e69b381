"""Kandinsky 2.2: a prior, a U-Net conditioned on the embedding of a picture, and latents of MoVQ.

A folder holds the decoder's parts `unet`, `movq` and `scheduler`, and those of the prior: each with
`prior_` before its name, as diffusers saves both pipelines together, or all of them in a folder
`prior`, as they are published: `prior`, `text_encoder`, `tokenizer`, `image_encoder`,
`image_processor` and `scheduler`. (Razzhigaev et al. 2023, arXiv:2310.03502.)
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from diffusers import PriorTransformer, UNet2DConditionModel, VQModel
from torch import Tensor
from transformers import CLIPTextModelWithProjection, CLIPVisionModelWithProjection

from pipeline.catalogue.config import read_config
from pipeline.errors import ModelError
from pipeline.networks.memory.offload import loaded_on
from pipeline.networks.text_to_image.clip_reader import ClipReader, load_tokenizer
from pipeline.networks.text_to_image.condition import Condition
from pipeline.networks.text_to_image.folder_parts import load_part, load_processor
from pipeline.networks.text_to_image.image_prompts import (
    IMAGE,
    ImagePrompts,
    PictureReader,
)
from pipeline.networks.text_to_image.prior import Prior, PriorScheduler


@dataclass(frozen=True, slots=True, eq=False)
class KandinskyBackbone:
    """The decoder's U-Net as a `Backbone`."""

    unet: UNet2DConditionModel

    def __call__(self, x: Tensor, t: Tensor, condition: Condition) -> Tensor:
        """The noise in latents `(N, 4, h, w)`; the variance that the U-Net adds is dropped."""
        added = {IMAGE: condition.vectors[IMAGE]}
        output: Tensor = self.unet(x, t, None, added_cond_kwargs=added, return_dict=False)[0]
        return output[:, : x.shape[1]]


@dataclass(frozen=True, slots=True, eq=False)
class MovqSpace:
    """The latents of MoVQ as a `Space`: not quantised, and as large as the encoder gives them."""

    movq: VQModel
    device: torch.device

    @property
    def channels(self) -> int:
        """Channels of the latents."""
        return int(self.movq.config.latent_channels)

    @property
    def factor(self) -> int:
        """Side in pixels of what a latent place stands for."""
        return 1 << len(self.movq.config.block_out_channels) - 1

    @torch.no_grad()
    def encode(self, pictures: Tensor) -> Tensor:
        """Latents `(N, 4, H / factor, W / factor)`."""
        with loaded_on(self.movq, self.device):
            latents: Tensor = self.movq.encode(pictures.to(self.movq.dtype)).latents
        return latents.to(pictures.dtype)

    def decode(self, x: Tensor) -> Tensor:
        """Pictures `(N, 3, H, W)`; differentiable."""
        with loaded_on(self.movq, self.device):
            decoded = self.movq.decode(x.to(self.movq.dtype), force_not_quantize=True)
        pictures: Tensor = decoded.sample
        return pictures.to(x.dtype)

    def judged(self, x: Tensor) -> Tensor:
        """The decoded pictures."""
        return self.decode(x)


@dataclass(frozen=True, slots=True)
class PriorFolder:
    """Where the parts of the prior lie."""

    folder: Path
    prefix: str
    """What stands before their names."""

    def __call__(self, part: str) -> str:
        """The name of a part's folder in `folder`."""
        return f"{self.prefix}{part}"


def find_prior(folder: Path) -> PriorFolder:
    """Where the prior of a Kandinsky folder lies.

    Raises:
        ModelError: it is in neither place.
    """
    for found in (PriorFolder(folder, "prior_"), PriorFolder(folder / "prior", "")):
        if (found.folder / found("prior") / "config.json").is_file():
            return found
    raise ModelError(
        f"{folder}: holds a decoder and no prior, without which no text becomes a picture; looked "
        "for prior_prior/config.json and prior/prior/config.json: put the prior's pipeline into "
        "a folder named prior beside unet, or save both as one with diffusers"
    )


def load_image_prompts(
    folder: Path, home: torch.device, device: torch.device, dtype: torch.dtype
) -> ImagePrompts:
    """The text side of a Kandinsky folder; its weights lie on `home` and work on `device`.

    Raises:
        ModelError: a part is missing, or does not fit.
    """
    place = find_prior(folder)
    inside = place.folder
    tower = load_part(inside, place("text_encoder"), CLIPTextModelWithProjection, home, dtype)
    network = load_part(inside, place("prior"), PriorTransformer, home, dtype)
    scheduler = inside / place("scheduler") / "scheduler_config.json"
    seeing = load_part(inside, place("image_encoder"), CLIPVisionModelWithProjection, home, dtype)
    return ImagePrompts(
        ClipReader(load_tokenizer(inside / place("tokenizer")), tower, device),
        Prior(network, read_config(scheduler, PriorScheduler), device),
        PictureReader(load_processor(inside / place("image_processor")), seeing, device),
    )
