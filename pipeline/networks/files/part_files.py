"""One part of a diffusers folder, such as its U-Net or a text encoder, as a network."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Set
from inspect import signature
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from pipeline.catalogue.config import ForeignConfig, read_config
from pipeline.catalogue.part_files import PartFiles, check_class, part_files
from pipeline.catalogue.weight_names import attention_today
from pipeline.networks.files.checkpoint import read_checkpoint
from pipeline.networks.files.weights import built, load_state, read_weights


def load_part(
    folder: Path,
    part: str,
    build_class: Any,
    device: torch.device,
    dtype: torch.dtype = torch.float32,
    *,
    also: Collection[str] = (),
    besides: Collection[str] = (),
) -> Any:
    """The network of `part` in a diffusers folder, an instance of `build_class`, frozen.

    `build_class` is a model class of diffusers or of transformers; `also` are other names of
    classes of diffusers that it stands for. `besides` are names of weights that published files
    may hold and the class has no use for. The weights are on `device` and in `dtype`, but for what
    the class wants in float32 beside float16.

    Raises:
        ModelError: a file is missing or damaged, or configuration and weights do not fit.
    """
    files = part_files(folder, part)
    settings = read_config(files.config, ForeignConfig).model_dump()
    check_class(files.config, settings, (build_class.__name__, *also))
    network = built(lambda: _made(build_class, settings, dtype), files.config)
    state = {name: value for name, value in _read(files).items() if name not in besides}
    load_state(network, fitted(state, network), files.weights, device)
    tie: Any = getattr(network, "tie_weights", None)
    if tie is not None:
        tie()
    return network


def _made(build_class: Any, settings: Mapping[str, Any], dtype: torch.dtype) -> nn.Module:
    kind = getattr(build_class, "config_class", None)
    network: nn.Module
    if kind is None:
        network = build_class.from_config(_known(settings, build_class))
    else:
        network = build_class(kind.from_dict(dict(settings)))
    return in_dtype(network, dtype)


def _known(settings: Mapping[str, Any], build_class: Any) -> dict[str, Any]:
    """The settings that a class of diffusers has a use for; it would print the others."""
    # Its decorator keeps the constructor that names them; classes of our own have none.
    constructor = getattr(build_class.__init__, "__wrapped__", None)
    if constructor is None:
        return dict(settings)
    taken = signature(constructor).parameters
    return {name: one for name, one in settings.items() if name in taken or name.startswith("_")}


def in_dtype(network: nn.Module, dtype: torch.dtype) -> nn.Module:
    """`network` in `dtype`; what its class keeps in float32 beside float16 stays there."""
    # Not diffusers' `to`, which warns of modules to keep in float32 even where there are none.
    nn.Module.to(network, dtype)
    kept = getattr(network, "_keep_in_fp32_modules", None) or ()
    if dtype == torch.float16:
        for name, module in network.named_modules():
            if name.rpartition(".")[2] in kept:
                module.float()
    return network


def _read(files: PartFiles) -> dict[str, Tensor]:
    state: dict[str, Tensor] = {}
    for path in files.shards:
        reader = read_weights if path.suffix.lower() == ".safetensors" else read_checkpoint
        state |= reader(path)
    return state


_OUTER = ("text_model.", "vision_model.")
"""What transformers puts before the names of an encoder's weights in some of its releases."""

_POSITIONS = ".position_ids"
"""Ends the names of counted positions, which early files held beside the weights."""


def fitted(state: dict[str, Tensor], network: nn.Module) -> dict[str, Tensor]:
    """`state` under the names that this release of diffusers or transformers gives to `network`.

    Earlier names of attention layers and the outermost name of an encoder are brought up to date,
    counted positions and what the class passes over are left out, and a weight that stands in
    several places is put into each of them.
    """
    expected = network.state_dict().keys()
    named = {_today(name, expected): value for name, value in state.items()}
    ignored = getattr(network, "_keys_to_ignore_on_load_unexpected", None) or ()
    kept = {
        name: value
        for name, value in named.items()
        if name in expected or not _passed_over(name, ignored)
    }
    for name, source in _tied(network).items():
        if name in expected and name not in kept and source in kept:
            kept[name] = kept[source]
    return kept


def _today(name: str, expected: Set[str]) -> str:
    candidates = (
        name,
        attention_today(name),
        *(name.removeprefix(outer) for outer in _OUTER),
        *(outer + name for outer in _OUTER),
    )
    return next((one for one in candidates if one in expected), name)


def _passed_over(name: str, ignored: Iterable[str]) -> bool:
    return name.endswith(_POSITIONS) or any(re.search(pattern, name) for pattern in ignored)


def _tied(network: nn.Module) -> Mapping[str, str]:
    """The names of weights that are others of the same network, with those of the others."""
    tied = getattr(network, "_tied_weights_keys", None) or {}
    # Before its fifth release transformers named the copies alone.
    return tied if isinstance(tied, Mapping) else dict.fromkeys(tied, "shared.weight")
