"""The tensors by which weights of other projects' architectures are told from others.

Only a few of a network's, which its configuration settles beyond doubt: weights that lack one of
them, or have one of another shape, are of another network. Those that have all are mostly the right
ones; a render compares every tensor. Imports no torch.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from pipeline.catalogue.clip_folder import ClipConfig
from pipeline.catalogue.unet_config import UNetConfig
from pipeline.catalogue.weight_shapes import Shape, Shapes

_PLAIN_BLOCKS = {"DownBlock2D", "AttnDownBlock2D"}
"""Blocks of diffusers' U-Net whose layers are known here."""
_PLAIN_VISION = {
    *("image_size", "layers", "width", "patch_size", "head_width", "mlp_ratio"),
    "timm_model_pretrained",
}
_PLAIN_TEXT = {"context_length", "vocab_size", "width", "heads", "layers", "mlp_ratio"}
_FREQUENCIES = 8

SECONDARY: Shapes = {
    "timestep_embed.weight": (_FREQUENCIES, 1),
    "net.0.0.weight": (64, 3 + 2 * _FREQUENCIES, 3, 3),
    "net.4.weight": (3, 64, 3, 3),
}
"""Outline of the secondary model."""


RAFT: Mapping[str, Shapes] = MappingProxyType(
    {
        "raft_large": {
            "feature_encoder.convnormrelu.0.weight": (64, 3, 7, 7),
            "update_block.flow_head.conv2.weight": (2, 256, 3, 3),
            "mask_predictor.conv.weight": (576, 256, 1, 1),
        },
        "raft_small": {
            "feature_encoder.convnormrelu.0.weight": (32, 3, 7, 7),
            "update_block.flow_head.conv2.weight": (2, 128, 3, 3),
        },
    }
)
"""Outlines of torchvision's networks for optical flow, by their names."""


OTHER_FLOW = "use a file of torchvision's RAFT, or write models: {flow: dis}"
"""The remedy for a file that is none of them."""


def raft_of(names: Iterable[str]) -> str:
    """Which network of `RAFT` weights of these names can be: only the large one predicts masks."""
    is_large = any(name.startswith("mask_predictor.") for name in names)
    return "raft_large" if is_large else "raft_small"


def unet_outline(config: UNetConfig) -> dict[str, Shape]:
    """Outline of a `UNet2DModel`: input and output, and the width of every layer downward."""
    written = config.model_dump()
    widths = written.get("block_out_channels", (224, 448, 672, 896))
    blocks = written.get("down_block_types", ("DownBlock2D", *["AttnDownBlock2D"] * 3))
    finest, *_ = widths
    shapes: dict[str, Shape] = {
        "conv_in.weight": (finest, config.in_channels, 3, 3),
        "conv_out.weight": (config.out_channels, finest, 3, 3),
    }
    if not set(blocks) <= _PLAIN_BLOCKS:
        return shapes
    for level, width in enumerate(widths):
        for layer in range(written.get("layers_per_block", 2)):
            shapes[f"down_blocks.{level}.resnets.{layer}.norm2.weight"] = (width,)
    kinds = {"default": 1, "scale_shift": 2}
    if factor := kinds.get(written.get("resnet_time_scale_shift", "default")):
        shapes["down_blocks.0.resnets.0.time_emb_proj.bias"] = (factor * finest,)
    return shapes


def clip_outline(config: ClipConfig) -> dict[str, Shape]:
    """Outline of an open_clip model: the tokens, and the first and last layer of each tower."""
    # A setting that is not written says nothing of the kind of its tower.
    model = config.model_cfg.model_dump(exclude_unset=True)
    vision, text = model["vision_cfg"], model["text_cfg"]
    shapes: dict[str, Shape] = {}
    if text.keys() - _NOTHING <= _PLAIN_TEXT:
        shapes |= dict(_text_tower(text))
    if vision.keys() <= _PLAIN_VISION:
        shapes |= dict(_vision_tower(vision, model["embed_dim"]))
    return shapes


_NOTHING = {"hf_model_name", "hf_tokenizer_name", "tokenizer_kwargs"}
"""Settings of a text tower that are None in every configuration that is read."""


def _text_tower(text: dict[str, Any]) -> Iterator[tuple[str, Shape]]:
    width = text.get("width", 512)
    yield "token_embedding.weight", (text["vocab_size"], width)
    yield "positional_embedding", (text["context_length"], width)
    yield f"transformer.resblocks.{text.get('layers', 12) - 1}.ln_1.weight", (width,)


def _vision_tower(vision: dict[str, Any], dimensions: int) -> Iterator[tuple[str, Shape]]:
    layers, width = vision.get("layers", 12), vision.get("width", 768)
    if isinstance(layers, list | tuple):
        yield "visual.conv1.weight", (width // 2, 3, 3, 3)
        yield "visual.attnpool.c_proj.weight", (dimensions, 32 * width)
    else:
        patch = vision.get("patch_size", 16)
        yield "visual.conv1.weight", (width, 3, patch, patch)
        yield "visual.proj", (width, dimensions)
        yield f"visual.transformer.resblocks.{layers - 1}.ln_1.weight", (width,)
