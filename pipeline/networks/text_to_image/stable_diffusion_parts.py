"""Stable Diffusion 1, 2 and XL put together of their networks, however these were loaded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from diffusers import AutoencoderKL, UNet2DConditionModel
from torch import nn

from pipeline.diffusion.trained_noise import TrainedNoise
from pipeline.networks.text_to_image.latents import kl_space
from pipeline.networks.text_to_image.network import TextToImage
from pipeline.networks.text_to_image.place import Place
from pipeline.networks.text_to_image.refiner import (
    HANDOVER,
    RefinedTexts,
    Relay,
    ScoredTexts,
    both_told,
    handover_timestep,
)
from pipeline.networks.text_to_image.texts.load_clip import Encoder, sd_text_of, sdxl_text_of
from pipeline.networks.text_to_image.unets import UNetBackbone, sizes_told


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """The networks of one model, loaded, and what it was trained on."""

    unet: UNet2DConditionModel
    vae: AutoencoderKL
    encoders: Sequence[Encoder]
    """Text encoders with their tokenizers: one, or for SDXL two."""
    noise: TrainedNoise
    zeros_for_empty: bool = True
    """Whether zeros stand for no prompt, as SDXL's base was trained."""


@dataclass(frozen=True, slots=True)
class TextOptions:
    """How prompts are read."""

    clip_skip: int = 0
    """Last layers of the text encoders that are left out beyond those that the model leaves out."""
    embeddings: Mapping[str, Path] = field(default_factory=dict)
    """Files of learned words by the names that stand for them in prompts."""


PLAIN = TextOptions()


def stable_diffusion_of(parts: Parts, place: Place, options: TextOptions = PLAIN) -> TextToImage:
    """Stable Diffusion 1 or 2 of its parts."""
    (encoder,) = parts.encoders
    texts = sd_text_of(
        encoder, place.device, clip_skip=options.clip_skip, embeddings=options.embeddings
    )
    return TextToImage(
        backbone=UNetBackbone(parts.unet),
        module=parts.unet,
        texts=texts,
        space=kl_space(parts.vae, place.device),
        noise=parts.noise,
        device=place.device,
        dtype=place.dtype,
    )


def stable_diffusion_xl_of(parts: Parts, place: Place, options: TextOptions = PLAIN) -> TextToImage:
    """SDXL's base of its parts."""
    texts = sdxl_text_of(
        parts.encoders,
        place.device,
        clip_skip=options.clip_skip,
        embeddings=options.embeddings,
        zeros_for_empty=parts.zeros_for_empty,
    )
    return TextToImage(
        backbone=UNetBackbone(parts.unet),
        module=parts.unet,
        texts=texts,
        space=kl_space(parts.vae, place.device),
        noise=parts.noise,
        device=place.device,
        dtype=place.dtype,
        told=sizes_told,
    )


def refined(
    base: TextToImage,
    parts: Parts,
    refiner: UNet2DConditionModel,
    place: Place,
    options: TextOptions = PLAIN,
    handover: float = HANDOVER,
) -> TextToImage:
    """SDXL's base, of `parts`, with a refiner that takes over at a progress `handover` in [0, 1].

    Progress counts timesteps of the training, as diffusers' `denoising_end` does: where the noise
    levels of a sampling are spread unevenly, the share of its steps is another.
    """
    texts = sdxl_text_of(
        parts.encoders[-1:],
        place.device,
        clip_skip=options.clip_skip,
        embeddings=options.embeddings,
        zeros_for_empty=False,
    )
    relay = Relay(
        base.backbone,
        UNetBackbone(refiner),
        width=parts.unet.config.cross_attention_dim,
        handover=handover_timestep(handover, len(parts.noise.schedule)),
    )
    return replace(
        base,
        backbone=relay,
        module=nn.ModuleList([base.module, refiner]),
        texts=RefinedTexts(base.texts, ScoredTexts(texts)),
        told=both_told(sizes_told),
    )
