"""The folder of a text-to-image pipeline looked at before it is loaded: whole, and of its kind.

Of gigabytes of weights the headers are read. Imports no torch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pipeline.catalogue.config import ForeignConfig, read_config
from pipeline.catalogue.part_files import CONFIG, PartFiles, check_class, part_files, part_shapes
from pipeline.catalogue.pipelines import MODEL_INDEX, Family, pipeline_facts, read_model_index
from pipeline.catalogue.scheduler_file import SCHEDULER, read_published_scheduler
from pipeline.catalogue.stable_diffusion_folder import check_base
from pipeline.catalogue.text_ports import check_text_ports
from pipeline.catalogue.weight_shapes import RESTORE, Shapes, misfit_error, shape_misfits
from pipeline.errors import ModelError

Outline = Callable[[Mapping[str, Any]], Shapes]
"""Some shapes of a network, by its configuration."""

_UNUSED = frozenset({"safety_checker", "feature_extractor", "image_encoder", "image_processor"})
"""Parts that are not looked at: nothing loads them but Karlo, for prompts that are pictures."""

_WHOLE = (
    Family.STABLE_DIFFUSION,
    Family.STABLE_DIFFUSION_XL,
    Family.STABLE_DIFFUSION_3,
    Family.FLUX,
    Family.PIXART,
)
"""Families of which every part is loaded; others do without some that a folder may name."""

_SPARED: Mapping[Family, frozenset[str]] = MappingProxyType(
    {Family.STABLE_DIFFUSION_3: frozenset({"text_encoder_3", "tokenizer_3"})}
)
"""Parts that such a family may do without: zeros stand in for the T5 of Stable Diffusion 3."""

_WEIGHTLESS = ("Scheduler", "Tokenizer", "TokenizerFast", "Processor", "Extractor", "Watermarker")
"""Ends of the classes of parts that are no networks."""

_TOKENIZERS = (("vocab.json", "merges.txt"), ("tokenizer.json",), ("spiece.model",))
"""Files that a tokenizer is read from, in any of these ways."""

_PARTS = ("text_encoder", "transformer", "vae", "movq", "prior", "image_noising_scheduler")
"""Folders that are beside no U-Net without prompts."""


def check_pipeline(folder: Path) -> None:
    """Look at a text-to-image denoiser in a diffusers folder.

    Raises:
        ModelError: a part is missing, damaged or of another kind, or the folder is no denoiser's.
    """
    index = read_model_index(folder)
    check_base(folder)
    family = pipeline_facts(folder).family
    is_known, spared = family in _WHOLE, _SPARED.get(family, frozenset())
    for part, kind in index.parts.items():
        is_needed = is_known and part not in spared
        if part in _UNUSED or not (is_needed or (folder / part).is_dir()):
            continue
        if not kind.endswith(_WEIGHTLESS):
            check_part(folder, part, kind)
        elif part.startswith("tokenizer"):
            _check_tokenizer(folder / part)
    check_text_ports(folder, family)
    if is_known:
        read_published_scheduler(folder / "scheduler" / SCHEDULER)


def _check_tokenizer(folder: Path) -> None:
    """Whether the files of one are there; reading them would take longer than all else."""
    if not any(folder.glob("*")):
        raise ModelError(
            f"{folder}: {MODEL_INDEX} names this part, and nothing is here; fetch the model again"
        )
    if not any(all((folder / name).is_file() for name in names) for names in _TOKENIZERS):
        raise ModelError(
            f"{folder}: holds no whole tokenizer; allowed: vocab.json with merges.txt, "
            "tokenizer.json, or spiece.model; fetch the model again"
        )


def check_part(folder: Path, part: str, kind: str) -> None:
    """Look at one network, of the class `kind`, in a diffusers folder.

    Raises:
        ModelError: a file is missing or damaged, or the weights are not those of its configuration.
    """
    files = part_files(folder, part)
    settings = read_config(files.config, ForeignConfig).model_dump()
    outline = _OUTLINES.get(kind)
    if outline is not None:
        check_class(files.config, settings, [kind])
    _check_shapes(files, {} if outline is None else outline(settings), kind)


def _check_shapes(files: PartFiles, expected: Shapes, kind: str) -> None:
    found = part_shapes(files)
    if found is None:
        return
    # What transformers puts before the names comes and goes with its releases.
    inner = {name.removeprefix("text_model."): shape for name, shape in found.items()}
    if faults := shape_misfits(expected, inner, others_allowed=True):
        architecture = f"{kind} that {files.config.name} describes"
        raise misfit_error(files.weights, architecture, faults, RESTORE)


def _unet(settings: Mapping[str, Any]) -> Shapes:
    first, *_ = settings.get("block_out_channels", (320,))
    return {
        "conv_in.weight": (first, settings.get("in_channels", 4), 3, 3),
        "conv_out.weight": (settings.get("out_channels", 4), first, 3, 3),
    }


def _control(settings: Mapping[str, Any]) -> Shapes:
    first, *_ = settings.get("block_out_channels", (320,))
    return {
        "conv_in.weight": (first, settings.get("in_channels", 4), 3, 3),
        "controlnet_down_blocks.0.weight": (first, first, 1, 1),
    }


def _vae(settings: Mapping[str, Any]) -> Shapes:
    channels, latent = settings.get("block_out_channels", (64,)), settings.get("latent_channels", 4)
    return {
        "encoder.conv_in.weight": (channels[0], settings.get("in_channels", 3), 3, 3),
        "decoder.conv_in.weight": (channels[-1], latent, 3, 3),
    }


def _pixart(settings: Mapping[str, Any]) -> Shapes:
    patch, inner = settings.get("patch_size", 2), _inner(settings, heads=16, width=72)
    outputs = settings.get("out_channels") or settings.get("in_channels", 4)
    return {
        "pos_embed.proj.weight": (inner, settings.get("in_channels", 4), patch, patch),
        "proj_out.weight": (patch**2 * outputs, inner),
    }


def _stable_diffusion_3(settings: Mapping[str, Any]) -> Shapes:
    patch, inner = settings.get("patch_size", 2), _inner(settings, heads=18, width=64)
    return {
        "pos_embed.proj.weight": (inner, settings.get("in_channels", 16), patch, patch),
        "context_embedder.weight": (
            settings.get("caption_projection_dim", 1152),
            settings.get("joint_attention_dim", 4096),
        ),
    }


def _flux(settings: Mapping[str, Any]) -> Shapes:
    inner = _inner(settings, heads=24, width=128)
    return {
        "x_embedder.weight": (inner, settings.get("in_channels", 64)),
        "context_embedder.weight": (inner, settings.get("joint_attention_dim", 4096)),
    }


def _inner(settings: Mapping[str, Any], *, heads: int, width: int) -> int:
    """The width of a transformer's tokens; what its class assumes of heads and theirs is given."""
    number: int = settings.get("num_attention_heads", heads)
    each: int = settings.get("attention_head_dim", width)
    return number * each


