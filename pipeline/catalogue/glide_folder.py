"""A folder of GLIDE's published files, and what a scene has to know of it. Imports no torch."""

from __future__ import annotations

from dataclasses import dataclass
from math import lcm
from pathlib import Path

from pipeline.catalogue.glide_config import (
    BASE,
    UPSAMPLED,
    UPSAMPLER,
    GlideConfig,
    glide_config,
)
from pipeline.catalogue.glide_shapes import check_glide_shapes
from pipeline.catalogue.glide_tokenizer import load_glide_tokenizer
from pipeline.catalogue.guided_config import GROUPS
from pipeline.catalogue.pipelines import Family, PipelineFacts
from pipeline.catalogue.prompt_reader import PromptReader
from pipeline.catalogue.weightless import without_weights
from pipeline.errors import ModelError

BASE_FILE, UPSAMPLER_FILE = "base.pt", "upsample.pt"
"""Names of the files of weights, as they are published."""


@dataclass(frozen=True, slots=True)
class GlideFolder:
    """What a folder holds."""

    base: Path
    """Weights of the network that is sampled."""
    base_config: GlideConfig
    upsampler: Path | None
    """Weights of the network that enlarges pictures; None where there are none."""
    upsampler_config: GlideConfig


def is_glide(folder: Path) -> bool:
    """Whether `folder` holds GLIDE's base network, as far as the names of its files tell."""
    return (folder / BASE_FILE).is_file()


def glide_folder(folder: Path) -> GlideFolder:
    """The files in `folder`, which are not opened but for configurations.

    Raises:
        ModelError: the base network is missing, or a configuration does not fit its place.
    """
    base, upsampler = folder / BASE_FILE, folder / UPSAMPLER_FILE
    if not base.is_file():
        raise ModelError(f"{base}: no weights file here; is the model's folder whole?")
    files = GlideFolder(
        base,
        glide_config(base, BASE),
        upsampler if upsampler.is_file() else None,
        glide_config(upsampler, UPSAMPLER),
    )
    _check_configs(files)
    return files


def _check_configs(files: GlideFolder) -> None:
    path = files.base.with_suffix(".json")
    if files.base_config.super_res:
        raise ModelError(
            f"{path}: super_res: found true, and {files.base.name} is no upsampler; "
            f"an upsampler is {UPSAMPLER_FILE} beside it, with a configuration of its own"
        )
    tokens = files.base_config.text_ctx, files.upsampler_config.text_ctx
    if files.upsampler is not None and len(set(tokens)) > 1:
        raise ModelError(
            f"{files.base.parent}: the base network reads {tokens[0]} tokens of a prompt "
            f"(text_ctx), and the upsampler {tokens[1]}; use two that read as many"
        )


def glide_facts(folder: Path) -> PipelineFacts:
    """What a scene has to know of the network in `folder`; with an upsampler, of what that makes.

    Raises:
        ModelError: the base network is missing, or a configuration does not fit.
    """
    files = glide_folder(folder)
    base = files.base_config
    multiple = base.size_multiple
    # Where a group of the normalisation is one channel, a single place less its mean is always 0.
    places = 2 if min(base.widths[-2:]) <= GROUPS else 1
    if files.upsampler is not None:
        multiple = lcm(UPSAMPLED * multiple, files.upsampler_config.size_multiple)
    return PipelineFacts(
        family=Family.GLIDE,
        factor=1,
        size_multiple=multiple,
        advised_multiple=multiple,
        least_area=places * multiple**2,
        timesteps=base.diffusion_steps,
    )


def glide_reader(folder: Path) -> PromptReader:
    """How the network reads prompts.

    Raises:
        ModelError: the list of byte pairs is missing or is another one, or a configuration is not
            allowed.
    """
    room = glide_folder(folder).base_config.text_ctx
    reader = PromptReader("of GLIDE", load_glide_tokenizer(folder, room), room)
    return without_weights(reader)


def check_glide(folder: Path) -> None:
    """Look at the files in `folder` before they are loaded.

    Raises:
        ModelError: one is missing, damaged, or does not fit.
    """
    files = glide_folder(folder)
    check_glide_shapes(files.base, files.base_config)
    if files.upsampler is not None:
        check_glide_shapes(files.upsampler, files.upsampler_config)
    glide_reader(folder)
