"""The shapes of the weights of a GLIDE network, and what is said of others in its place.

Under the names of the published checkpoints, from the configuration alone. Imports no torch.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipeline.catalogue.glide_config import BASE, UPSAMPLER, VOCAB_SIZE, GlideConfig
from pipeline.catalogue.guided_shapes import guided_shapes
from pipeline.catalogue.weight_shapes import (
    Shape,
    Shapes,
    misfit_error,
    read_shapes,
    shape_misfits,
)

Named = Iterator[tuple[str, Shape]]

_FIRST = "input_blocks.0.0.weight"
_PLACES: dict[int, str] = {
    3: "these are weights of a base network; its place is base.pt",
    6: "these are weights of an upsampler; its place is upsample.pt",
    7: "these are weights for inpainting; fetch base.pt in place of base_inpaint.pt",
    10: "these are weights for inpainting; fetch upsample.pt in place of upsample_inpaint.pt",
}
"""What a checkpoint is, by the channels that its U-Net is given."""


def text_shapes(config: GlideConfig) -> dict[str, Shape]:
    """The shapes of the text's part: transformer, embeddings, and what the U-Net's time gets."""
    return dict(_text(config))


def glide_shapes(config: GlideConfig) -> dict[str, Shape]:
    """The shape of every tensor of the checkpoint."""
    unet = guided_shapes(config, channels=config.channels, context=config.xf_width)
    return {**unet, **text_shapes(config)}


def check_glide_shapes(path: Path, config: GlideConfig, found: Shapes | None = None) -> None:
    """Refuse weights that are not those of `config`; `found` are their shapes, or read from `path`.

    Raises:
        ModelError: they do not fit, or the file is missing or damaged.
    """
    shapes = read_shapes(path) if found is None else found
    if shapes is not None and (faults := shape_misfits(glide_shapes(config), shapes)):
        raise misfit_error(path, described(config), faults, _remedy(config, shapes))


def described(config: GlideConfig) -> str:
    """The network in words, with the flags that are not those of the published one."""
    published = UPSAMPLER if config.super_res else BASE
    usual = published.model_dump()
    changed = {key: value for key, value in config.model_dump().items() if value != usual[key]}
    listed = ", ".join(f"{key} {value}" for key, value in changed.items())
    name = "GLIDE upsampler" if config.super_res else "GLIDE base network"
    return f"{name} of its configuration ({listed})" if changed else f"published {name}"


def _remedy(config: GlideConfig, found: Shapes) -> str:
    _, channels, *_ = (*found.get(_FIRST, ()), 0, 0)
    if channels != config.channels and channels in _PLACES:
        return _PLACES[channels]
    return (
        "use the published file, or write the flags of the training that differ from its "
        "beside the weights, as JSON in a file of the same name"
    )


def _text(config: GlideConfig) -> Named:
    width, embedding = config.xf_width, 4 * config.num_channels
    for layer in range(config.xf_layers):
        yield from _block(f"transformer.resblocks.{layer}", width)
    if config.xf_final_ln:
        yield from _vector("final_ln", width)
    yield "token_embedding.weight", (VOCAB_SIZE, width)
    yield "positional_embedding", (config.text_ctx, width)
    if config.xf_padding:
        yield "padding_embedding", (config.text_ctx, width)
    yield from _linear("transformer_proj", width, embedding)


def _block(name: str, width: int) -> Named:
    yield from _linear(f"{name}.attn.c_qkv", width, 3 * width)
    yield from _linear(f"{name}.attn.c_proj", width, width)
    yield from _vector(f"{name}.ln_1", width)
    yield from _linear(f"{name}.mlp.c_fc", width, 4 * width)
    yield from _linear(f"{name}.mlp.c_proj", 4 * width, width)
    yield from _vector(f"{name}.ln_2", width)


def _linear(name: str, inputs: int, outputs: int) -> Named:
    yield f"{name}.weight", (outputs, inputs)
    yield f"{name}.bias", (outputs,)


def _vector(name: str, width: int) -> Named:
    yield f"{name}.weight", (width,)
    yield f"{name}.bias", (width,)
