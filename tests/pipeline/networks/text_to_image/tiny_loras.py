"""Low-rank adapters of random numbers for tiny networks, in the layouts that go round."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor, nn

OF_UNET = ("attn1.to_q", "attn2.to_k", "attn2.to_v", "attn1.to_out.0", "ff.net.0.proj")
OF_TEXTS = ("q_proj", "v_proj", "out_proj", "fc1")

Halves = Mapping[str, tuple[Tensor, Tensor]]
"""The two factors of each layer, `(r, I)` and `(O, r)`, by the layers' names."""


def halves(network: nn.Module, targets: tuple[str, ...], *, rank: int = 2, seed: int = 1) -> Halves:
    """Changes of all layers whose names end as `targets` do, about as large as the layers."""
    generator = torch.Generator().manual_seed(seed)
    made = {}
    for name, module in network.named_modules():
        if name.endswith(targets):
            weight: Any = module.weight
            out, inside = weight.shape
            down = torch.randn(rank, inside, generator=generator) / rank
            made[name] = (down, torch.randn(out, rank, generator=generator) / 4)
    return made


def save_peft(
    path: Path, parts: Mapping[str, Halves], *, told: Mapping[str, object] | None = None
) -> Path:
    """As diffusers saves it today, with what it may tell beside the weights."""
    state = {}
    for part, layers in parts.items():
        for name, (down, up) in layers.items():
            state[f"{part}.{name}.lora_A.weight"] = down
            state[f"{part}.{name}.lora_B.weight"] = up
    metadata = None if told is None else {"lora_adapter_metadata": json.dumps(told)}
    return _saved(path, state, metadata)


def save_early(path: Path, parts: Mapping[str, Halves]) -> Path:
    """As diffusers once saved it."""
    state = {}
    for part, layers in parts.items():
        word = "lora" if part == "unet" else "lora_linear_layer"
        for name, (down, up) in layers.items():
            state[f"{part}.{name}.{word}.down.weight"] = down
            state[f"{part}.{name}.{word}.up.weight"] = up
    return _saved(path, state)


def save_kohya(path: Path, parts: Mapping[str, Halves], *, alpha: float = 1.0) -> Path:
    """As kohya's scripts save it; `parts` are named `unet`, `te`, or `te1` and `te2`."""
    state = {}
    for part, layers in parts.items():
        for name, (down, up) in layers.items():
            outer = "" if part == "unet" or name.startswith("text_model.") else "text_model_"
            layer = f"lora_{part}_{outer}{name.replace('.', '_')}"
            state[f"{layer}.lora_down.weight"] = down
            state[f"{layer}.lora_up.weight"] = up
            state[f"{layer}.alpha"] = torch.tensor(alpha)
    return _saved(path, state)


def _saved(path: Path, state: dict[str, Tensor], metadata: dict[str, str] | None = None) -> Path:
    save_file({name: value.contiguous() for name, value in state.items()}, path, metadata)
    return path
