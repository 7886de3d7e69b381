"""The text encoders in diffusers folders, as transformers has them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from pipeline.errors import ModelError


def load_text_model(
    folder: Path, part: str, kind: Any, device: torch.device, dtype: torch.dtype
) -> Any:
    """The encoder in a part of a diffusers folder, of the class `kind`, frozen, on `device`.

    Raises:
        ModelError: a file is missing or damaged.
    """
    try:
        model = kind.from_pretrained(folder / part, local_files_only=True, dtype=dtype)
    except (OSError, ValueError) as error:
        raise ModelError(f"{folder / part}: no text encoder can be loaded ({error})") from error
    return model.to(device).eval().requires_grad_(False)
