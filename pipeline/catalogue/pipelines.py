"""What a text-to-image network is, by the folder that a pipeline of diffusers is saved in.

`model_index.json` names the pipeline's class and its parts, each of which lies in a folder of its
own with its configuration. Imports no torch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from pydantic import Field

from keyframes.mistakes import found
from keyframes.nearest import nearest
from pipeline.catalogue.config import ForeignConfig, read_config
from pipeline.catalogue.pipeline_parts import (
    Autoencoder,
    Backbone,
    read_autoencoder,
    read_timesteps,
    read_transformer,
    read_unet,
)
from pipeline.catalogue.stage_sizes import frame_multiple
from pipeline.errors import ModelError

MODEL_INDEX = "model_index.json"
"""The file at the root of a pipeline's folder."""


class Family(StrEnum):
    """Networks that are built, conditioned and sampled alike."""

    STABLE_DIFFUSION = "stable-diffusion"
    """Stable Diffusion 1 and 2, and what was distilled from them (Rombach et al. 2022)."""
    STABLE_DIFFUSION_XL = "stable-diffusion-xl"
    STABLE_DIFFUSION_3 = "stable-diffusion-3"
    FLUX = "flux"
    PIXART = "pixart"
    """PixArt-alpha and PixArt-sigma (Chen et al. 2023, 2024)."""
    KANDINSKY_22 = "kandinsky-2.2"
    UNCLIP = "unclip"
    """Karlo, after DALL-E 2 (Ramesh et al. 2022)."""
    DEEPFLOYD_IF = "deepfloyd-if"
    """The first stage of the cascade, after Imagen (Saharia et al. 2022)."""
    GLIDE = "glide"
    """GLIDE (Nichol et al. 2021), which OpenAI publishes in files of its own format."""


@dataclass(frozen=True, slots=True)
class PipelineFacts:
    """What a scene has to know of a text-to-image network before it is loaded."""

    family: Family
    factor: int
    """Side in pixels of the square that a latent stands for; 1 for a network of pixels."""
    size_multiple: int
    """What width and height of a picture are multiples of, in pixels."""
    advised_multiple: int
    """Multiple of width and height, in pixels, at which no level of the network has to round."""
    least_area: int
    """How many pixels a picture has at least."""
    timesteps: int
    """Timesteps of the training."""

    @property
    def is_latent(self) -> bool:
        """Whether the network works in the latents of an autoencoder."""
        return self.factor > 1


