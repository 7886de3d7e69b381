"""Files of low-rank adapters (LoRAs), in the layouts that go round, as layers of a network.

    lora_unet_<layer>.lora_down.weight, .lora_up.weight, .alpha     kohya's scripts
    unet.<layer>.lora.down.weight, .lora.up.weight                  diffusers, early
    unet.<layer>.lora_A.weight, .lora_B.weight                      diffusers, and peft

diffusers itself brings the names of all of them to those of its networks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from diffusers.loaders import FluxLoraLoaderMixin, StableDiffusionLoraLoaderMixin
from diffusers.utils.state_dict_utils import (
    convert_state_dict_to_diffusers,
    convert_state_dict_to_peft,
    convert_unet_state_dict_to_peft,
)
from torch import Tensor, nn

from pipeline.catalogue.lora_files import Alphas, check_lora_names, declared_alphas, plain_lora_name
from pipeline.errors import ModelError
from pipeline.networks.files.checkpoint import read_checkpoint
from pipeline.networks.files.weights import check_finite

Layers = Mapping[str, "LowRank"]
"""Changes of a network's layers by the names of these."""

Convert = Callable[[dict[str, Any]], dict[str, Any]]
"""Names of diffusers' layouts to those of peft."""


States = Callable[[dict[str, Any]], tuple[dict[str, Any], Mapping[str, Any] | None]]
"""What a file holds to the names of diffusers' networks, and the scales of kohya's layers."""


@dataclass(frozen=True, slots=True, eq=False)
class LowRank:
    """What is added to one layer, `up @ down`, with the adapter's own scale in it."""

    down: Tensor
    """`(r, I)` for a linear layer, `(r, I, k, k)` for a convolution."""
    up: Tensor
    """`(O, r)`, or `(O, r, 1, 1)`."""


def read_lora(path: Path, unet_config: Any) -> dict[str, Layers]:
    """The layers of a LoRA by the part that they change: `unet`, `text_encoder`, `text_encoder_2`.

    `unet_config` is that of the denoiser, by which the names of SDXL's first code are told.

    Raises:
        ModelError: the file is missing or damaged, or holds no LoRA.
    """
    return _read(
        path,
        partial(StableDiffusionLoraLoaderMixin.lora_state_dict, unet_config=unet_config),
        _CONVERT,
    )


def read_flux_lora(path: Path) -> dict[str, Layers]:
    """The layers of a LoRA for the transformer of Flux, as diffusers, kohya or XLabs write them.

    Raises what `read_lora` raises.
    """
    read = partial(FluxLoraLoaderMixin.lora_state_dict, return_alphas=True)
    return _read(path, read, _OF_TRANSFORMER)


def read_transformer_lora(path: Path) -> dict[str, Layers]:
    """The layers of a LoRA for a transformer, as diffusers writes them.

    Raises what `read_lora` raises.
    """
    return _read(path, lambda stored: (stored, {}), _OF_TRANSFORMER)


def _read(path: Path, names: States, parts: Mapping[str, Convert]) -> dict[str, Layers]:
    backbone, *_ = parts
    content = read_checkpoint(path)
    stored = {plain_lora_name(name, backbone): value for name, value in content.items()}
    check_lora_names(stored, path)
    check_finite(stored, path)
    declared = declared_alphas(path)
    try:
        state, alphas = names(stored)
        _check_parts(state, parts)
        converted = {
            part: _layers(_named(part, state, convert), _alphas(part, alphas, convert), declared)
            for part, convert in parts.items()
        }
    except (ValueError, KeyError) as error:
        raise ModelError(
            f"{path}: its layers are named in no way that is known of LoRAs for this denoiser "
            f"({_short(error)}); convert it with the scripts that made it, or use another"
        ) from error
    return {part: layers for part, layers in converted.items() if layers}


def _check_parts(state: Mapping[str, Any], parts: Mapping[str, Convert]) -> None:
    others = sorted({name.partition(".")[0] for name in state} - parts.keys())
    if others:
        raise ValueError(f"it changes {', '.join(others)}, and only {', '.join(parts)} can be")


