"""Folders of pipelines with the configurations of their parts, and no weights."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.pipeline.networks.tiny import write_json

UNET = {
    "in_channels": 4,
    "block_out_channels": [320, 640, 1280, 1280],
    "down_block_types": ["CrossAttnDownBlock2D"] * 3 + ["DownBlock2D"],
}
VAE = {"latent_channels": 4, "block_out_channels": [128, 256, 512, 512]}
SCHEDULER = {"num_train_timesteps": 1000}


def save_pipeline(folder: Path, class_name: str, parts: Mapping[str, Any]) -> Path:
    """A folder of a pipeline of this class; each part has its configuration."""
    index = {name: ["diffusers", "Something"] for name in parts}
    write_json(folder / "model_index.json", {"_class_name": class_name, **index})
    for name, config in parts.items():
        file = "scheduler_config.json" if name.endswith("scheduler") else "config.json"
        write_json(folder / name / file, config)
    return folder


def save_stable_diffusion(folder: Path, **unet: object) -> Path:
    """The configurations of Stable Diffusion 1.5, with other settings of its U-Net."""
    parts = {"unet": {**UNET, **unet}, "vae": VAE, "scheduler": SCHEDULER}
    return save_pipeline(folder, "StableDiffusionPipeline", parts)