@dataclass(frozen=True, slots=True)
class ModelIndex:
    """What `model_index.json` says."""

    path: Path
    class_name: str
    """Class of the pipeline in diffusers."""
    parts: Mapping[str, str]
    """Class of each part that there is, by the name of its folder."""


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where the parts of a pipeline lie."""

    family: Family
    backbone: str = "unet"
    read_backbone: Callable[[Path], Backbone] = read_unet
    autoencoder: str | None = "vae"
    scheduler: str = "scheduler"
    packed: int = 1
    """Side of the square of latents that the pipeline packs into one for the network."""
    last_stage: str | None = None
    """Network that makes frames of the small pictures of the one that denoises."""


_PIXELS = Autoencoder(channels=3, factor=1)

_SD = _Layout(Family.STABLE_DIFFUSION)
_SDXL = _Layout(Family.STABLE_DIFFUSION_XL)
_KANDINSKY = _Layout(Family.KANDINSKY_22, autoencoder="movq")
_IF = _Layout(Family.DEEPFLOYD_IF, autoencoder=None)
_PIXART = _Layout(Family.PIXART, "transformer", read_transformer)
_SD3 = _Layout(Family.STABLE_DIFFUSION_3, "transformer", read_transformer)
_FLUX = _Layout(Family.FLUX, "transformer", read_transformer, packed=2)
_UNCLIP = _Layout(
    Family.UNCLIP,
    "decoder",
    autoencoder=None,
    scheduler="decoder_scheduler",
    last_stage="super_res_first",
)

_LAYOUTS: Mapping[str, _Layout] = MappingProxyType(
    {
        **dict.fromkeys(("StableDiffusionPipeline", "StableDiffusionImg2ImgPipeline"), _SD),
        **dict.fromkeys(
            ("LatentConsistencyModelPipeline", "LatentConsistencyModelImg2ImgPipeline"), _SD
        ),
        **dict.fromkeys(("StableDiffusionXLPipeline", "StableDiffusionXLImg2ImgPipeline"), _SDXL),
        **dict.fromkeys(("StableDiffusion3Pipeline", "StableDiffusion3Img2ImgPipeline"), _SD3),
        **dict.fromkeys(("FluxPipeline", "FluxImg2ImgPipeline"), _FLUX),
        **dict.fromkeys(("PixArtAlphaPipeline", "PixArtSigmaPipeline"), _PIXART),
        **dict.fromkeys(("KandinskyV22Pipeline", "KandinskyV22Img2ImgPipeline"), _KANDINSKY),
        **dict.fromkeys(
            ("KandinskyV22CombinedPipeline", "KandinskyV22Img2ImgCombinedPipeline"), _KANDINSKY
        ),
        "UnCLIPPipeline": _UNCLIP,
        **dict.fromkeys(("IFPipeline", "IFImg2ImgPipeline"), _IF),
    }
)

_HALVES: Mapping[str, str] = MappingProxyType(
    {
        "KandinskyV22PriorPipeline": "a prior, which paints nothing; name its decoder's folder",
        "IFSuperResolutionPipeline": "a second stage; name the folder of the first",
        "IFImg2ImgSuperResolutionPipeline": "a second stage; name the folder of the first",
    }
)
"""Pipelines that are known and are no denoisers, with what to say of them."""


def is_pipeline(folder: Path) -> bool:
    """Whether `folder` holds a pipeline that is more than an unconditional U-Net.

    Raises:
        ModelError: its `model_index.json` cannot be read.
    """
    if not (folder / MODEL_INDEX).is_file():
        return False
    index = read_model_index(folder)
    return index.class_name in _LAYOUTS or index.parts.get("unet") != "UNet2DModel"


def read_model_index(folder: Path) -> ModelIndex:
    """What the `model_index.json` in `folder` says.

    Raises:
        ModelError: there is none, or it cannot be read.
    """
    path = folder / MODEL_INDEX
    config = read_config(path, _Index)
    parts = {
        name: str(value[1])
        for name, value in (config.model_extra or {}).items()
        if isinstance(value, list) and len(value) == 2 and value[1] is not None
    }
    return ModelIndex(path, config.class_name, MappingProxyType(parts))


def pipeline_facts(folder: Path) -> PipelineFacts:
    """What a scene has to know of the pipeline in `folder`.

    Raises:
        ModelError: it is of a class that is not known here, a part is missing, something in a
            configuration is not allowed, or its network paints over pictures that it is also given.
    """
    index = read_model_index(folder)
    layout = _layout(index)
    backbone = layout.read_backbone(_config(folder, layout.backbone))
    autoencoder = _PIXELS
    if layout.autoencoder is not None:
        autoencoder = read_autoencoder(_config(folder, layout.autoencoder))
    _check_ports(_config(folder, layout.backbone), backbone, autoencoder, layout.packed)
    multiple = autoencoder.factor * layout.packed * backbone.patch
    advised = multiple * backbone.halvings
    size_multiple = advised if backbone.shrinks_exactly else multiple
    if layout.last_stage is not None:
        stages = (_config(folder, part) for part in (layout.backbone, layout.last_stage))
        size_multiple = advised = frame_multiple(advised, *stages)
    return PipelineFacts(
        family=layout.family,
        factor=autoencoder.factor,
        size_multiple=size_multiple,
        advised_multiple=advised,
        least_area=size_multiple**2 if backbone.places == 1 else backbone.places * advised**2,
        timesteps=read_timesteps(folder / layout.scheduler / "scheduler_config.json"),
    )


def _layout(index: ModelIndex) -> _Layout:
    layout = _LAYOUTS.get(index.class_name)
    if layout is not None:
        return layout
    if words := _HALVES.get(index.class_name):
        raise ModelError(f"{index.path}: {index.class_name} is {words}")
    raise ModelError(
        f"{index.path}: _class_name: found {found(index.class_name)}, a pipeline that is not known "
        f"here{nearest(index.class_name, _LAYOUTS)}; allowed: {', '.join(sorted(_LAYOUTS))}; "
        "name the folder of another model"
    )


def _config(folder: Path, part: str) -> Path:
    return folder / part / "config.json"


def _check_ports(path: Path, backbone: Backbone, autoencoder: Autoencoder, packed: int) -> None:
    """Refuse a network that is given more than the noised picture, such as one for inpainting."""
    allowed = autoencoder.channels * packed**2
    if backbone.in_channels != allowed:
        raise ModelError(
            f"{path}: in_channels: found {found(backbone.in_channels)}; allowed: {found(allowed)}, "
            "the channels of what is denoised; a network that is also given a picture or a mask, "
            "as those for inpainting are, cannot be used here; name another model"
        )


class _Index(ForeignConfig):
    class_name: str = Field(alias="_class_name")