def _text_names(state: dict[str, Any]) -> dict[str, Any]:
    renamed: dict[str, Any] = convert_state_dict_to_peft(convert_state_dict_to_diffusers(state))
    return renamed


_CONVERT: Mapping[str, Convert] = {
    "unet": convert_unet_state_dict_to_peft,
    "text_encoder": _text_names,
    "text_encoder_2": _text_names,
}

_OF_TRANSFORMER: Mapping[str, Convert] = {"transformer": convert_unet_state_dict_to_peft}

_DOWN, _UP = ".lora_A.weight", ".lora_B.weight"
_ALPHA = ".alpha"


def _named(part: str, state: Mapping[str, Any], convert: Convert) -> dict[str, Any]:
    own = _below(part, state)
    return {f"{part}.{name}": value for name, value in convert(own).items()} if own else {}


def _alphas(part: str, alphas: Mapping[str, Any] | None, convert: Convert) -> dict[str, float]:
    """The scales of layers, in kohya's files, by the names of the layers in peft's."""
    own = {_down_name(name): value for name, value in _below(part, alphas or {}).items()}
    named = convert(own) if own else {}
    return {f"{part}.{name.removesuffix(_DOWN)}": float(one) for name, one in named.items()}


def _layers(named: Mapping[str, Any], alphas: Mapping[str, float], declared: Alphas) -> Layers:
    downs = [name.removesuffix(_DOWN) for name in named if name.endswith(_DOWN)]
    others = named.keys() - {f"{name}{half}" for name in downs for half in (_DOWN, _UP)}
    if others:
        raise ValueError(", ".join(sorted(others)[:3]))
    layers = {}
    for name in downs:
        down, up = named[name + _DOWN], named[name + _UP]
        scale = alphas.get(name, declared(name))
        _, _, inner = name.partition(".")
        layers[inner] = LowRank(down, up if scale is None else up * (scale / len(down)))
    return layers


def _down_name(alpha: str) -> str:
    """The name of the first half of the layer that an alpha is of."""
    name = alpha.removesuffix(_ALPHA)
    return name if name.endswith(".down.weight") else f"{name}.lora.down.weight"


def _below(part: str, state: Mapping[str, Any]) -> dict[str, Any]:
    prefix = f"{part}."
    return {
        name.removeprefix(prefix): value for name, value in state.items() if name.startswith(prefix)
    }


def _short(error: Exception) -> str:
    words = re.sub(r"\s+", " ", str(error))
    return words if len(words) < 200 else f"{words[:200]} ..."


def fitting(layers: Layers, network: nn.Module, path: Path, kind: str) -> Layers:
    """The layers of a LoRA by the names that they have in `network`, in words a `kind`.

    Raises:
        ModelError: a layer is not there, or has another shape.
    """
    modules = dict(network.named_modules())
    named = {_today(name, modules.keys()): layer for name, layer in layers.items()}
    faults = list(_misfits(named, modules))
    if faults:
        raise ModelError(
            f"{path}: this LoRA does not fit the {kind} of this denoiser: {faults[0]}; so it is "
            f"with {len(faults)} of its {len(layers)} layers; "
            "use one that was made for this denoiser"
        )
    return named


_OUTER = "text_model."
"""What transformers puts before the names of an encoder's layers in some of its releases."""


def _today(name: str, modules: Set[str]) -> str:
    candidates = (name, name.removeprefix(_OUTER), f"{_OUTER}{name}")
    return next((one for one in candidates if one in modules), name)


def _misfits(layers: Layers, modules: Mapping[str, nn.Module]) -> Iterable[str]:
    for name, layer in layers.items():
        found: Any = modules.get(name)
        weight = getattr(found, "weight", None)
        if weight is None:
            yield f"it changes {name}, which is not there"
        elif not _fits(layer, tuple(weight.shape)):
            changed = (len(layer.up), *layer.down.shape[1:])
            yield f"it changes {name} of shape {changed}, which has {tuple(weight.shape)}"


def _fits(layer: LowRank, shape: tuple[int, ...]) -> bool:
    ranks = layer.down.shape[0], layer.up.shape[1]
    return ranks[0] == ranks[1] and (len(layer.up), *layer.down.shape[1:]) == shape
