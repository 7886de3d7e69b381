"""What the root of a diffusers folder of Stable Diffusion says. Imports no torch."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from pipeline.catalogue.config import ForeignConfig, read_config
from pipeline.catalogue.pipelines import MODEL_INDEX
from pipeline.errors import ModelError


class StableDiffusionIndex(ForeignConfig):
    """`model_index.json`; diffusers assumes what it leaves out."""

    is_refiner: bool = Field(default=False, alias="requires_aesthetics_score")
    zeros_for_empty: bool = Field(default=True, alias="force_zeros_for_empty_prompt")
    """Whether zeros stand for no prompt, as SDXL's base was trained."""


def read_index(folder: Path) -> StableDiffusionIndex:
    """What `model_index.json` in `folder` says; `ModelError` where it cannot be read."""
    return read_config(folder / MODEL_INDEX, StableDiffusionIndex)


def check_base(folder: Path) -> None:
    """Raise ModelError for a folder of SDXL's refiner, which is no denoiser of its own."""
    if read_index(folder).is_refiner:
        raise ModelError(
            f"{folder}: is SDXL's refiner, which only finishes what its base began; name the base "
            "as models.denoiser, and this folder as models.refiner"
        )


def check_refiner(folder: Path) -> None:
    """Raise ModelError for a folder that is none of SDXL's refiner."""
    if not read_index(folder).is_refiner:
        raise ModelError(
            f"{folder}: is no refiner: {MODEL_INDEX} says nothing of requires_aesthetics_score; "
            "name the folder of SDXL's refiner, or leave models.refiner out"
        )
