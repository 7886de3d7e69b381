"""Recipes of trainings that take a moment, and their command lines."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

RECIPE = {"samples": 8, "batch": 4, "lr": 1e-3, "warmup": 4}
CLIP = {
    "model": {
        "embed_dim": 64,
        "vision_cfg": {"layers": [1, 1, 1, 1], "width": 8, "image_size": 32},
        "text_cfg": {"context_length": 64, "width": 32, "heads": 2, "layers": 1},
    },
    "buckets": 4,
    "filler": 0.5,
    "loss": {"contrastive": 0.6, "hard": 0.6, "pictures": 1.0, "texts": 1.0, "kept": 1.0},
    "unfinished": 0.5,
    "attribute_weights": {"subject": 2},
}
DENOISER = {
    "block": 4,
    "sample_size": [4, 8],
    "widths": [16, 64],
    "layers": 1,
    "prompt_scale": 16.0,
    "prompt_dropout": 0.3,
    "two_prompts": 0.5,
    "embedding_noise": 0.5,
    "margin": 8,
}
DEPTH = {
    "model": {"backbone": "resnet10t", "levels": [0, 1], "channels": 4},
    "planes": {"near": 0.8, "far": 2.6},
    "slope_weight": 2.0,
    "margins": [0, 8],
}
UPSCALER = {
    "model": {"width": 6, "blocks": 1},
    "crop": 8,
    "noise": [0, 0.2],
    "slope_weight": 1.0,
}
STEADY = {
    **{key: UPSCALER[key] for key in ("model", "slope_weight")},
    "side": 8,
    "motion": {"zoom": 0.02, "roll": 1.0, "shift": 1.0},
    "same_draft": 0.5,
    "steady_weight": 1.0,
}
PAINTS = {
    **STEADY,
    "discriminator": [4, 8],
    "weights": {"adversarial": 0.1, "perceptual": 0.5},
}
ROLLOUTS: dict[str, Any] = {
    **{
        key: DENOISER[key]
        for key in ("prompt_dropout", "two_prompts", "embedding_noise", "margin")
    },
    "share": 0.5,
    "timesteps": [300, 559],
    "habits": {
        "passes": 2, "start": 550, "steps": [1, 2], "cfg": 2.0, "hold": [0, 0.8],
        "still": 0.5, "zoom": 1.02, "roll": 2.0, "shift": 1.0,
    },
    "pool": {"rollouts": 2, "pictures": 2, "every": 1},
}  # fmt: skip
JUDGE = {"ruined": 0.1, "label_smoothing": 0.05}


def arguments(
    folder: Path, config: Mapping[str, Any], data: list[str], recipe: Mapping[str, Any] = RECIPE
) -> list[str]:
    file = folder / "recipe.yaml"
    file.write_text(yaml.safe_dump({**config, "recipe": dict(recipe)}))
    return ["--config", str(file), "--data", *data, "--out", str(folder / "out"), "--device", "cpu"]
