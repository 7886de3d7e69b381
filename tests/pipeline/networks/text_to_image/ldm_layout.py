"""Networks of diffusers and transformers written as latent-diffusion names their weights."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from pipeline.catalogue.ldm_settings import LdmArchitecture, LdmText

State = dict[str, Tensor]

_RESNET = {
    "norm1": "in_layers.0",
    "conv1": "in_layers.2",
    "time_emb_proj": "emb_layers.1",
    "norm2": "out_layers.0",
    "conv2": "out_layers.3",
    "conv_shortcut": "skip_connection",
}
_OUTER = {
    "conv_in": "input_blocks.0.0",
    "time_embedding.linear_1": "time_embed.0",
    "time_embedding.linear_2": "time_embed.2",
    "add_embedding.linear_1": "label_emb.0.0",
    "add_embedding.linear_2": "label_emb.0.2",
    "conv_norm_out": "out.0",
    "conv_out": "out.2",
}
_VAE_ATTENTION = {
    "group_norm": "norm",
    "to_q": "q",
    "to_k": "k",
    "to_v": "v",
    "to_out.0": "proj_out",
}
_OPEN_CLIP = {
    "layer_norm1": "ln_1",
    "layer_norm2": "ln_2",
    "mlp.fc1": "mlp.c_fc",
    "mlp.fc2": "mlp.c_proj",
    "self_attn.out_proj": "attn.out_proj",
}


def ldm_state(
    architecture: LdmArchitecture, unet: nn.Module, vae: nn.Module, texts: list[nn.Module]
) -> State:
    """A whole file: U-Net, autoencoder and text encoders, with what published files have beside."""
    state = {f"model.diffusion_model.{name}": one for name, one in ldm_unet(unet).items()}
    state |= {f"first_stage_model.{name}": one for name, one in ldm_vae(vae).items()}
    for text, model in zip(architecture.texts, texts, strict=True):
        written = open_clip_text(model) if text.is_open_clip else clip_text(model)
        state |= {f"{text.prefix}{name}": one for name, one in written.items()}
    return {**state, "betas": torch.zeros(1000), "alphas_cumprod": torch.zeros(1000)}


def ldm_unet(unet: Any) -> State:
    """A U-Net's weights by latent-diffusion's names, without a prefix."""
    layers, blocks = int(unet.config.layers_per_block), len(unet.down_blocks)
    with_attention = [hasattr(block, "attentions") for block in unet.up_blocks]

    def renamed(name: str) -> str:
        for theirs, ours in _OUTER.items():
            if name.startswith(f"{theirs}."):
                return f"{ours}{name.removeprefix(theirs)}"
        if match := re.match(r"(down|up)_blocks\.(\d+)\.(resnets|attentions)\.(\d+)\.(.*)", name):
            side, block, kind, layer, rest = match.groups()
            per_block = layers + 1
            place = int(block) * per_block + int(layer) + (side == "down")
            where = f"{'input' if side == 'down' else 'output'}_blocks.{place}"
            return f"{where}.{_within(kind, rest)}"
        if match := re.match(r"down_blocks\.(\d+)\.downsamplers\.0\.conv\.(.*)", name):
            return f"input_blocks.{(int(match[1]) + 1) * (layers + 1)}.0.op.{match[2]}"
        if match := re.match(r"up_blocks\.(\d+)\.upsamplers\.0\.(.*)", name):
            block = int(match[1])
            place = block * (layers + 1) + layers
            return f"output_blocks.{place}.{1 + with_attention[block]}.{match[2]}"
        if match := re.match(r"mid_block\.(resnets|attentions)\.(\d+)\.(.*)", name):
            place = 1 if match[1] == "attentions" else 2 * int(match[2])
            inner = _within(match[1], match[3]).partition(".")[2]
            return f"middle_block.{place}.{inner}"
        raise AssertionError(f"{name} of {blocks} blocks has no place in the layout")

    return {renamed(name): one for name, one in unet.state_dict().items()}


def _within(kind: str, rest: str) -> str:
    """A layer's name within its stage: a residual block is the first module, attention next."""
    if kind == "attentions":
        return f"1.{rest}"
    layer, _, end = rest.rpartition(".")
    return f"0.{_RESNET[layer]}.{end}"


