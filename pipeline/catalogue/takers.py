"""Which denoisers take what: LoRAs, ControlNets, refiners and the like. Imports no torch."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from pipeline.catalogue.config import ForeignConfig, read_config
from pipeline.catalogue.facts import folder_of, pipeline_of
from pipeline.catalogue.ldm_settings import LDM_ARCHITECTURES
from pipeline.catalogue.lora_files import MADE_FOR, check_lora_width, check_of_transformer
from pipeline.catalogue.part_files import CONFIG, part_files
from pipeline.catalogue.pipelines import Family, PipelineFacts
from pipeline.catalogue.publication import Role
from pipeline.catalogue.published import PUBLISHED
from pipeline.catalogue.weight_shapes import read_shapes
from pipeline.errors import ModelError
from pipeline.spec.fingerprints import FileRole
from pipeline.spec.sources import CheckpointSource, FolderSource, NamedSource, Source

_SD, _XL = Family.STABLE_DIFFUSION, Family.STABLE_DIFFUSION_XL

_TRANSFORMERS = (Family.STABLE_DIFFUSION_3, Family.FLUX, Family.PIXART)

_FAMILIES: Mapping[FileRole, frozenset[Family]] = MappingProxyType(
    {
        "lora": frozenset({_SD, _XL, *_TRANSFORMERS}),
        "control": frozenset({_SD, _XL}),
        "embedding": frozenset({_SD, _XL}),
        "image prompts": frozenset({_SD, _XL}),
        "refiner": frozenset({_XL}),
        "second stage": frozenset({Family.DEEPFLOYD_IF}),
    }
)

_WORDS: Mapping[FileRole, tuple[str, str]] = MappingProxyType(
    {
        "lora": ("LoRAs are for", "Stable Diffusion, PixArt and Flux"),
        "control": ("ControlNets are for", "Stable Diffusion 1, 2 and XL"),
        "embedding": ("learned words are for", "Stable Diffusion 1, 2 and XL"),
        "image prompts": ("an IP-Adapter is for", "Stable Diffusion 1 and XL"),
        "refiner": ("a refiner is for", "SDXL"),
        "second stage": ("a second stage is for", "DeepFloyd IF"),
        "guidance decoder": ("a decoder for guidance is for", "networks of latents"),
    }
)


def not_taken(denoiser: Source, role: FileRole) -> str:
    """Why a denoiser takes nothing of this role, in words; "" where it does.

    Raises:
        ModelError: its folder cannot be read.
    """
    facts = pipeline_of(denoiser)
    if facts is not None and _takes(facts, role):
        return ""
    what, takers = _WORDS[role]
    return f"{what} {takers}, and this denoiser is another"


def _takes(facts: PipelineFacts, role: FileRole) -> bool:
    return facts.is_latent if role == "guidance decoder" else facts.family in _FAMILIES[role]


def reads_pictures(denoiser: Source) -> bool:
    """Whether a denoiser can make something of prompts that are pictures without an adapter.

    Those that are no text-to-image networks follow them as they follow texts, by CLIP.

    Raises:
        ModelError: its folder cannot be read.
    """
    facts = pipeline_of(denoiser)
    return facts is None or facts.family in (Family.KANDINSKY_22, Family.UNCLIP)


def check_control(control: Source, denoiser: Source) -> None:
    """Refuse a ControlNet of one's own that was made for another denoiser, as far as both tell.

    Raises:
        ModelError: as said, or a configuration cannot be read.
    """
    width = cross_attention(denoiser)
    if width is None or not isinstance(control, FolderSource):
        return
    path = part_files(Path(control.folder), "").config
    reads = read_config(path, _Unet).cross_attention_dim
    if reads != width:
        raise ModelError(
            f"{path}: this ControlNet was made for {_named(reads)}: its cross_attention_dim is "
            f"{reads}, and that of this denoiser is {width}; use one that was made for it"
        )


def check_lora(lora: Source, denoiser: Source) -> None:
    """Refuse a LoRA that was made for another denoiser, as far as the files tell.

    Raises:
        ModelError: as said, or a file cannot be read.
    """
    width, facts = cross_attention(denoiser), pipeline_of(denoiser)
    if facts is None or not isinstance(lora, CheckpointSource):
        return
    path = Path(lora.file)
    shapes = read_shapes(path)
    if shapes is None:
        return
    if facts.family in _TRANSFORMERS:
        check_of_transformer(shapes, path)
    elif width is not None:
        check_lora_width(shapes, path, width)


def cross_attention(denoiser: Source) -> int | None:
    """How many numbers of a token's embedding a U-Net reads; None where it is not at hand.

    Raises:
        ModelError: its configuration cannot be read.
    """
    if isinstance(denoiser, NamedSource) and denoiser.name in PUBLISHED:
        return _of_architecture(PUBLISHED[denoiser.name].architecture)
    if isinstance(denoiser, CheckpointSource):
        return None if denoiser.config is None else _of_architecture(denoiser.config)
    folder = folder_of(denoiser, Role.DENOISER)
    config = None if folder is None else folder / "unet" / CONFIG
    if config is None or not config.is_file():
        return None
    return read_config(config, _Unet).cross_attention_dim


def _of_architecture(name: str) -> int | None:
    known = LDM_ARCHITECTURES.get(name)
    width = None if known is None else known.unet.get("cross_attention_dim")
    return width if isinstance(width, int) else None


def _named(width: int | None) -> str:
    return MADE_FOR.get(width or 0, "another denoiser")


class _Unet(ForeignConfig):
    """`unet/config.json`; what it leaves out is what diffusers assumes."""

    cross_attention_dim: int | None = 1280
