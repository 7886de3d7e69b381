"""An author's own networks looked at before they are loaded: whole files, and of their kind.

What is said is what a render would say of the same files, as far as the beginning of a file tells.
Imports no torch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from pipeline.catalogue.clip_folder import clip_folder_reader, read_clip_config
from pipeline.catalogue.config import ForeignConfig, read_config
from pipeline.catalogue.diffusers_folder import part_of
from pipeline.catalogue.facts import CLIP_WEIGHTS, guided_config
from pipeline.catalogue.glide_folder import check_glide, is_glide
from pipeline.catalogue.guided_shapes import described, guided_shapes, remedy
from pipeline.catalogue.image_adapter_files import check_adapter
from pipeline.catalogue.ldm_files import check_ldm_file
from pipeline.catalogue.ldm_settings import LDM_ARCHITECTURES
from pipeline.catalogue.lora_files import check_lora_names
from pipeline.catalogue.outlines import (
    OTHER_FLOW,
    RAFT,
    SECONDARY,
    clip_outline,
    raft_of,
    unet_outline,
)
from pipeline.catalogue.pipeline_check import check_not_alone, check_part, check_pipeline
from pipeline.catalogue.pipelines import is_pipeline
from pipeline.catalogue.publication import Role
from pipeline.catalogue.scheduler_file import SCHEDULER, SchedulerFile
from pipeline.catalogue.stable_diffusion_folder import check_refiner
from pipeline.catalogue.unet_config import (
    check_ports,
    read_unet_config,
    read_unet_extras,
    unet_config_file,
    unet_weights_file,
)
from pipeline.catalogue.weight_shapes import (
    RESTORE,
    Shapes,
    misfit_error,
    read_shapes,
    shape_misfits,
)
from pipeline.spec.sources import CheckpointSource, FolderSource, Source

DEPTH_CONFIG = "config.json"
DEPTH_WEIGHTS = "depth.safetensors"


def check_own(source: Source, role: Role) -> None:
    """Look at a network in a folder or a file; of one with a name there is nothing to see.

    Raises:
        ModelError: a file is missing, damaged, or does not fit.
    """
    if isinstance(source, FolderSource) and role in _FOLDERS:
        _FOLDERS[role](Path(source.folder))
    elif isinstance(source, CheckpointSource):
        _FILES[role](source)


def _check_painter(source: CheckpointSource) -> None:
    if source.config is not None and source.config in LDM_ARCHITECTURES:
        check_ldm_file(Path(source.file), source.config)
    else:
        _check_guided(source)


def _check_guided(source: CheckpointSource) -> None:
    path, config = Path(source.file), guided_config(source)
    found = read_shapes(path)
    if found is not None and (faults := shape_misfits(guided_shapes(config), found)):
        raise misfit_error(path, described(config), faults, remedy(found))


def _check_readable(source: CheckpointSource) -> None:
    # What tensors there are to be is known once it is loaded only.
    read_shapes(Path(source.file))


def _check_lora(source: CheckpointSource) -> None:
    path = Path(source.file)
    found = read_shapes(path)
    if found is not None:
        check_lora_names(found, path)


def _check_secondary(source: CheckpointSource) -> None:
    _compare(
        Path(source.file),
        SECONDARY,
        architecture="secondary model (secondary_model_imagenet_2)",
        words="pull the model again, or guide without a secondary model",
    )


def _check_raft(source: CheckpointSource) -> None:
    path = Path(source.file)
    found = read_shapes(path)
    name = raft_of(found or ())
    _compare(path, RAFT[name], architecture=f"{name} of torchvision", words=OTHER_FLOW)


def _check_unet(folder: Path) -> None:
    if is_glide(folder):
        return check_glide(folder)
    if is_pipeline(folder):
        check_pipeline(folder)
        return
    check_not_alone(folder)
    config = read_unet_config(folder)
    check_ports(config, read_unet_extras(folder), unet_config_file(folder))
    read_config(part_of(folder, "scheduler", SCHEDULER), SchedulerFile)
    _compare(unet_weights_file(folder), unet_outline(config), architecture=_of("UNet2DModel"))


def _check_clip(folder: Path) -> None:
    config = read_clip_config(folder)
    clip_folder_reader(folder, config)
    _compare(folder / CLIP_WEIGHTS, clip_outline(config), architecture=_of("CLIP"))


def _check_depth(folder: Path) -> None:
    # What its settings mean only timm knows, which stands on torch.
    read_config(folder / DEPTH_CONFIG, ForeignConfig)
    read_shapes(folder / DEPTH_WEIGHTS)


_FOLDERS: Mapping[Role, Callable[[Path], None]] = MappingProxyType(
    {
        Role.DENOISER: _check_unet,
        Role.ENCODER: _check_clip,
        Role.DEPTH: _check_depth,
        Role.REFINER: check_refiner,
        Role.AUTOENCODER: lambda folder: check_part(folder, "", "AutoencoderTiny"),
        Role.IP_ADAPTER: check_adapter,
        Role.CONTROLNET: lambda folder: check_part(folder, "", "ControlNetModel"),
    }
)

_FILES: Mapping[Role, Callable[[CheckpointSource], None]] = MappingProxyType(
    {
        Role.DENOISER: _check_painter,
        Role.SECONDARY: _check_secondary,
        Role.DEPTH: _check_readable,
        Role.FLOW: _check_raft,
        Role.LORA: _check_lora,
        Role.EMBEDDING: _check_readable,
    }
)


def _of(name: str) -> str:
    return f"{name} that the model's configuration describes"


def _compare(path: Path, outline: Shapes, *, architecture: str, words: str = RESTORE) -> None:
    found = read_shapes(path)
    if found is not None and (faults := shape_misfits(outline, found, others_allowed=True)):
        raise misfit_error(path, architecture, faults, words)
