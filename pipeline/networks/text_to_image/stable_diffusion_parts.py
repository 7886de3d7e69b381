"""Stable Diffusion 1, 2 and XL put together of their networks, however these were loaded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from diffusers import AutoencoderKL, UNet2DConditionModel
from torch import nn

from pipeline.diffusion.trained_noise import TrainedNoise
from pipeline.networks.text_to_image.adapters.image_adapter import load_image_adapter
from pipeline.networks.text_to_image.adapters.unet_adapters import (
    NO_ADAPTERS,
    AdapterFiles,
    OnUNet,
    unet_adapters,
)
from pipeline.networks.text_to_image.parts.latents import kl_space
from pipeline.networks.text_to_image.parts.network import TextToImage
from pipeline.networks.text_to_image.parts.place import Place
from pipeline.networks.text_to_image.parts.protocols import RereadingTexts
from pipeline.networks.text_to_image.parts.unets import UNetBackbone, sizes_told
from pipeline.networks.text_to_image.refiner import (
    HANDOVER,
    RefinedTexts,
    Relay,
    ScoredTexts,
    both_told,
    handover_timestep,
)
from pipeline.networks.text_to_image.texts.load_clip import Encoder, sd_text_of, sdxl_text_of
from pipeline.networks.text_to_image.texts.side import Texts


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


def stable_diffusion_of(
    parts: Parts, place: Place, options: TextOptions = PLAIN, files: AdapterFiles = NO_ADAPTERS
) -> TextToImage:
    """Stable Diffusion 1 or 2 of its parts, to which frames add what lies in `files`."""
    (encoder,) = parts.encoders
    texts = sd_text_of(
        encoder, place.device, clip_skip=options.clip_skip, embeddings=options.embeddings
    )
    return _network(UNetBackbone(parts.unet), parts.unet, texts, parts, place, files)


def stable_diffusion_xl_of(
    parts: Parts, place: Place, options: TextOptions = PLAIN, files: AdapterFiles = NO_ADAPTERS
) -> TextToImage:
    """SDXL's base of its parts, to which frames add what lies in `files`."""
    texts = _xl_texts(parts, place, options)
    network = _network(UNetBackbone(parts.unet), parts.unet, texts, parts, place, files)
    return replace(network, told=sizes_told)


def refined(
    parts: Parts,
    refiner: UNet2DConditionModel,
    place: Place,
    options: TextOptions = PLAIN,
    files: AdapterFiles = NO_ADAPTERS,
    handover: float = HANDOVER,
) -> TextToImage:
    """SDXL's base, of `parts`, with a refiner that takes over at a progress `handover` in [0, 1].

    Progress counts timesteps of the training, as diffusers' `denoising_end` does: where the noise
    levels of a sampling are spread unevenly, the share of its steps is another. What lies in
    `files` is added to the base alone, but that both read the second text encoder.
    """
    second = replace(parts, encoders=parts.encoders[-1:], zeros_for_empty=False)
    texts = RefinedTexts(
        _xl_texts(parts, place, options), ScoredTexts(_xl_texts(second, place, options))
    )
    relay = Relay(
        UNetBackbone(parts.unet),
        UNetBackbone(refiner),
        width=parts.unet.config.cross_attention_dim,
        handover=handover_timestep(handover, len(parts.noise.schedule)),
    )
    both = nn.ModuleList([parts.unet, refiner])
    return replace(_network(relay, both, texts, parts, place, files), told=both_told(sizes_told))


def _xl_texts(parts: Parts, place: Place, options: TextOptions) -> Texts:
    return sdxl_text_of(
        parts.encoders,
        place.device,
        clip_skip=options.clip_skip,
        embeddings=options.embeddings,
        zeros_for_empty=parts.zeros_for_empty,
    )


_ENCODERS = ("text_encoder", "text_encoder_2")


def _network(
    backbone: OnUNet,
    module: nn.Module,
    texts: RereadingTexts,
    parts: Parts,
    place: Place,
    files: AdapterFiles,
) -> TextToImage:
    pictures = None
    if files.pictures is not None:
        # Before the LoRAs, which may change the layers that it stands beside.
        pictures = load_image_adapter(files.pictures, parts.unet, place)
        backbone = backbone.on_base(partial(replace, pictures=pictures))
    encoders = {
        name: encoder for name, (encoder, _) in zip(_ENCODERS, parts.encoders, strict=False)
    }
    return TextToImage(
        backbone=backbone,
        module=module,
        texts=texts,
        space=kl_space(parts.vae, place.device),
        noise=parts.noise,
        device=place.device,
        dtype=place.dtype,
        pictures=None if pictures is None else pictures.vectors,
        adapt=unet_adapters(backbone, texts, parts.unet, encoders, place, files),
    )
