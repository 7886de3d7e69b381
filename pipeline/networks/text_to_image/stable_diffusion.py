"""Stable Diffusion 1, 2 and XL, and what was distilled from them, from diffusers folders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from diffusers import AutoencoderKL, UNet2DConditionModel
from pydantic import Field
from torch import nn
from transformers import CLIPTextModel, CLIPTextModelWithProjection

from pipeline.catalogue.clip_tokenizer import load_clip_tokenizer
from pipeline.catalogue.config import ForeignConfig, read_config
from pipeline.catalogue.part_files import has_part
from pipeline.diffusion.trained_noise import TrainedNoise
from pipeline.errors import ModelError
from pipeline.networks.denoisers.scheduler import read_trained_noise
from pipeline.networks.files.part_files import load_part
from pipeline.networks.text_to_image.adapters.unet_adapters import (
    NO_ADAPTERS,
    AdapterFiles,
    OnUNet,
    unet_adapters,
)
from pipeline.networks.text_to_image.latents import kl_space, load_vae
from pipeline.networks.text_to_image.network import TextToImage
from pipeline.networks.text_to_image.parts import RereadingTexts
from pipeline.networks.text_to_image.place import Place
from pipeline.networks.text_to_image.refiner import (
    HANDOVER,
    RefinedTexts,
    Relay,
    ScoredTexts,
    both_told,
    handover_timestep,
)
from pipeline.networks.text_to_image.texts.load_clip import (
    Encoder,
    sd_text_of,
    sdxl_text_of,
)
from pipeline.networks.text_to_image.texts.side import Texts
from pipeline.networks.text_to_image.unets import UNetBackbone, load_unet, sizes_told


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


_PLAIN = TextOptions()


def load_stable_diffusion(
    folder: Path,
    place: Place,
    options: TextOptions = _PLAIN,
    files: AdapterFiles = NO_ADAPTERS,
    *,
    refiner: Path | None = None,
) -> TextToImage:
    """The network in a diffusers folder, of any class of Stable Diffusion 1, 2 or XL.

    Its safety checker is not looked at. `refiner` is the folder of SDXL's refiner, which takes over
    for the last fifth of the noise. Frames add what lies in `files`.

    Raises:
        ModelError: a file is missing, damaged or of another kind, the parts do not fit each other,
            or a refiner is given that is none or has no SDXL before it.
    """
    index = read_config(folder / MODEL_INDEX, _Index)
    if index.is_refiner:
        raise ModelError(
            f"{folder}: is SDXL's refiner, which only finishes what its base began; name the base "
            "as models.denoiser, and this folder as models.refiner"
        )
    has_second = has_part(folder, "text_encoder_2")
    parts = load_parts(folder, place, zeros_for_empty=index.zeros_for_empty)
    if not has_second:
        if refiner is not None:
            raise ModelError(
                f"{refiner}: is a refiner for SDXL, and {folder} is none; leave models.refiner out"
            )
        return stable_diffusion_of(parts, place, options, files)
    if refiner is None:
        return stable_diffusion_xl_of(parts, place, options, files)
    return refined(parts, load_refiner_unet(refiner, parts, place), place, options, files)


MODEL_INDEX = "model_index.json"
"""The file at the root of a diffusers folder that names the pipeline's class."""


class _Index(ForeignConfig):
    is_refiner: bool = Field(default=False, alias="requires_aesthetics_score")
    zeros_for_empty: bool = Field(default=True, alias="force_zeros_for_empty_prompt")


def load_parts(folder: Path, place: Place, *, zeros_for_empty: bool = True) -> Parts:
    """The parts of the model in a diffusers folder.

    Raises:
        ModelError: a file is missing, or does not fit.
    """
    # First what is read at once: a mistake in it is told before gigabytes are.
    noise = read_trained_noise(folder / "scheduler" / "scheduler_config.json")
    kinds = {"text_encoder": CLIPTextModel, "text_encoder_2": CLIPTextModelWithProjection}
    encoders = [
        (
            load_part(folder, part, kind, place.home, place.dtype),
            load_clip_tokenizer(folder / part.replace("text_encoder", "tokenizer")),
        )
        for part, kind in kinds.items()
        if part == "text_encoder" or has_part(folder, part)
    ]
    return Parts(
        unet=load_unet(folder, place.home, place.device, place.dtype),
        vae=load_vae(folder, place.home, place.dtype),
        encoders=encoders,
        noise=noise,
        zeros_for_empty=zeros_for_empty,
    )


def load_refiner_unet(folder: Path, base: Parts, place: Place) -> UNet2DConditionModel:
    """The U-Net of a refiner in a diffusers folder, for the model that `base` is of.

    Its text encoder is that of the base, of which the folder has another copy.

    Raises:
        ModelError: a file is missing, or the network is no refiner of this base.
    """
    unet = load_unet(folder, place.home, place.device, place.dtype)
    second, _ = base.encoders[-1]
    expected = second.config.hidden_size, base.unet.config.in_channels
    found = unet.config.cross_attention_dim, unet.config.in_channels
    if found != expected:
        raise ModelError(
            f"{folder / 'unet' / 'config.json'}: reads embeddings of {found[0]} numbers beside "
            f"latents of {found[1]} channels, and the second text encoder of the denoiser gives "
            f"{expected[0]}, its latents have {expected[1]}; use the refiner of this model"
        )
    return unet


def stable_diffusion_of(
    parts: Parts, place: Place, options: TextOptions = _PLAIN, files: AdapterFiles = NO_ADAPTERS
) -> TextToImage:
    """Stable Diffusion 1 or 2 of its parts, to which frames add what lies in `files`."""
    (encoder,) = parts.encoders
    texts = sd_text_of(
        encoder, place.device, clip_skip=options.clip_skip, embeddings=options.embeddings
    )
    return _network(UNetBackbone(parts.unet), parts.unet, texts, parts, place, files)


def stable_diffusion_xl_of(
    parts: Parts, place: Place, options: TextOptions = _PLAIN, files: AdapterFiles = NO_ADAPTERS
) -> TextToImage:
    """SDXL's base of its parts, to which frames add what lies in `files`."""
    texts = _xl_texts(parts, place, options)
    network = _network(UNetBackbone(parts.unet), parts.unet, texts, parts, place, files)
    return replace(network, told=sizes_told)


def refined(
    parts: Parts,
    refiner: UNet2DConditionModel,
    place: Place,
    options: TextOptions = _PLAIN,
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
        adapt=unet_adapters(backbone, texts, parts.unet, encoders, place, files),
    )
