"""Kandinsky 2.2: a prior, a U-Net conditioned on the embedding of a picture, and latents of MoVQ.

A folder holds the decoder's parts `unet`, `movq` and `scheduler`, and those of the prior: each with
`prior_` before its name, as diffusers saves both pipelines together, or all of them in a folder
`prior`, as they are published: `prior`, `text_encoder`, `tokenizer`, `image_encoder`,
`image_processor` and `scheduler`. (Razzhigaev et al. 2023, arXiv:2310.03502.)
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from diffusers import PriorTransformer, UNet2DConditionModel, VQModel
from torch import Tensor
from transformers import CLIPTextModelWithProjection, CLIPVisionModelWithProjection

from pipeline.catalogue.config import read_config
from pipeline.catalogue.kandinsky_folder import find_prior
from pipeline.catalogue.scheduler_file import SCHEDULER
from pipeline.networks.denoisers.scheduler import read_trained_noise
from pipeline.networks.files.part_files import load_part
from pipeline.networks.memory.offload import offloaded
from pipeline.networks.text_to_image.parts.condition import Condition
from pipeline.networks.text_to_image.parts.latents import LatentSpace
from pipeline.networks.text_to_image.parts.network import TextToImage
from pipeline.networks.text_to_image.parts.place import Place
from pipeline.networks.text_to_image.parts.unets import load_unet
from pipeline.networks.text_to_image.texts.side import Texts
from pipeline.networks.text_to_image.unclip.clip_reader import clip_reader
from pipeline.networks.text_to_image.unclip.image_prompts import IMAGE, ImagePrompts, PictureReader
from pipeline.networks.text_to_image.unclip.picture_processor import load_processor
from pipeline.networks.text_to_image.unclip.prior import Prior, PriorScheduler


@dataclass(frozen=True, slots=True, eq=False)
class KandinskyBackbone:
    """The decoder's U-Net as a `Backbone`."""

    unet: UNet2DConditionModel

    def __call__(self, x: Tensor, t: Tensor, condition: Condition) -> Tensor:
        """The noise in latents `(N, 4, h, w)`; the variance that the U-Net adds is dropped."""
        added = {IMAGE: condition.vectors[IMAGE]}
        output: Tensor = self.unet(x, t, None, added_cond_kwargs=added, return_dict=False)[0]
        return output[:, : x.shape[1]]


def movq_space(movq: VQModel, device: torch.device) -> LatentSpace:
    """The latents of MoVQ, with its weights on `device` while it works.

    They are not quantised, and as large as its encoder gives them.
    """

    def encode(pictures: Tensor) -> Tensor:
        latents: Tensor = movq.encode(pictures.to(movq.dtype)).latents
        return latents.to(pictures.dtype)

    def decode(x: Tensor) -> Tensor:
        pictures: Tensor = movq.decode(x.to(movq.dtype), force_not_quantize=True).sample
        return pictures.to(x.dtype)

    decoder = offloaded(decode, movq, device)
    return LatentSpace(
        channels=int(movq.config.latent_channels),
        factor=1 << len(movq.config.block_out_channels) - 1,
        encoder=offloaded(encode, movq, device),
        decoder=decoder,
        judge=decoder,
    )


def load_kandinsky(folder: Path, place: Place, *, truncate: bool = False) -> TextToImage:
    """The network of a Kandinsky folder.

    A prompt that is longer than CLIP reads is refused, or with `truncate` cut.

    Raises:
        ModelError: a part is missing, or does not fit.
    """
    unet = load_unet(folder, place)
    movq = load_part(folder, "movq", VQModel, place.home, place.dtype)
    return TextToImage(
        backbone=KandinskyBackbone(unet),
        module=unet,
        texts=Texts(load_image_prompts(folder, place, truncate=truncate)),
        space=movq_space(movq, place.device),
        noise=read_trained_noise(folder / "scheduler" / SCHEDULER),
        device=place.device,
        dtype=place.dtype,
        reads_pictures=True,
    )


def load_image_prompts(folder: Path, place: Place, *, truncate: bool = False) -> ImagePrompts:
    """The text side of a Kandinsky folder, by its prior.

    Raises:
        ModelError: a part is missing, or does not fit.
    """
    prior = find_prior(folder)

    def part(name: str, kind: Any) -> Any:
        return load_part(prior.folder, prior(name), kind, place.home, place.dtype)

    tower = part("text_encoder", CLIPTextModelWithProjection)
    network = part("prior", PriorTransformer)
    seeing = part("image_encoder", CLIPVisionModelWithProjection)
    scheduler = read_config(prior.path("scheduler") / SCHEDULER, PriorScheduler)
    processor = load_processor(prior.path("image_processor"))
    tokenizer = prior.path("tokenizer")
    return ImagePrompts(
        clip_reader(str(folder), tokenizer, tower, place.device, truncate=truncate),
        Prior(network, scheduler, place.device),
        PictureReader(processor, seeing, place.device),
    )
