"""What makes a picture tower's input of a picture, from a folder of diffusers."""

from __future__ import annotations

from pathlib import Path

from transformers import CLIPImageProcessor

from pipeline.errors import ModelError


def load_processor(folder: Path) -> CLIPImageProcessor:
    """The scaling, the cut and the statistics of `preprocessor_config.json`.

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
