"""The names that MiDaS checkpoints give the parameters of our networks.

A table of names is a sequence of pairs: the beginning of our name, and of the published one. The
first pair that fits is taken, and what follows the beginning is the same in both.
"""

from __future__ import annotations

from collections.abc import Iterator

Names = tuple[tuple[str, str], ...]


def published(name: str, names: Names) -> str:
    """The name in a checkpoint of our parameter `name`."""
    return next(theirs + name.removeprefix(ours) for ours, theirs in names if name.startswith(ours))


def _decoder() -> Iterator[tuple[str, str]]:
    for level in range(4):
        stage = f"scratch.refinenet{level + 1}."
        yield f"decoder.adapt.{level}.", f"scratch.layer{level + 1}_rn."
        yield f"decoder.fusions.{level}.lateral.", f"{stage}resConfUnit1."
        yield f"decoder.fusions.{level}.unit.", f"{stage}resConfUnit2."
        yield f"decoder.fusions.{level}.project.", f"{stage}out_conv."
    for position, ours in {0: "reduce", 2: "refine", 4: "predict"}.items():
        yield f"decoder.head.{ours}.", f"scratch.output_conv.{position}."


def _transformer(first: int) -> Iterator[tuple[str, str]]:
    """The names of a transformer whose first reassembled map is level `first`, counted from 1."""
    yield "backbone.transformer.", "pretrained.model."
    for index, level in enumerate(range(first, 5)):
        ours, theirs = f"backbone.reassemble.{index}.", f"pretrained.act_postprocess{level}."
        yield f"{ours}readout.", f"{theirs}0.project.0."
        yield f"{ours}project.", f"{theirs}3."
        yield f"{ours}resample.", f"{theirs}4."


_DECODER = tuple(_decoder())

DPT_LARGE: Names = (*_DECODER, *_transformer(first=1))
DPT_HYBRID: Names = (*_DECODER, *_transformer(first=3))

DPT_SWIN2: Names = (
    *_DECODER,
    # MiDaS was made with a timm whose stages end in the downsampling that now begins the next.
    ("backbone.stages.layers_1.downsample.", "pretrained.model.layers.0.downsample."),
    ("backbone.stages.layers_2.downsample.", "pretrained.model.layers.1.downsample."),
    ("backbone.stages.layers_3.downsample.", "pretrained.model.layers.2.downsample."),
    ("backbone.stages.layers_", "pretrained.model.layers."),
    ("backbone.stages.", "pretrained.model."),
)

MIDAS_V21: Names = (
    *_DECODER,
    ("backbone.conv1.", "pretrained.layer1.0."),
    ("backbone.bn1.", "pretrained.layer1.1."),
    ("backbone.layer1.", "pretrained.layer1.4."),
    ("backbone.layer", "pretrained.layer"),
)

MIDAS_V21_SMALL: Names = (
    *_DECODER,
    ("backbone.conv_stem.", "pretrained.layer1.0."),
    ("backbone.bn1.", "pretrained.layer1.1."),
    ("backbone.blocks.0.", "pretrained.layer1.3."),
    ("backbone.blocks.1.", "pretrained.layer1.4."),
    ("backbone.blocks.2.", "pretrained.layer2.0."),
    ("backbone.blocks.3.", "pretrained.layer3.0."),
    ("backbone.blocks.4.", "pretrained.layer3.1."),
    ("backbone.blocks.5.", "pretrained.layer4.0."),
    ("backbone.blocks.6.", "pretrained.layer4.1."),
)

_UNUSED = (
    # The classifiers of the transformers, which DPT cuts off.
    "pretrained.model.norm.",
    "pretrained.model.head.",
    # The coarsest level is fused with nothing.
    "scratch.refinenet4.resConfUnit1.",
)
"""Beginnings of published names that our networks have no use for."""

_COMPUTED = ("attn_mask", "num_batches_tracked")
"""Ends of names that are no weights: a mask that is made anew, and a counter of training."""


def is_used(name: str) -> bool:
    """Whether what has this name, published or ours, comes from a checkpoint into a network."""
    return not (name.startswith(_UNUSED) or name.endswith(_COMPUTED))
