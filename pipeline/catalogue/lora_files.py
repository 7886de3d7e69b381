"""What a file of a low-rank adapter (LoRA) says of itself by the names of its tensors.

Imports no torch.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from keyframes.quoting import quoted
from pipeline.catalogue.config import ForeignConfig, read_config
from pipeline.errors import ModelError
from pipeline.files.json_text import read_json

Shapes = Mapping[str, Sequence[int]]

MADE_FOR: Mapping[int, str] = {
    768: "Stable Diffusion 1",
    1024: "Stable Diffusion 2",
    2048: "SDXL",
}
"""Networks by how many numbers of a token's embedding their cross-attention reads."""

_PEFT = "base_model.model."
_HALVES = re.compile(
    r"(?:lora_down|lora_up|lora_A|lora_B|_lora\.down|_lora\.up|\.lora\.(?:down|up))"
)
_OTHERS = {
    "hada_w": "a LoHa, which multiplies where a LoRA adds",
    "lokr_w": "a LoKr, which is made of Kronecker products",
    "dora_scale": "a DoRA, which also scales what it changes",
    "lora_magnitude_vector": "a DoRA, which also scales what it changes",
    "oft_": "an OFT, which turns weights where a LoRA adds",
}
"""Adapters of other kinds by words in the names of their tensors."""

_CROSS_KEY = re.compile(
    r"attn2[._](?:processor\.)?to_k(?:_lora)?\.(?:lora[._])?(?:down|A)(?:\.default)?\.weight$"
)
"""The first half of what is added to a key of cross-attention, `(r, width)`."""

_OTHER_FAMILIES = {
    "single_transformer_blocks": "FLUX.1",
    "double_blocks": "FLUX.1",
    "joint_blocks": "Stable Diffusion 3",
    "transformer_blocks": "a transformer such as Stable Diffusion 3 or PixArt",
}
"""Networks without a U-Net by words in the names of their layers."""


def plain_lora_name(name: str, part: str) -> str:
    """The name of a tensor in diffusers' layout, where peft wrote it for one `part` alone."""
    return f"{part}.{name.removeprefix(_PEFT)}" if name.startswith(_PEFT) else name


def check_lora_names(names: Iterable[str], path: Path) -> None:
    """Refuse a file that holds no LoRA, or an adapter of another kind.

    Raises:
        ModelError: as said.
    """
    names = list(names)
    for word, kind in _OTHERS.items():
        if any(word in name for name in names):
            raise ModelError(
                f"{path}: is {kind}; use a LoRA, or convert it to one with the scripts that made it"
            )
    if not any(_HALVES.search(name) for name in names):
        shown = quoted(", ".join(names[:3])) or "nothing"
        raise ModelError(
            f"{path}: holds no LoRA; found: {shown}; allowed: pairs of lora_down and lora_up as "
            "kohya's scripts write them, or of lora_A and lora_B as diffusers does"
        )


_BACKBONES = ("unet", "transformer")

Alphas = Callable[[str], float | None]
"""The scale of a layer by its name with that of its part before it; None where its rank is it."""


def declared_alphas(path: Path) -> Alphas:
    """The scales that stand beside the weights: in diffusers' header, or in peft's own settings.

    peft's lie in `adapter_config.json` in the file's folder.

    Raises:
        ModelError: scales are told in a way that is not known here, or cannot be read.
    """
    beside = path.with_name("adapter_config.json")
    if path.name == "adapter_model.safetensors" and beside.is_file():
        told = dict.fromkeys(_BACKBONES, read_config(beside, ForeignConfig).model_dump())
    else:
        told = _told_in_header(path)
    if any(one.get("use_rslora") or one.get("use_dora") for one in told.values()):
        raise ModelError(f"{path}: is rank-stabilised, or a DoRA; use a plain LoRA")

    def alpha(name: str) -> float | None:
        part, _, layer = name.partition(".")
        own = told.get(part, {})
        for pattern, value in (own.get("alpha_pattern") or {}).items():
            if re.fullmatch(rf"(.*\.)?({pattern})", layer):
                return float(value)
        declared = own.get("lora_alpha")
        return None if declared is None else float(declared)

    return alpha


def _told_in_header(path: Path) -> dict[str, dict[str, Any]]:
    """What diffusers wrote of each part of an adapter into a safetensors file."""
    if path.suffix.lower() != ".safetensors":
        return {}
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        header = read_json(file.read(length))
    written = header.get("__metadata__", {}).get("lora_adapter_metadata")
    told: dict[str, dict[str, Any]] = {}
    for name, value in (read_json(written.encode()) if written else {}).items():
        part, _, setting = name.partition(".")
        told.setdefault(part, {})[setting] = value
    return told


def lora_width(shapes: Shapes) -> int | None:
    """How many numbers of a token's embedding the U-Net reads that a LoRA was made for.

    None where it leaves the keys of cross-attention alone.
    """
    widths = {int(shape[1]) for name, shape in shapes.items() if _CROSS_KEY.search(name)}
    return widths.pop() if len(widths) == 1 else None


def made_for(shapes: Shapes) -> str:
    """In words what a LoRA was made for."""
    width = lora_width(shapes)
    if width is not None:
        return MADE_FOR.get(width, f"a network that reads embeddings of {width} numbers")
    for word, family in _OTHER_FAMILIES.items():
        if any(word in name and "attentions" not in name for name in shapes):
            return family
    return "another network"


def check_lora_width(shapes: Shapes, path: Path, width: int) -> None:
    """Refuse a LoRA for another network than one that reads embeddings of `width` numbers.

    Raises:
        ModelError: as said.
    """
    found = lora_width(shapes)
    if found is None and made_for(shapes) not in _OTHER_FAMILIES.values():
        return
    if found == width:
        return
    reads = "" if found is None else f": its cross-attention reads {found} numbers a token"
    this = MADE_FOR.get(width, "another network")
    raise ModelError(
        f"{path}: this LoRA was made for {made_for(shapes)}{reads}, and this denoiser is {this}, "
        f"whose cross-attention reads {width}; use one that was made for this denoiser"
    )


def check_of_transformer(shapes: Shapes, path: Path) -> None:
    """Refuse a LoRA for a U-Net, where the denoiser is a transformer.

    Raises:
        ModelError: as said.
    """
    if any("down_blocks" in name or "input_blocks" in name for name in shapes):
        raise ModelError(
            f"{path}: this LoRA was made for {made_for(shapes)}, and this denoiser is a "
            "transformer; use one that was made for this denoiser"
        )