def _clip(settings: Mapping[str, Any]) -> Shapes:
    width = settings.get("hidden_size", 512)
    return {
        "embeddings.token_embedding.weight": (settings.get("vocab_size", 49408), width),
        "embeddings.position_embedding.weight": (
            settings.get("max_position_embeddings", 77),
            width,
        ),
    }


_OUTLINES: Mapping[str, Outline] = MappingProxyType(
    {
        "UNet2DConditionModel": _unet,
        "PixArtTransformer2DModel": _pixart,
        "Transformer2DModel": _pixart,
        "SD3Transformer2DModel": _stable_diffusion_3,
        "FluxTransformer2DModel": _flux,
        "AutoencoderKL": _vae,
        "AutoencoderTiny": lambda settings: {},
        "ControlNetModel": _control,
        "CLIPTextModel": _clip,
        "CLIPTextModelWithProjection": _clip,
    }
)

_ALONE: Mapping[str, str] = MappingProxyType(
    {
        "UNet2DConditionModel": (
            "is the U-Net of a text-to-image model alone; name the folder above it, in which "
            "model_index.json lies"
        ),
        "AutoencoderKL": "is an autoencoder (VAE) alone, and no denoiser",
        "AutoencoderTiny": (
            "is a tiny autoencoder, and no denoiser; it can be named as models.guidance_decoder"
        ),
        "ControlNetModel": "is a ControlNet, and no denoiser; name it below models.controls",
    }
)
"""What folders of one network are, by the class in their configuration."""

_LORA = "pytorch_lora_weights.safetensors"


def check_not_alone(folder: Path) -> None:
    """Raise ModelError for the folder of something that only goes with a text-to-image network."""
    if (folder / _LORA).is_file():
        raise ModelError(
            f"{folder}: is a LoRA, and no denoiser; name its file {_LORA} below models.loras"
        )
    if part := next((part for part in _PARTS if (folder / part).is_dir()), None):
        raise ModelError(
            f"{folder / MODEL_INDEX}: there is no such file, and {part} beside it is a part of a "
            "pipeline that only this file names; fetch the model again"
        )
    if not (folder / CONFIG).is_file():
        return
    kind = read_config(folder / CONFIG, ForeignConfig).model_dump().get("_class_name")
    if words := _ALONE.get(str(kind)):
        raise ModelError(f"{folder}: {words}")