def ldm_vae(vae: Any) -> State:
    """An autoencoder's weights by latent-diffusion's names, without a prefix."""
    last = len(vae.config.block_out_channels) - 1

    def renamed(name: str) -> str:
        name = re.sub(r"down_blocks\.(\d+)\.resnets\.", r"down.\1.block.", name)
        name = re.sub(
            r"up_blocks\.(\d+)\.resnets\.", lambda m: f"up.{last - int(m[1])}.block.", name
        )
        name = re.sub(r"down_blocks\.(\d+)\.downsamplers\.0", r"down.\1.downsample", name)
        name = re.sub(
            r"up_blocks\.(\d+)\.upsamplers\.0", lambda m: f"up.{last - int(m[1])}.upsample", name
        )
        name = re.sub(r"mid_block\.resnets\.(\d)", lambda m: f"mid.block_{int(m[1]) + 1}", name)
        for theirs, ours in _VAE_ATTENTION.items():
            name = name.replace(f"mid_block.attentions.0.{theirs}.", f"mid.attn_1.{ours}.")
        return name.replace("conv_shortcut", "nin_shortcut").replace("conv_norm_out", "norm_out")

    def value(name: str, one: Tensor) -> Tensor:
        # Attention is of convolutions there.
        projects = "attentions" in name and name.endswith("weight") and one.ndim == 2
        return one[:, :, None, None] if projects else one

    return {renamed(name): value(name, one) for name, one in vae.state_dict().items()}


def clip_text(model: nn.Module) -> State:
    """A text encoder of transformers under the names of its early releases."""
    inner = _inner(model)
    positions = torch.arange(77)[None]
    return {
        **{f"text_model.{name}": one for name, one in inner.items()},
        "text_model.embeddings.position_ids": positions,
    }


def _inner(model: nn.Module) -> Mapping[str, Tensor]:
    return {name.removeprefix("text_model."): one for name, one in model.state_dict().items()}


def open_clip_text(model: Any) -> State:
    """A text encoder by open_clip's names, with a last projection even where it has none."""
    inner, width = _inner(model), int(model.config.hidden_size)
    like = inner["embeddings.token_embedding.weight"]
    projection = inner.get("text_projection.weight")
    state = {
        "positional_embedding": inner["embeddings.position_embedding.weight"],
        "token_embedding.weight": like,
        "ln_final.weight": inner["final_layer_norm.weight"],
        "ln_final.bias": inner["final_layer_norm.bias"],
        "text_projection": like.new_zeros(width, width) if projection is None else projection.T,
        "logit_scale": like.new_zeros(()),
    }
    for layer in range(int(model.config.num_hidden_layers)):
        ours, theirs = f"transformer.resblocks.{layer}", f"encoder.layers.{layer}"
        for end in ("weight", "bias"):
            parts = [inner[f"{theirs}.self_attn.{one}_proj.{end}"] for one in "qkv"]
            state[f"{ours}.attn.in_proj_{end}"] = torch.cat(parts)
            for name, written in _OPEN_CLIP.items():
                state[f"{ours}.{written}.{end}"] = inner[f"{theirs}.{name}.{end}"]
    return {name: one.contiguous() for name, one in state.items()}


def tiny_architecture(
    like: LdmArchitecture, unet: Any, vae: Any, texts: list[Any]
) -> LdmArchitecture:
    """The layout of `like` for networks of these sizes."""
    described = [
        LdmText(
            one.prefix,
            {**model.config.to_dict()},
            is_open_clip=one.is_open_clip,
            projects=one.projects,
            padding=one.padding,
        )
        for one, model in zip(like.texts, texts, strict=True)
    ]
    return LdmArchitecture(
        like.title, dict(unet.config), dict(vae.config), tuple(described), like.scheduler
    )
