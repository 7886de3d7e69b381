"""Parts of a folder of diffusers, as networks and as what prepares pictures for them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from transformers import CLIPImageProcessor

from pipeline.errors import ModelError


def load_part(
    folder: Path, part: str, build_class: Any, device: torch.device, dtype: torch.dtype
) -> Any:
    """The network of `part` in a diffusers folder, frozen, on `device` and in `dtype`.

    Raises:
        ModelError: the part is missing, or cannot be read.
    """
    if not (folder / part / "config.json").is_file():
        raise ModelError(
            f"{folder / part / 'config.json'}: there is no such file; is the model's folder whole? "
            "fetch the model again"
        )
    network = build_class.from_pretrained(folder / part, local_files_only=True)
    return torch.nn.Module.to(network, device, dtype).eval().requires_grad_(False)


def load_processor(folder: Path) -> CLIPImageProcessor:
    """What makes a picture tower's input of a picture, by `preprocessor_config.json`.

    Raises:
        ModelError: the file is missing, or cannot be read.
    """
    try:
        return CLIPImageProcessor.from_pretrained(folder, local_files_only=True)
    except Exception as error:
        # What transformers raises over a file that is missing or damaged is its own to choose.
        raise ModelError(
            f"{folder / 'preprocessor_config.json'}: cannot be read ({type(error).__name__}); "
            "fetch the model again"
        ) from error
