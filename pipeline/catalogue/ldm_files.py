"""Single files of Stable Diffusion, known by the names and shapes of their tensors; no torch.

A file in the layout of latent-diffusion has the U-Net below `model.diffusion_model`, its running
average, if any, below `model_ema`, the autoencoder below `first_stage_model` and text encoders
below `cond_stage_model` or `conditioner`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from pipeline.catalogue.ldm_settings import LDM_ARCHITECTURES, UNET_PREFIX, VAE_PREFIX
from pipeline.catalogue.weight_names import Picked, pick
from pipeline.catalogue.weight_shapes import Shapes, read_all_shapes
from pipeline.errors import ModelError

_UNET = "model."
_FIRST = f"{UNET_PREFIX}input_blocks.0.0.weight"

_KINDS: Mapping[tuple[int, int], tuple[str, ...]] = MappingProxyType(
    {
        (320, 768): ("sd15",),
        (320, 1024): ("sd21", "sd21-base"),
        (320, 2048): ("sdxl",),
        (384, 1280): ("sdxl-refiner",),
    }
)
"""Architectures by the channels of the first layer and the width of the text embeddings."""

_OTHERS: Mapping[str, str] = MappingProxyType(
    {
        r"(^|[._])lora[._]|\.(hada|lokr)_": (
            "is a LoRA and no network of its own; name it below models.loras"
        ),
        r"^control_model\.|^input_hint_block\.|^controlnet_": (
            "is a ControlNet and no network of its own; name its folder below models.controls"
        ),
        r"^(string_to_param|emb_params|clip_[lg]$)": (
            "is a learned word (textual inversion); name it below models.embeddings"
        ),
        r"joint_blocks\.": (
            "is a Stable Diffusion 3; of that a diffusers folder is taken, and no single file"
        ),
        r"(double|single)_blocks\.": (
            "is a Flux; of that a diffusers folder is taken, and no single file"
        ),
        r"^(down|up|mid)_blocks?\.|^conv_in\.weight$": (
            "is the U-Net of a diffusers folder; name the folder in which unet, vae and "
            "text_encoder lie beside each other"
        ),
        r"^(first_stage_model\.|vae\.)?(encoder|decoder)\.(conv_in|mid|up|down|layers)[._]": (
            "is an autoencoder (VAE) alone; name a file that has the whole network"
        ),
        r"text_model\.|^transformer\.resblocks\.": (
            "is a text encoder alone; name a file that has the whole network"
        ),
    }
)
"""What other files are and what to do with them, by a pattern that a tensor's name has."""


def check_ldm_file(path: Path, architecture: str) -> None:
    """Look at a single file that is said to be of an architecture of `LDM_ARCHITECTURES`.

    Raises:
        ModelError: it is damaged, of another architecture, something else than a whole network, or
            lacks a part.
    """
    shapes = read_all_shapes(path)
    if shapes is not None:
        check_ldm_shapes(path, architecture, shapes)


def check_ldm_shapes(path: Path, architecture: str, shapes: Shapes) -> None:
    """`check_ldm_file` for the names and shapes that `path` has.

    Raises:
        ModelError: they are not those of the architecture.
    """
    found = ldm_kinds(path, shapes)
    wanted = LDM_ARCHITECTURES[architecture]
    if architecture not in found:
        names = " or ".join(found)
        title = LDM_ARCHITECTURES[found[0]].title
        raise ModelError(
            f"{path}: is a file of {title}, and config says {architecture} ({wanted.title}); "
            f"write config: {names}, or name another file"
        )
    prefixes = {VAE_PREFIX: "autoencoder", **{one.prefix: "text encoder" for one in wanted.texts}}
    for prefix, part in prefixes.items():
        if not any(name.startswith(prefix) for name in shapes):
            raise ModelError(
                f"{path}: has no {part}: no tensor's name begins with {prefix}; name a file that "
                f"has the whole of {wanted.title}"
            )


def ldm_kind(path: Path, shapes: Shapes) -> str:
    """The one architecture of `LDM_ARCHITECTURES` that a file can be of.

    Raises:
        ModelError: there are several, or what `ldm_kinds` raises.
    """
    first, *others = ldm_kinds(path, shapes)
    if not others:
        return first
    choice = " or ".join(f"{name} ({LDM_ARCHITECTURES[name].title})" for name in (first, *others))
    raise ModelError(
        f"{path}: nothing in the file says which of two models it is, as both have the same "
        f"layers; write config: {choice}"
    )


def is_ldm_file(path: Path) -> bool:
    """Whether a file has a U-Net of Stable Diffusion; False where only loading would tell.

    Raises:
        ModelError: it is damaged.
    """
    shapes = read_all_shapes(path)
    return shapes is not None and _FIRST in shapes


def ldm_kinds_of(path: Path) -> tuple[str, ...]:
    """The architectures of `LDM_ARCHITECTURES` that a single file can be of, at least one.

    Raises:
        ModelError: it is damaged, or of none of them.
    """
    shapes = read_all_shapes(path)
    return ldm_kinds(path, shapes or {})


def ldm_kinds(path: Path, shapes: Shapes) -> tuple[str, ...]:
    """The architectures of `LDM_ARCHITECTURES` that a file's U-Net can be of, at least one.

    Raises:
        ModelError: it has none, or one that nothing is known of; told with what it seems to be.
    """
    first = shapes.get(_FIRST)
    if first is None or len(first) != 4:
        raise ModelError(f"{path}: {_what_it_is(shapes)}")
    channels, inputs, *_ = first
    widths = [
        shape[1]
        for name, shape in shapes.items()
        if name.startswith(UNET_PREFIX) and name.endswith("attn2.to_k.weight") and len(shape) == 2
    ]
    if inputs != 4:
        raise ModelError(
            f"{path}: its U-Net takes {inputs} channels, 4 of latents and {inputs - 4} of a "
            "picture or a mask, as networks for inpainting and the like do; name a file that "
            "paints from words alone"
        )
    kinds = _KINDS.get((channels, max(widths, default=0)))
    if kinds is None:
        raise ModelError(
            f"{path}: has a U-Net of {channels} channels for text embeddings of "
            f"{max(widths, default=0)} numbers, which is none of "
            f"{', '.join(one.title for one in LDM_ARCHITECTURES.values())}; name another file"
        )
    return kinds


def _what_it_is(shapes: Shapes) -> str:
    for pattern, words in _OTHERS.items():
        if any(re.search(pattern, name) for name in shapes):
            return words
    return (
        "is no single file of Stable Diffusion: none of its tensors is below "
        f"{UNET_PREFIX.removesuffix('.')}; name another file"
    )


def picked_names(shapes: Shapes) -> Picked:
    """The names of all tensors in a single file, of which the U-Net's are its running average's.

    The average is taken where it is whole. Keys are the names without an average.
    """
    trained = {name: shape for name, shape in shapes.items() if name.startswith(("model", "ema."))}
    picked = pick(trained)
    others = {name: name for name in shapes.keys() - trained.keys()}
    unet = {f"{_UNET}{name.removeprefix(_UNET)}": stored for name, stored in picked.names.items()}
    return Picked({**unet, **others}, picked.note)
