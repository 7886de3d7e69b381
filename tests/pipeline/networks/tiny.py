"""Networks of a few thousand numbers, saved as the tools of their formats save them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from diffusers import DDIMScheduler, DDPMScheduler, UNet2DModel
from open_clip.model import CLIP
from safetensors.torch import save_file
from torch import nn

from pipeline.catalogue.word_tokenizer import WordTokenizer
from pipeline.networks.depth.folder import WEIGHTS, DepthNetwork

CPU = torch.device("cpu")

VISION = {"image_size": 32, "layers": 1, "width": 32, "patch_size": 16, "head_width": 16}
RESNET = {"image_size": 32, "layers": [1, 1, 1, 1], "width": 8}
WORDS = WordTokenizer(["castle", "dawn", "sea"], buckets=4, context_length=8)
TEXT = {"context_length": 8, "vocab_size": WORDS.vocab_size, "width": 32, "heads": 2, "layers": 1}
MEAN, STD = (0.5, 0.4, 0.3), (0.2, 0.25, 0.3)
# What diffusers has no word for: lapped patches of 2 px, and a prompt.
SCALE = [2.0, 1.0, 0.5, 0.25]
EXTRAS = {"lapped": {"block": 2, "scale": SCALE}, "prompt": {"scale": 16.0}}
DEPTH = {"backbone": "resnet10t", "levels": [0, 1, 2], "channels": 4, "near": 0.5, "far": 4.0}


def unet(channels: int = 3, **options: Any) -> UNet2DModel:
    """A U-Net of two levels on `channels` channels."""
    usual: dict[str, Any] = {
        "block_out_channels": (8, 16),
        "norm_num_groups": 4,
        "layers_per_block": 1,
        "down_block_types": ("DownBlock2D", "DownBlock2D"),
        "up_block_types": ("UpBlock2D", "UpBlock2D"),
    }
    return UNet2DModel(
        sample_size=16, in_channels=channels, out_channels=channels, **{**usual, **options}
    ).eval()


def save_denoiser(
    folder: Path,
    network: UNet2DModel,
    scheduler: DDIMScheduler | DDPMScheduler | None = None,
    extras: Mapping[str, object] | None = None,
) -> Path:
    """A diffusers folder, written by diffusers."""
    network.save_pretrained(folder / "unet")
    (scheduler or DDIMScheduler()).save_pretrained(folder / "scheduler")
    if extras is not None:
        write_json(folder / "discoreel.json", extras)
    return folder


def clip(vision: Mapping[str, Any] = VISION, text: Mapping[str, Any] = TEXT) -> CLIP:
    """A CLIP model with embeddings of 24 numbers."""
    return CLIP(embed_dim=24, vision_cfg=dict(vision), text_cfg=dict(text)).eval()


def save_clip(
    folder: Path,
    network: CLIP,
    vision: Mapping[str, Any] = VISION,
    text: Mapping[str, Any] = TEXT,
) -> Path:
    """An open_clip folder, without a vocabulary."""
    write_json(
        folder / "open_clip_config.json",
        {
            "model_cfg": {"embed_dim": 24, "vision_cfg": vision, "text_cfg": text},
            "preprocess_cfg": {"mean": MEAN, "std": STD},
        },
    )
    save_weights(folder / "open_clip_model.safetensors", network)
    return folder


def save_word_clip(folder: Path, network: CLIP | None = None) -> Path:
    """An open_clip folder with the vocabulary `WORDS`."""
    save_clip(folder, network or clip())
    WORDS.save(folder / "vocabulary.json")
    return folder


def depth_network() -> DepthNetwork:
    """The network that `DEPTH` describes, with a decoder that answers to its input."""
    torch.manual_seed(3)  # not every draw of so few channels lets anything through
    network = DepthNetwork("resnet10t", [0, 1, 2], 4)
    for parameter in (*network.fusions.parameters(), *network.head.parameters()):
        nn.init.normal_(parameter)
    return network.eval()


def save_depth(folder: Path, network: DepthNetwork | None = None) -> Path:
    """A folder of `pipeline.networks.depth.folder`."""
    write_json(folder / "config.json", DEPTH)
    save_weights(folder / WEIGHTS, network or depth_network())
    return folder


def save_weights(path: Path, network: nn.Module) -> None:
    """The state of `network`, as safetensors."""
    save_file({key: value.contiguous() for key, value in network.state_dict().items()}, path)


def write_json(path: Path, content: object) -> Path:
    """`content` in a file whose folder may not be there yet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def change_json(path: Path, *keys: str, **changes: object) -> Path:
    """The file with `changes` made in the section at `keys`; `...` takes a key away."""
    content = json.loads(path.read_text(encoding="utf-8"))
    section = content
    for key in keys:
        section = section[key]
    section.update(changes)
    for key in [key for key, value in changes.items() if value is ...]:
        del section[key]
    return write_json(path, content)
